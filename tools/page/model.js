// model.js - the story as the views need it: each step with all its words, frames, registers and fields
"use strict";

const EFLAGS_IF = 0x200;

const hex = (number) => (number >>> 0).toString(16).padStart(8, "0");
// With commas, as toLocaleString("en") does it, which takes 20 msec when a page calls it first.
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
const count = (number, one, many) => `${grouped(number)} ${number === 1 ? one : many || one + "s"}`;
const isDetour = (told) => !["boot", "first", "switch", "trap", "here"].includes(told.kind);
const laneName = (story, lane) => `process ${story.processes[lane].pid} (${story.processes[lane].name})`;

// The state at each step of a detour. A step's words are those before its instruction is executed; so what a step
// shows as new was written by the instruction of the step before.
function unfold(story, detour) {
    let words = new Map(), ghosts = new Map(), frames = [], entry = {}, registers = [];
    return detour.steps.map((step, index) => {
        const pushed = new Set(), changed = new Map(), before = entry;
        words = new Map(words);
        ghosts = new Map(ghosts);
        for (const address of step.gone || []) {
            ghosts.set(address, words.get(address));
            words.delete(address);
        }
        for (const [address, value, kind, role] of step.words || []) {
            const old = words.get(address);
            if (!old)
                pushed.add(address);
            else if (old.value !== value)
                changed.set(address, old.value);
            const since = old && old.value === value ? old.since : index;
            words.set(address, {address, value, kind: story.kinds[kind], role: story.roles[role], since});
            ghosts.delete(address);
        }
        frames = step.frames || frames;
        entry = Object.assign({}, entry, step.entry);
        const old = registers;
        registers = registers.slice();
        for (const [i, value] of Object.entries(step.registers || {}))
            registers[i] = value;
        return {step, index, words, ghosts, frames, entry, registers, pushed, changed, popped: step.gone || [],
                entryBefore: index ? before : entry, registersBefore: index ? old : registers};
    });
}

// For each address on the stack: which words of functions it holds from which steps on; "" if it ever holds another
// word, or one that is changed there.
function quietWords(states) {
    const all = new Map();
    for (const state of states)
        for (const {address, kind, role, since} of state.words.values()) {
            const known = all.get(address) || {quiet: true, role: "", history: ""};
            const changed = state.changed.has(address) && known.role === role;
            const begins = since === state.index ? `${since} ${role};` : "";
            all.set(address, {quiet: known.quiet && kind === "own" && !changed, role,
                              history: known.history + begins, last: state.index});
        }
    return new Map([...all].map(([address, {quiet, history, last}]) => [address, quiet ? history + last : ""]));
}

// Such words in a long row, which come and go together, are shown as one. Returns a list of rows, high addresses first;
// a row is one address, or the list of those that are folded.
const SHORTEST_FOLD = 6;
function rowsOf(states) {
    const all = quietWords(states);
    const rows = [];
    let run = [];
    const flush = () => {
        if (run.length >= SHORTEST_FOLD)
            rows.push(run);
        else
            rows.push(...run);
        run = [];
    };
    for (const address of [...all.keys()].sort((a, b) => b - a)) {
        if (run.length && (run[run.length - 1] !== address + 4 || all.get(run[0]) !== all.get(address)))
            flush();
        if (all.get(address)) {
            run.push(address);
        } else {
            flush();
            rows.push(address);
        }
    }
    flush();
    return rows;
}

// Index of the frame that holds this address; -1 if none does.
function frameAt(state, address) {
    return state.frames.findIndex(([, esp, cfa]) => address >= esp && address < cfa);
}

// The colour of a word: what it belongs to.
function family(story, state, word) {
    if (["frame", "planted", "claimed", "second"].includes(word.kind))
        return word.kind;
    const frame = state.frames[frameAt(state, word.address)];
    if (["first", "magic", "unused", "unknown"].includes(word.kind) || !frame)
        return "outer";
    return story.functions[frame[0]][1];
}

// The chapter of a step: its index, or -1.
function chapterAt(detour, index) {
    let found = -1;
    detour.chapters.forEach(([first], i) => { if (first <= index) found = i; });
    return found;
}

// All writes to an address within a story: [step that shows it, old value or undefined, new value].
function writes(states, address) {
    const list = [];
    for (const state of states)
        if (state.pushed.has(address) || state.changed.has(address))
            list.push([state.index, state.changed.get(address), state.words.get(address).value]);
    return list;
}
