// stack.js - the stack as a table in which each word keeps its place
"use strict";

const POINTERS = {esp: 4, ebp: 5};

function drawStack(view) {
    const {story, state, rows} = view;
    const body = document.createElement("tbody");
    let previous = null, lowest = null;
    for (const row of rows) {
        const frame = Array.isArray(row) ? frameAt(state, row[0]) : frameAt(state, row);
        const line = Array.isArray(row) ? foldedRow(view, row) : wordRow(view, row);
        if (previous !== null && frame !== previous)
            line.classList.add("boundary");
        if (frame !== previous)
            line.lastChild.textContent = frame >= 0 ? breakable(story.functions[state.frames[frame][0]][0]) : "";
        previous = frame;
        const highest = Array.isArray(row) ? row[0] : row;
        if (lowest !== null && lowest - highest > OTHER_STACK)
            body.append(otherStack());
        lowest = Array.isArray(row) ? row[row.length - 1] : row;
        body.append(line);
    }
    const table = byId("stack");
    table.tBodies[0].replaceWith(body);
    table.caption.textContent = `Stack of ${laneName(story, view.detour.lane)}, ` +
        (state.step.running ? "which runs" : "which is switched out") + "; high addresses first";
    byId("stack-title").textContent = `Stack of ${laneName(story, view.detour.lane)}`;
    drawArrow(view);
}

// The line between the kernel stack of a process in ring 3 and its own.
const OTHER_STACK = 0x10000;
function otherStack() {
    const line = document.createElement("tr");
    line.className = "other-stack";
    const text = cell(line, "", "▲ its kernel stack · its own stack, in ring 3 ▼");
    text.colSpan = 5;
    return line;
}

// A name that may be broken behind each underscore.
const breakable = (name) => name.replace(/_|::/g, "$&\u200b");

function cell(line, name, content) {
    const item = document.createElement("td");
    item.className = name;
    item.append(...[].concat(content));
    line.append(item);
    return item;
}

function span(name, text) {
    const item = document.createElement("span");
    item.className = name;
    item.textContent = text;
    return item;
}

function foldedRow(view, addresses) {
    const line = document.createElement("tr");
    const {story, state} = view;
    const word = state.words.get(addresses[0]), ghost = state.ghosts.get(addresses[0]);
    line.className = `word fold ${word ? family(story, state, word) : ghost ? "ghost" : "empty"}`;
    cell(line, "mark", "");
    cell(line, "address", "⋮");
    cell(line, "value", "");
    cell(line, "role", `${count(addresses.length, "word")}: ${(word || ghost || {role: ""}).role}`);
    cell(line, "function", "");
    return line;
}

function wordRow(view, address) {
    const {story, state} = view;
    const line = document.createElement("tr");
    const word = state.words.get(address) || state.ghosts.get(address);
    const live = state.words.has(address);
    line.dataset.address = address;
    line.className = ["word", live ? family(story, state, word) : word ? "ghost" : "empty",
                      state.pushed.has(address) && state.index ? "pushed" : "",
                      state.popped.includes(address) ? "popped" : "", state.changed.has(address) ? "changed" : "",
                      view.selected === address ? "selected" : ""].join(" ");
    cell(line, "mark", marks(view, address));
    const button = document.createElement("button");
    button.append(span("high", hex(address).slice(0, 4)), hex(address).slice(4));
    button.setAttribute("aria-label", `who wrote ${hex(address)}`);
    cell(line, "address", button);
    const value = cell(line, "value", "");
    if (state.changed.has(address)) {
        const old = document.createElement("del");
        old.textContent = hex(state.changed.get(address));
        value.append(old, " ");
    }
    value.append(word ? hex(word.value) : "");
    cell(line, "role", roleOf(view, address, word, live));
    cell(line, "function", "");
    return line;
}

