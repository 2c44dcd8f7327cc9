// run.js - a run of the kernel that can be gone back in: the machine, its moments, and a second machine that repeats
// the run, and stops where a story is told
"use strict";

const SNAPSHOT_EVERY = 25000000; // instructions, and so long it takes at most to come to a place again
const MOST_SNAPSHOTS = 24;
const MOST_AHEAD = 2000; // slices that a story may lead beyond what the machine has executed

class Run {
    // parts: {v86, module, elf, facts, stack}, the last compiled from stack_module.cpp.
    static async create(parts) {
        const run = new Run();
        const describer = await StackDescriber.create(parts.stack);
        Object.assign(run, {facts: parts.facts, describer, layout: describer.layout(), code: new Code(parts.facts),
                            packer: new Packer(parts.facts.sources), told: new Map()});
        run.machine = await Machine.create(parts);
        run.kernel = new Kernel(run.machine, run.facts, run.layout, run.code);
        run.moments = new Moments(run.machine, run.kernel);
        run.snapshots = [run.machine.save()];
        run.parts = parts;
        return run;
    }

    // The second machine is made when it is first needed, which is a promise; all else is done at once.
    async prepare() {
        this.second = await Machine.create(this.parts);
        this.secondKernel = new Kernel(this.second, this.facts, this.layout, this.code);
    }

    // Runs a slice of the machine. Returns the idle msec that have passed in it.
    slice() {
        const booting = this.moments.all.length === 0;
        const idle = this.machine.slice();
        const last = this.snapshots[this.snapshots.length - 1];
        const booted = booting && this.moments.all.length > 0;
        if ((booted || this.machine.count - last.count > SNAPSHOT_EVERY) && !this.machine.end) {
            this.snapshots.push(this.machine.save());
            if (this.snapshots.length > MOST_SNAPSHOTS)
                this.snapshots.splice(1, 1);
        }
        return idle;
    }

    // ---- going back ----

    // Sets the machine back to before this slice; what was typed from there on is forgotten.
    back(slice) {
        const {machine} = this;
        machine.inputs = machine.inputs.filter((input) => input.slice < slice);
        const from = this.snapshots.filter((saved) => saved.slices <= slice).pop();
        this.snapshots = this.snapshots.filter((saved) => saved.slices <= slice);
        const moments = this.moments.all.length;
        this.moments.cut(from.slices);
        machine.restore(from, machine.console);
        while (machine.slices < slice && !machine.end) {
            machine.repeat(machine.inputs);
            machine.slice();
        }
        this.told.clear();
        this.moments.lastTick = machine.now();
        return moments - this.moments.all.length;
    }

    // The slice to go back to, for the last moment to be one that has not happened; 0 if there is none.
    sliceOfLastEvent() {
        const event = this.moments.all.slice().reverse().find((moment) => moment.what !== "tick");
        return event ? event.slice : 0;
    }

    // ---- stories ----

    // The story so far. stopped: whether it is also told where the machine stands.
    story(stopped) {
        if (!stopped || this.machine.end)
            return storyOf(this, null);
        if (this.snapshots[this.snapshots.length - 1].slices < this.machine.slices) {
            this.snapshots = this.snapshots.filter((saved) => !saved.stop);
            this.snapshots.push({...this.machine.save(), stop: true});
        }
        return storyOf(this, this.machine.count);
    }

    // The story of these moments as it was told before, or one without steps.
    known(told) {
        const key = `${told.kind} ${told.lane} ${told.begin} ${told.stopped}`;
        if (!this.told.has(key))
            this.told.set(key, {...told, pid: this.moments.processes[told.lane].pid, chapters: [], steps: null});
        return this.told.get(key);
    }

    // Repeats the run in the second machine and tells the story. What cannot be told to its end is told as far as it
    // goes.
    tell(story) {
        if (story.steps && (story.end <= story.seen || story.seen === this.machine.count))
            return;
        const film = new Film(story.pid, this.secondKernel, this.moments, this.describer);
        let trouble = null;
        try {
            this.lead(story.tell(film, this.moments, story.index, story.stopped), story.begin);
        } catch (error) {
            trouble = error;
        }
        if (trouble && story.kind === "here" && story.index >= 0)
            return this.tell(Object.assign(story, {index: -1, begin: story.stopped}));
        if (!film.steps.length)
            film.snap();
        this.keep(story, film.steps);
        if (trouble && story.kind !== "here")
            story.chapters.push([film.steps.length - 1, "This cannot be told any further", `${trouble.message}.`]);
        this.second.points.wait([], null);
        return undefined;
    }

    keep(story, steps) {
        story.chapters = new Chapters(this.facts.kinds, this.facts.chapters).of(story.kind, steps);
        story.end = steps[steps.length - 1].at;
        story.seen = this.machine.count; // what is told of a later time is what would be if nothing were typed
        story.steps = this.packer.steps(steps);
    }

    // Has a generator, each of whose values is a list of addresses to run to, see the run from `begin` on.
    lead(teller, begin) {
        const {second, machine} = this;
        const from = this.snapshots.filter((saved) => saved.count <= begin).pop();
        if (!(second.count <= begin && second.count >= from.count && second.started))
            second.restore(from, machine.console);
        second.started = true;
        let failed = null, done = false;
        const next = () => {
            try {
                const wanted = teller.next();
                done = wanted.done;
                second.points.wait(done ? [] : wanted.value, next);
            } catch (error) {
                failed = error;
            }
        };
        next();
        second.points.arm();
        const inTime = () => second.slices < machine.slices + MOST_AHEAD &&
            second.count < machine.count + SNAPSHOT_EVERY;
        while (!done && !failed && !second.end && inTime()) {
            second.repeat(machine.inputs);
            second.slice();
        }
        if (failed || !done) {
            second.started = false;
            throw failed || new Error("the run ends in the middle of this");
        }
    }
}
