// story.js - the run as a story in the format of docs/pictures.md, made in memory
"use strict";

const STORY_VERSION = 1;

// Makes numbers of what is repeated, and differences of what changes little.
class Packer {
    constructor(sources) {
        this.sources = sources;
        this.roles = [];
        this.functions = [];
        this.files = [];
        this.numbers = new Map();
    }

    number(list, key, item) {
        const known = `${key}`;
        if (!this.numbers.has(known))
            this.numbers.set(known, list.push(item) - 1);
        return this.numbers.get(known);
    }

    role(text) {
        return this.number(this.roles, `role ${text}`, text);
    }

    function({name, side}) {
        return this.number(this.functions, `function ${name} ${side}`, [name, side]);
    }

    file(name) {
        return this.number(this.files, `file ${name}`, {name, lines: (this.sources[name] || "").split("\n")});
    }

    steps(steps) {
        let before = {words: new Map(), frames: "", entry: {}, registers: []};
        return steps.map((step) => {
            const now = this.state(step);
            const packed = this.step(step, now, before);
            before = now;
            return packed;
        });
    }

    state(step) {
        const word = ([address, value, kind, role]) => [address, [value, kind, this.role(role)]];
        return {words: new Map(step.words.map(word)),
                frames: step.frames.map((frame) => [this.function(frame), frame.esp, frame.cfa]),
                entry: step.entry, registers: step.registers};
    }

    step(step, now, before) {
        const packed = {};
        for (const name of ["at", "msec", "by", "eip", "insn", "place", "esp", "console"])
            packed[name] = step[name];
        if (step.running)
            packed.running = 1;
        if (step.ring)
            packed.ring = step.ring;
        if (step.source)
            packed.line = [this.file(step.source[0]), step.source[1]];
        const same = (address, word) => before.words.has(address) && String(before.words.get(address)) === String(word);
        packed.words = [...now.words].filter(([address, word]) => !same(address, word))
            .map(([address, word]) => [address, ...word]);
        packed.gone = [...before.words.keys()].filter((address) => !now.words.has(address));
        if (String(now.frames) !== String(before.frames))
            packed.frames = now.frames;
        const differing = (values, old) => Object.fromEntries(
            Object.entries(values).filter(([name, value]) => old[name] !== value));
        packed.entry = differing(now.entry, before.entry);
        packed.registers = differing(now.registers, before.registers);
        return packed;
    }
}

// The story of a run so far. Its stories have no steps yet: Run.tell() adds them. stopped: see tellable().
function storyOf(run, stopped) {
    const {facts, moments, machine, packer} = run;
    const stories = tellable(moments, run.kernel.code, stopped).map((told) => run.known(told));
    return {format: "detour-story", version: STORY_VERSION, title: facts.title, ring: facts.ring, clock: "virtual",
            ended: machine.end, recording: null, console: latin1(machine.console), end: machine.count, kinds: facts.kinds,
            registers: [...facts.registers, "eflags"], processes: moments.processes, complete: moments.complete,
            moments: moments.all, stories, roles: packer.roles, functions: packer.functions, files: packer.files};
}

// A character for each byte.
function latin1(bytes) {
    const parts = [];
    for (let i = 0; i < bytes.length; i += 4096)
        parts.push(String.fromCharCode(...bytes.slice(i, i + 4096)));
    return parts.join("");
}
