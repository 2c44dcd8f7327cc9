// timeline.js - the processes over time, and below it the map of one detour: the lens
//
// Time is instructions executed, so it is honest; where the machine is idle, time passes without instructions, and a
// gap of fixed width says how long it was.
"use strict";

const LANE = 20, NAMES = 150, GAP = 44, LENS = 22, MAP = 104, MSEC = 54;
const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes, ...children) {
    const item = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes))
        item.setAttribute(key, value);
    item.append(...children);
    return item;
}

const titled = (item, text) => { item.append(svg("title", {}, text)); return item; };

// Stretches of running: {lane, from, to, begin and end in msec, state afterwards}. The null process is idle time.
function stretches(story) {
    const list = [];
    let current = null;
    for (const moment of story.moments) {
        if (moment.what !== "switch")
            continue;
        if (current)
            list.push({...current, to: moment.at, end: moment.msec, state: moment.state});
        current = {lane: moment.to, from: moment.at, begin: moment.msec};
    }
    const last = story.moments[story.moments.length - 1];
    if (current)
        list.push({...current, to: Math.max(last.at, current.from + 1), end: last.msec, state: ""});
    return list;
}

// Maps instructions to pixels: idle stretches of a msec and more have the width GAP, the others share the rest.
function scale(story, width) {
    const runs = stretches(story);
    const idle = (run) => story.processes[run.lane].pid === 0 && run.end > run.begin;
    const merged = [];
    for (const run of runs) {
        const last = merged[merged.length - 1];
        if (last && last.idle === idle(run))
            Object.assign(last, {to: run.to, end: run.end});
        else
            merged.push({idle: idle(run), from: run.from, to: run.to, begin: run.begin, end: run.end});
    }
    const gaps = merged.filter((part) => part.idle);
    const gap = Math.min(GAP, width / 2 / Math.max(1, gaps.length));
    const busy = merged.reduce((sum, part) => sum + (part.idle ? 0 : part.to - part.from), 0) || 1;
    let x = 0;
    for (const part of merged) {
        part.x = x;
        x += part.width = part.idle ? gap : (part.to - part.from) * (width - gaps.length * gap) / busy;
    }
    const at = (instruction) => {
        const part = merged.find((each) => instruction <= each.to) || merged[merged.length - 1];
        if (!part)
            return 0;
        const share = (instruction - part.from) / Math.max(1, part.to - part.from);
        return part.x + part.width * Math.min(1, Math.max(0, share));
    };
    return {runs, gaps, at};
}

// The picture changes with the detour and the width; from step to step only the two cursors move.
function drawTimeline(view) {
    const box = byId("timeline");
    const width = Math.max(320, box.clientWidth);
    const key = `${view.number} ${width}`;
    if (box.dataset.key !== key) {
        box.dataset.key = key;
        view.axis = drawPicture(view, box, width);
    }
    const position = view.axis.x(view.state.step.at).toFixed(1);
    box.querySelector(".now").setAttribute("transform", `translate(${position} 0)`);
    box.querySelector(".cursor").setAttribute("x", (view.index * view.axis.column).toFixed(1));
}

// Draws all but the places of the cursors. Returns x, a function from instructions to pixels, and a column's width.
function drawPicture(view, box, width) {
    const {story} = view;
    const names = width < 600 ? 84 : NAMES;
    const {runs, gaps, at} = scale(story, width - names - 12);
    const lanes = story.processes.map((process, lane) => ({...process, lane}))
        .filter(({pid, lane}) => pid !== 0 && runs.some((run) => run.lane === lane));
    const top = 22, height = top + lanes.length * LANE + 18;
    const x = (instruction) => names + at(instruction);
    const y = new Map(lanes.map(({lane}, i) => [lane, top + i * LANE]));
    const picture = svg("svg", {width, height: height + LENS + MAP, role: "group",
                                "aria-label": "Timeline of the processes, and the map of this detour"});
    drawLanes(picture, story, lanes, y, width, names);
    drawRuns(picture, story, runs, x, y);
    drawGaps(picture, gaps, x, top, height);
    drawClock(picture, story, x, height);
    drawDetours(picture, view, x, y);
    drawSends(picture, story, x, y);
    drawLens(picture, view, x, y, height, width);
    drawMap(picture, view, height + LENS, width);
    picture.append(svg("g", {class: "now"}, svg("path", {d: `M0 ${top - 6}V${height - 16}`}),
                       svg("path", {d: `M-5 ${top - 13}h10l-5 8z`, class: "now-head"})));
    box.replaceChildren(picture);
    return {x, column: (width - 4) / view.states.length};
}

function drawLanes(picture, story, lanes, y, width, names) {
    for (const {lane, pid, name} of lanes) {
        const middle = y.get(lane) + LANE / 2;
        const most = names < 100 ? 9 : 19;
        picture.append(svg("path", {d: `M${names} ${middle}H${width - 8}`, class: "lane"}),
                       titled(svg("text", {x: 4, y: middle + 4, class: "name"},
                                  `${pid} ${name.length > most ? name.slice(0, most - 1) + "…" : name}`), name));
    }
}

function drawRuns(picture, story, runs, x, y) {
    const last = new Map();
    for (const run of runs) {
        if (!y.has(run.lane))
            continue;
        const before = last.get(run.lane);
        if (before && before.state !== "free")
            picture.append(titled(svg("rect", {
                x: x(before.to), y: y.get(run.lane) + LANE / 2 - 2, width: Math.max(0, x(run.from) - x(before.to)),
                height: 4, class: before.state === "ready" ? "waits ready" : "waits"}), before.state));
        picture.append(titled(svg("rect", {x: x(run.from), y: y.get(run.lane) + 3, height: LANE - 6, rx: 2,
                                           width: Math.max(1.5, x(run.to) - x(run.from)), class: "run"}),
                              `${laneName(story, run.lane)} runs: msec ${run.begin} to ${run.end}, ` +
                              `${count(run.to - run.from, "instruction")}; then ${run.state || "the run ends"}`));
        last.set(run.lane, run);
    }
}

