// app.js - which step is shown, and the keys that lead to another
"use strict";

const view = {story: null, number: 0, index: 0, selected: null};

function choose(number) {
    view.number = number;
    if (view.prepare)
        view.prepare(number); // of a live page: has the steps made
    view.detour = view.story.stories[number - 1];
    view.states = unfold(view.story, view.detour);
    view.rows = rowsOf(view.states);
    view.longest = new Map();
    view.selected = null;
    for (const state of view.states)
        for (const word of state.words.values())
            if (word.role.length > (view.longest.get(word.address) || "").length)
                view.longest.set(word.address, word.role);
    document.querySelectorAll("#stories a").forEach((link, i) =>
        i + 1 === number ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
}

// Shows a step of a detour; both are limited to what there is.
function go(number, index) {
    number = Math.min(Math.max(1, number), view.story.stories.length);
    if (number !== view.number)
        choose(number);
    view.index = Math.min(Math.max(0, index), view.states.length - 1);
    view.state = view.states[view.index];
    const place = `#${view.number}.${view.index}`;
    if (location.hash !== place)
        history.replaceState(null, "", place);
    keepFocus(draw);
}

// Drawing replaces elements. The one that has the focus gives it to that with the same address or link.
function keepFocus(redraw) {
    const at = document.activeElement;
    const address = at.closest("tr[data-address]")?.dataset.address;
    const link = at.getAttribute("href"), home = at.closest("[id]");
    redraw();
    if (address !== undefined)
        focusWord(address);
    else if (link && !at.isConnected)
        home.querySelector(`a[href="${link}"]`)?.focus({preventScroll: true});
}

function focusWord(address) {
    byId("stack").querySelector(`tr[data-address="${address}"] button`)?.focus({preventScroll: true});
}

function draw() {
    drawCaption(view);
    drawChapters(view);
    drawSource(view);
    drawRegisters(view);
    drawEntry(view);
    drawConsole(view);
    drawProtocol(view);
    drawStack(view);
    drawHistory(view);
    drawTimeline(view);
    document.title = `${view.story.title}: ${view.number}.${view.index}`;
}

function goChapter(by) {
    const starts = view.detour.chapters.map(([first]) => first);
    const target = by > 0 ? starts.find((first) => first > view.index)
                          : starts.filter((first) => first < view.index).pop();
    go(view.number, target === undefined ? (by > 0 ? view.states.length - 1 : 0) : target);
}

function select(address) {
    const fromHistory = byId("history").contains(document.activeElement);
    view.selected = view.selected === address ? null : address;
    keepFocus(() => {
        drawStack(view);
        drawHistory(view);
    });
    if (fromHistory)
        focusWord(address);
}

const KEYS = {
    ArrowRight: () => go(view.number, view.index + 1), ArrowLeft: () => go(view.number, view.index - 1),
    "Shift+ArrowRight": () => goChapter(1), "Shift+ArrowLeft": () => goChapter(-1),
    PageDown: () => goChapter(1), PageUp: () => goChapter(-1),
    Home: () => go(view.number, 0), End: () => go(view.number, Infinity),
    Escape: () => { if (view.selected !== null) select(view.selected); },
    "?": () => byId("help").showModal(),
};

function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || byId("help").open)
        return;
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    if (KEYS[name])
        KEYS[name]();
    else if (/^[1-9]$/.test(event.key) && Number(event.key) <= view.story.stories.length)
        go(Number(event.key), 0);
    else
        return;
    event.preventDefault();
}

function fromHash() {
    const [number, index] = location.hash.slice(1).split(".").map(Number);
    go(number || 1, index || 0);
}

// A picture for each chapter, for paper: its last step.
function drawPrint() {
    const kept = [view.number, view.index];
    document.documentElement.dataset.theme = "light";
    const pages = view.detour.chapters.map(([first, title, text], i) => {
        const after = view.detour.chapters[i + 1];
        go(view.number, after ? after[0] - 1 : view.states.length - 1);
        const section = document.createElement("section");
        const heading = document.createElement("h2");
        heading.textContent = `${i + 1}. ${title}`;
        const words = document.createElement("p");
        words.textContent = `${text} (Steps ${first} to ${view.index}; ${view.state.step.place}.)`;
        const table = byId("stack").cloneNode(true);
        table.removeAttribute("id");
        section.append(heading, words, table);
        return section;
    });
    byId("print").replaceChildren(...pages);
    go(...kept);
}

function setTheme(name) {
    view.theme = name;
    document.documentElement.dataset.theme = name;
    byId("theme").textContent = name === "dark" ? "Light" : "Dark";
    if (view.state)
        drawArrow(view);
}

// Shows what there is to tell of a story: a link for each of its stories.
function list(story) {
    view.story = story;
    const kinds = {tick: "from a clock interrupt", return: "from the return of sleepms()", user: "in ring 3",
                   led: "led elsewhere by another process",
                   boot: "the boot", first: "its first run", switch: "loses the CPU and gets it back",
                   trap: "a system call", here: "where it stands"};
    byId("stories").replaceChildren(...story.stories.map((detour, i) => {
        const link = document.createElement("a");
        link.href = `#${i + 1}.0`;
        link.textContent = `${i + 1} · ${story.processes[detour.lane].name}, ${kinds[detour.kind]}`;
        return link;
    }));
}

function listen() {
    byId("first").onclick = KEYS.Home;
    byId("back-chapter").onclick = () => goChapter(-1);
    byId("back").onclick = KEYS.ArrowLeft;
    byId("on").onclick = KEYS.ArrowRight;
    byId("on-chapter").onclick = () => goChapter(1);
    byId("slider").oninput = (event) => go(view.number, Number(event.target.value));
    byId("stack").addEventListener("click", (event) => {
        const line = event.target.closest("tr[data-address]");
        if (line)
            select(Number(line.dataset.address));
    });
    byId("help-button").onclick = KEYS["?"];
    byId("theme").onclick = () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    addEventListener("keydown", onKey);
    addEventListener("hashchange", fromHash);
    addEventListener("beforeprint", drawPrint);
    addEventListener("afterprint", () => setTheme(view.theme));
    addEventListener("resize", () => {
        if (view.state) {
            drawTimeline(view);
            drawArrow(view);
        }
    });
}

const preferredTheme = () => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

function start() {
    const text = byId("story").textContent;
    if (!text)
        return; // a live page: tools/live/ makes its story
    const story = JSON.parse(text);
    byId("run").textContent = `A recorded run of ${story.title}${story.ring ? " in ring 3" : ""}: ` +
        count(story.stories.filter(isDetour).length, "detour");
    if (!story.stories.length) {
        byId("main").textContent = "Nothing happened in this run that could be told here.";
        return;
    }
    list(story);
    listen();
    fromHash();
    setTheme(preferredTheme());
}

document.addEventListener("DOMContentLoaded", start);
