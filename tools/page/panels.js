// panels.js - caption, chapters, source, registers, process table entry and console of a step
"use strict";

const byId = (id) => document.getElementById(id);

// What the instruction of the step before has done, in words.
function happened(view) {
    const {state, states, story} = view;
    if (state.index === 0)
        return [];
    const before = states[state.index - 1].step, step = state.step;
    const parts = [];
    const cost = step.at - before.at;
    const interrupted = step.place.startsWith("clkdisp+0x0") && !before.place.startsWith("clkdisp");
    if (interrupted)
        parts.push("The interrupt ");
    else if (before.by !== step.by && !step.running)
        parts.push("Other processes ran, ");
    else if (cost > 1 && !before.insn.startsWith("call"))
        parts.push(`${count(cost, "instruction")} `);
    else
        parts.push(span("code", before.insn), " ");
    const did = [];
    if (state.pushed.size)
        did.push(`put ${count(state.pushed.size, "word")} on the stack`);
    if (state.popped.length)
        did.push(`took ${count(state.popped.length, "word")} off`);
    if (state.changed.size)
        did.push(`changed ${count(state.changed.size, "word")}`);
    const fields = Object.keys(step.entry || {}).filter((name) => name in FIELDS);
    if (fields.length)
        did.push(`set ${fields.join(", ")}`);
    if (step.console > before.console)
        did.push(`wrote ${count(step.console - before.console, "character")} to the console`);
    if (before.insn.startsWith("call") && cost > 1)
        did.push(`took ${count(cost, "instruction")}`);
    parts.push(did.length ? did.join("; ") + "."
                          : "changed neither stack nor process table.");
    return parts;
}

function drawCaption(view) {
    const {state, detour, story} = view;
    const step = state.step;
    const chapter = detour.chapters[chapterAt(detour, state.index)] || [0, "", ""];
    byId("moment").textContent = `msec ${step.msec} · instruction ${grouped(step.at)}`;
    byId("place").textContent = step.place;
    byId("chapter").textContent = chapter[1];
    byId("chapter-text").textContent = chapter[2];
    byId("happened").replaceChildren(...happened(view));
    const next = view.states[state.index + 1];
    const leads = next && next.step.place.split("+")[0] !== step.place.split("+")[0] &&
        !(next.step.at - step.at > 1) ? `, which leads to ${next.step.place}` : "";
    const hardware = step.hardware ? `: ${step.hardware.replace(/^\w+: /, "")}` : "";
    byId("next").replaceChildren("Next: ", span("code", step.insn), hardware || leads);
    byId("who").textContent = step.running ? "" : `The CPU is in ${laneName(story, step.by)}.`;
    byId("slider").max = view.states.length - 1;
    byId("slider").value = state.index;
    byId("slider").setAttribute("aria-valuetext", `step ${state.index} of ${view.states.length - 1}: ${chapter[1]}`);
    byId("count").textContent = `${state.index} / ${view.states.length - 1}`;
}

function drawChapters(view) {
    const current = chapterAt(view.detour, view.state.index);
    byId("chapters").replaceChildren(...view.detour.chapters.map(([first, title], i) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = `#${view.number}.${first}`;
        link.append(span("number", first), title);
        if (i === current)
            link.setAttribute("aria-current", "step");
        item.append(link);
        return item;
    }));
}

// A line of source with its comment in another colour. state: whether it begins inside a comment.
function coloured(text, state) {
    const parts = [];
    let rest = text;
    while (rest) {
        if (state.comment) {
            const end = rest.indexOf("*/");
            const cut = end < 0 ? rest.length : end + 2;
            parts.push(span("comment", rest.slice(0, cut)));
            rest = rest.slice(cut);
            state.comment = end < 0;
            continue;
        }
        const block = rest.indexOf("/*"), line = lineComment(rest);
        if (line >= 0 && (block < 0 || line < block)) {
            parts.push(rest.slice(0, line), span("comment", rest.slice(line)));
            break;
        }
        parts.push(block < 0 ? rest : rest.slice(0, block));
        state.comment = block >= 0;
        rest = block < 0 ? "" : rest.slice(block);
    }
    return parts;
}