function drawGaps(picture, gaps, x, top, height) {
    for (const gap of gaps) {
        const begin = x(gap.from), wide = gap.width;
        picture.append(titled(svg("rect", {x: begin, y: top - 4, width: wide, height: height - top - 12, class: "gap"}),
                              "nothing to do: the machine waits"),
                       svg("text", {x: begin + wide / 2, y: top - 8, class: "gap-text"},
                           `⋯ ${gap.end - gap.begin} ms`));
    }
}

function drawClock(picture, story, x, height) {
    let last = -Infinity, labelled = -Infinity;
    for (const moment of story.moments) {
        if (moment.what !== "tick")
            continue;
        const position = x(moment.at);
        if (position - last < 4)
            continue;
        last = position;
        picture.append(svg("path", {d: `M${position} ${height - 18}v5`, class: "tick"}));
        if (position - labelled > MSEC && position < picture.getAttribute("width") - MSEC / 2) {
            picture.append(svg("text", {x: position, y: height - 2, class: "msec"}, `${moment.msec} ms`));
            labelled = position;
        }
    }
}

function drawSends(picture, story, x, y) {
    for (const moment of story.moments) {
        if (moment.what !== "send" || !y.has(moment.lane) || !y.has(moment.to) || moment.lane === moment.to)
            continue;
        const [from, to] = [y.get(moment.lane), y.get(moment.to)];
        const down = to > from;
        picture.append(titled(svg("path", {
            d: `M${x(moment.at)} ${from + LANE / 2}V${to + LANE / 2 + (down ? -4 : 4)}`,
            class: "send", "marker-end": "url(#send-head)"}),
            `send from ${laneName(story, moment.lane)} to ${laneName(story, moment.to)}, msec ${moment.msec}`));
    }
}

function drawDetours(picture, view, x, y) {
    view.story.stories.forEach((detour, i) => {
        if (!y.has(detour.lane) || !isDetour(detour) && i + 1 !== view.number)
            return;
        const begin = x(detour.begin), wide = Math.max(4, x(detour.end) - begin);
        const link = svg("a", {href: `#${i + 1}.0`, class: i + 1 === view.number ? "detour current" : "detour",
                               "aria-label": `story ${i + 1}`},
                         svg("rect", {x: begin, y: y.get(detour.lane) + 1, width: wide, height: LANE - 2, rx: 3}),
                         svg("text", {x: begin + wide / 2, y: y.get(detour.lane) + (wide < 14 ? 0 : LANE / 2 + 4),
                                      class: wide < 14 ? "above" : ""}, i + 1));
        picture.append(link);
    });
}

// The lens: from the short time of the detour to its map.
function drawLens(picture, view, x, y, height, width) {
    const {detour} = view;
    const from = x(detour.begin), to = Math.max(from + 4, x(detour.end));
    const top = y.has(detour.lane) ? y.get(detour.lane) + LANE - 1 : height - 16;
    picture.prepend(svg("path", {d: `M${from} ${top}H${to}V${height - 14}L${width - 2} ${height + LENS - 2}H2` +
                                    `L${from} ${height - 14}Z`, class: "lens"}));
}

// ---- the map: a column for each step, a row for each word ----

function drawMap(picture, view, top, width) {
    const {story, states, detour} = view;
    const addresses = view.rows.filter((row) => !Array.isArray(row));
    const high = (MAP - 6) / addresses.length, wide = (width - 4) / states.length;
    const map = svg("g", {transform: `translate(2 ${top})`, class: "map"});
    map.append(svg("rect", {x: 0, y: 0, width: width - 4, height: MAP - 4, class: "map-ground"}));
    addresses.forEach((address, row) => {
        for (let begin = 0; begin < states.length;) {
            const kind = kindAt(story, states[begin], address);
            let end = begin + 1;
            while (end < states.length && kindAt(story, states[end], address) === kind)
                end++;
            if (kind)
                map.append(svg("rect", {x: begin * wide, y: row * high, width: (end - begin) * wide,
                                        height: Math.max(1, high - 0.5), class: `cell ${kind}`}));
            begin = end;
        }
    });
    states.forEach((state) => {
        for (const address of state.changed.keys())
            map.append(svg("circle", {cx: (state.index + 0.5) * wide, cy: (addresses.indexOf(address) + 0.5) * high,
                                      r: 2.5, class: "change"}));
    });
    for (const [first] of detour.chapters)
        map.append(svg("path", {d: `M${first * wide} 0V${MAP - 4}`, class: "chapter-line"}));
    map.append(svg("rect", {x: 0, y: 0, width: Math.max(2, wide), height: MAP - 4, class: "cursor"}));
    const ground = svg("rect", {x: 0, y: 0, width: width - 4, height: MAP - 4, class: "map-click"});
    ground.addEventListener("pointerdown", (event) => {
        const box = ground.getBoundingClientRect();
        go(view.number, Math.floor((event.clientX - box.left) / box.width * states.length));
    });
    map.append(ground);
    picture.append(map);
}

function kindAt(story, state, address) {
    const word = state.words.get(address);
    return word ? family(story, state, word) : "";
}