// The text, with the longest one that this word ever has as an invisible measure: so no row changes its height.
function roleOf(view, address, word, live) {
    const text = span("text", "");
    if (word)
        text.append(...(live ? [] : [span("unseen", "popped: ")]), word.role);
    const measure = span("measure", view.longest.get(address));
    measure.setAttribute("aria-hidden", "true");
    return [text, measure];
}

function marks(view, address) {
    const {state} = view;
    const list = [];
    if (state.step.esp === address)
        list.push(span("pointer", state.step.running ? "ESP ▸" : "prstkptr ▸"));
    if (state.step.running && state.registers[POINTERS.ebp] === address)
        list.push(span("pointer second-pointer", "EBP ▸"));
    if (state.entry["prdetour.slot"] === address)
        list.push(span("pointer slot", "slot ▸"));
    return list;
}

// The one arrow that matters: from the selected word, or else the word at ESP, if it is the address of another word
// here; while a return address is planted, from where the original is kept to the word.
function arrowEnds(view) {
    const {state} = view;
    const row = (address) => byId("stack").querySelector(`[data-address="${address}"]`);
    for (const address of [view.selected, state.step.esp]) {
        const word = state.words.get(address);
        if (word && row(address) && row(word.value) && word.value !== address)
            return [row(address).querySelector(".value"), row(word.value).querySelector(".value"), ""];
    }
    const planted = [...state.words.values()].find((word) => word.kind === "planted");
    const kept = document.querySelector('[data-field="prdetour.original"]');
    if (planted && kept && row(planted.address))
        return [kept, row(planted.address).querySelector(".function"), "planted"];
    return null;
}

function drawArrow(view) {
    const layer = byId("arrow");
    layer.querySelectorAll("path.arrow").forEach((path) => path.remove());
    const ends = arrowEnds(view);
    if (!ends)
        return;
    const frame = layer.getBoundingClientRect();
    const [from, to] = ends.map((end) => end.getBoundingClientRect && end.getBoundingClientRect());
    const middle = (box) => box.top + Math.min(box.height, 20) / 2 - frame.top;
    const planted = ends[2] === "planted";
    const x1 = planted ? frame.width - 40 : from.right - frame.left - 8;
    const x2 = planted ? frame.width - 30 : to.right - frame.left - 8;
    const bend = planted ? frame.width + 6 : x1 - 30;
    layer.append(svg("path", {d: `M${x1} ${middle(from)}C${bend} ${middle(from)} ${bend} ${middle(to)} ${x2} ` +
                                 `${middle(to)}`, class: `arrow ${ends[2]}`, "marker-end": "url(#head)"}));
}

// Who wrote the selected word: a list of writes, each a link to its step.
function drawHistory(view) {
    const box = byId("history");
    box.hidden = view.selected === null;
    if (box.hidden)
        return;
    const list = document.createElement("ul");
    const {story, states, selected} = view;
    const found = writes(states, selected);
    if (found.length && found[0][0] === 0)
        found.shift();
    for (const [index, old, value] of found) {
        const writer = states[index - 1].step;
        const link = document.createElement("a");
        link.href = `#${view.number}.${index}`;
        link.textContent = `step ${index}`;
        const item = document.createElement("li");
        item.append(link, old === undefined ? ` put ${hex(value)} there: ` : ` changed ${hex(old)} to ${hex(value)}: `,
                    span("code", writer.insn), ` at ${writer.place}, ${laneName(story, writer.by)}`);
        list.append(item);
    }
    if (!found.length || states[0].words.has(selected)) {
        const item = document.createElement("li");
        item.append("It stood there before this story begins.");
        if (story.recording !== null)
            item.append(" To find out who wrote it: ",
                        span("code", `make rewind RECORDING=${story.recording}`), ", then ",
                        span("code", `seek ${states[0].step.at}`), ", ",
                        span("code", `watch -location *(unsigned *) 0x${hex(selected)}`), ", ",
                        span("code", "reverse-continue"));
        list.append(item);
    }
    byId("history-title").textContent = `Who wrote the word at ${hex(selected)}`;
    byId("history-list").replaceChildren(list);
}