// Where a comment to the end of the line begins: `//`, or `# ` in assembly, where a macro's name precedes no `# `.
function lineComment(text) {
    const slashes = text.indexOf("//"), hash = text.indexOf("# ");
    return hash >= 0 && (slashes < 0 || hash < slashes) ? hash : slashes;
}

function drawSource(view) {
    const {story, state, states} = view;
    const [file, number] = state.step.line || [-1, 0];
    const source = story.files[file];
    byId("file").textContent = source ? source.name : "no source";
    const box = byId("source");
    if (box.dataset.file !== String(file)) {
        box.dataset.file = file;
        const comment = {comment: false};
        box.replaceChildren(...(source ? source.lines : []).map((text, i) => {
            const line = document.createElement("div");
            line.append(span("line-number", i + 1), ...coloured(text, comment));
            return line;
        }));
    }
    for (const line of box.querySelectorAll(".next, .done")) {
        line.classList.remove("next", "done");
        line.removeAttribute("data-insn");
    }
    const before = state.index && states[state.index - 1].step.line;
    if (before && before[0] === file && before[1] !== number && box.children[before[1] - 1])
        box.children[before[1] - 1].classList.add("done");
    const line = box.children[number - 1];
    if (line) {
        line.classList.add("next");
        line.dataset.insn = state.step.insn;
        box.scrollTop = line.offsetTop - box.clientHeight / 2 + line.offsetHeight / 2;
    }
}

function drawRegisters(view) {
    const {story, state} = view;
    byId("registers").replaceChildren(...story.registers.map((name, i) => {
        const item = document.createElement("div");
        const changed = state.registers[i] !== state.registersBefore[i];
        item.append(span("name", name.toUpperCase()),
                    span(changed ? "value changed" : "value", hex(state.registers[i])));
        return item;
    }));
    const on = (state.registers[9] & EFLAGS_IF) !== 0;
    byId("flag").textContent = on ? "interrupts on" : "interrupts masked";
    byId("flag").className = on ? "chip on" : "chip off";
    byId("cpu").textContent = `CPU, in ${laneName(story, state.step.by)}`;
}

const FIELDS = {
    "prstate": "state", "prstkptr": "ESP while it is switched out", "pretype": "kinds of event it waits for",
    "pralarmreg": "an alarm is registered", "pralarmtime": "msec at which it is due",
    "prmsgreg": "a message callback is registered", "prhasmsg": "a message is there", "prmsg": "the message",
    "prdetour.running": "kinds of callback claimed", "prdetour.arrived": "a message event has occurred",
    "prdetour.slot": "the rewritten word", "prdetour.original": "the return address that stood there",
    "prdetour.vacation": "callback of dreamvac()",
};
const ADDRESSES = ["prstkptr", "prdetour.slot", "prdetour.original", "prdetour.vacation"];

function drawEntry(view) {
    const {story, state, detour} = view;
    byId("entry-title").textContent = `proctab[${detour.pid}], ${story.processes[detour.lane].name}`;
    const body = document.createElement("tbody");
    for (const [name, meaning] of Object.entries(FIELDS)) {
        const line = document.createElement("tr");
        const value = state.entry[name];
        const show = (field) => ADDRESSES.includes(name) ? (field ? hex(field) : "0") : String(field);
        line.dataset.field = name;
        const changed = value !== state.entryBefore[name];
        line.className = changed ? "changed" : value ? "" : "zero";
        cell(line, "name", name);
        const shown = cell(line, "value", "");
        if (changed) {
            const old = document.createElement("del");
            old.textContent = show(state.entryBefore[name]);
            shown.append(old, " ");
        }
        shown.append(show(value));
        const code = {"pralarmreg": "prcbf1", "prmsgreg": "prcbf2", "prdetour.original": "original"}[name];
        cell(line, "role", code && state.entry[code] ? `${meaning}: ${state.entry[code]}` : meaning);
        body.append(line);
    }
    byId("entry").tBodies[0].replaceWith(body);
}

function drawConsole(view) {
    const {story, state, states} = view;
    const box = byId("console");
    const end = state.step.console, begin = state.index ? states[state.index - 1].step.console : end;
    const text = (from, to) => story.console.slice(from, to).replaceAll("\r", "");
    box.replaceChildren(text(0, begin), span("written", text(begin, end)), span("caret", "▏"));
    box.scrollTop = box.scrollHeight;
}
