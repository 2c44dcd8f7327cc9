// app.js - the page with the machine in it: runs it, stops it, sets it back, and has the viewer show what it did
"use strict";

const FRAME = 16, BUDGET = 11; // msec: between two pieces of a run, and of work in each
const FIRST_PIECES = 11, FIRST_MSEC = 3000; // at most, before the first drawing: pieces, and msec of the machine's time
const REDRAW = 500; // msec between two drawings of timeline and tables while it runs
const HANGS = 100; // msec without a clock interrupt
const ENDS = {
    "powered off": "The machine has switched itself off: all processes have ended.",
    "panic": "Panic: the kernel has stopped itself.",
    "refused": "The kernel would not boot on this machine.",
    "reset": "The machine was reset: an exception came for which there was no handler left (a triple fault).",
    "halted": "The machine hangs: it waits with interrupts masked, and nothing will wake it.",
};

// wished: the step that the page's address names, or the first detour, until the user chooses another one.
const live = {run: null, going: false, ahead: 0, drawn: 0, stories: "", wished: null};

// ---- running ----

// Msec of the wall clock, of which the machine's time runs `ahead`.
const target = () => byId("fast").checked ? Infinity : performance.now() + live.ahead;

// Runs until the machine's time is this, for so many msec of work at most.
function runTo(time, budget) {
    const {machine} = live.run, end = performance.now() + budget;
    while (!machine.end && machine.now() < time && performance.now() < end)
        live.run.slice();
}

function frame() {
    if (!live.going)
        return;
    runTo(target(), BUDGET);
    const late = target() - live.run.machine.now();
    if (Number.isFinite(late) && late > FRAME)
        live.ahead -= late; // this computer is slower than the machine: its time passes more slowly
    if (live.run.machine.end)
        return stop();
    drawMachine(performance.now() - live.drawn > REDRAW);
    setTimeout(frame, FRAME);
}

function proceed() {
    if (live.going || live.run.machine.end)
        return;
    live.going = true;
    live.ahead = live.run.machine.now() - performance.now();
    drawMachine(true);
    setTimeout(frame, 0);
}

function stop() {
    live.going = false;
    drawMachine(true);
    const here = view.story.stories.findIndex((story) => story.kind === "here");
    if (here >= 0 && !live.run.machine.end)
        showHere(here + 1);
}

// The step at which the machine stands.
function showHere(number) {
    live.wished = null;
    go(number, 0);
    const chapter = view.detour.chapters.find(([, title]) => title === STANDS.stands[0]);
    go(number, chapter ? chapter[0] : view.states.length - 1);
}

// ---- back and on ----

function backTo(slice) {
    live.run.back(slice);
    stop();
}

function restart() {
    live.run.machine.inputs = [];
    backTo(0);
    proceed();
}

// Runs to the next event that is no tick.
function nextEvent() {
    const {moments, machine} = live.run;
    const events = () => moments.all.reduce((sum, moment) => sum + (moment.what !== "tick"), 0);
    const before = events();
    for (let i = 0; i < 5000 && !machine.end && events() === before; i++)
        live.run.slice();
    stop();
}

// ---- drawing ----

function status() {
    const {machine} = live.run;
    const facts = `msec ${machine.now().toFixed(0)} · ${count(machine.count, "instruction")}`;
    const faults = machine.doubleFaults ? ` · ${count(machine.doubleFaults, "double fault")}` : "";
    if (machine.end)
        return `${ENDS[machine.end] || `It has ended: ${machine.end}.`} ${facts}${faults}`;
    const silent = machine.now() - live.run.moments.lastTick;
    if (silent > HANGS)
        return `It hangs: there was no clock interrupt for ${silent.toFixed(0)} msec. ${facts}${faults}`;
    return `${live.going ? "It runs." : "It is stopped."} ${facts}${faults}`;
}

// all: also what takes some time, and what has changed of the stories.
function drawMachine(all) {
    const {run} = live;
    live.console.draw(run.machine.console);
    const text = status();
    byId("status").textContent = text;
    byId("status").className = /hangs|Panic|reset|refused|not boot/.test(text) ? "wrong" : "";
    byId("run-button").textContent = live.going ? "Stop" : "Go on";
    byId("run-button").disabled = byId("event-on").disabled = Boolean(run.machine.end);
    if (!all)
        return;
    live.drawn = performance.now();
    drawProcesses(run.kernel, byId("processes").tBodies[0]);
    drawEvents(run.moments, byId("events").tBodies[0]);
    drawStories();
}

// Gives the viewer the story so far, and has it show what it showed before.
function drawStories() {
    const {run} = live;
    const story = run.story(!live.going);
    const known = story.stories.map((told) => `${told.kind} ${told.begin} ${told.stopped}`).join();
    byId("run").textContent = `${story.title}${story.ring ? " in ring 3" : ""}, running in this page: ` +
        count(story.stories.filter(isDetour).length, "detour");
    byId("main").hidden = !story.stories.length;
    byId("untold").hidden = story.stories.length > 0;
    byId("timeline").dataset.key = "";
    view.story = story;
    if (!story.stories.length)
        return;
    if (known !== live.stories) {
        live.stories = known;
        list(story);
        const same = story.stories.indexOf(view.detour);
        view.number = 0;
        if (live.wished)
            go(...live.wished.slice(1).split(".").map(Number));
        else if (same >= 0)
            go(same + 1, view.index);
        else
            fromHash();
    } else {
        drawTimeline(view);
    }
}

// ---- begin ----

// From files.js.
async function parts() {
    const names = ["v86.wasm", "stack.wasm", "image.elf", "facts.json", "libv86.js"];
    const [module, stack, elf, facts] = await Promise.all(names.map((name) => files[name]));
    return {v86: globalThis.V86, module, stack, elf, facts};
}

function wire() {
    const {run} = live;
    const type = (bytes) => {
        run.machine.type(bytes);
        proceed();
    };
    live.console = new LiveConsole(byId("live-console"), byId("keys"), type);
    byId("run-button").onclick = () => live.going ? stop() : proceed();
    byId("again").onclick = restart;
    byId("event-back").onclick = () => backTo(run.sliceOfLastEvent());
    byId("event-on").onclick = nextEvent;
    byId("fast").onchange = () => { live.ahead = run.machine.now() - performance.now(); };
    byId("events").addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button)
            backTo(Number(button.dataset.slice));
    });
    live.wished = location.hash || "#1.0";
    for (const place of [byId("stories"), byId("main")])
        for (const event of ["pointerdown", "click"])
            place.addEventListener(event, () => { live.wished = null; }, true);
    addEventListener("keydown", () => { live.wished = null; }); // but for those that go to the machine
    byId("about-button").onclick = () => byId("about").showModal();
    view.prepare = (number) => run.tell(view.story.stories[number - 1]);
}

async function begin() {
    live.run = await Run.create(await parts());
    await live.run.prepare();
    listen();
    wire();
    for (let i = 0; i < FIRST_PIECES && !live.run.story(false).stories.some(isDetour); i++)
        runTo(FIRST_MSEC, BUDGET);
    setTheme(preferredTheme());
    proceed();
    if (live.run.machine.end)
        stop();
    document.documentElement.dataset.ready = Math.round(performance.now());
}
