// tellers.js - what is told of a run: tools/gdb/story.py, entry.py and protocols.py for v86
//
// A teller is a generator that fills a film; it begins anywhere before its first moment.
"use strict";

// From the last instruction before an interrupt or a system call to the first one of its handler.
function* tellEntry(film, moment) {
    yield* film.seek(moment, moment.address);
    film.snap(moment.what, moment.what === "trap" ? film.asked() : film.interrupted());
}

// From here to ctxsw, and through it until the process is switched out.
function* tellSaving(film) {
    yield* film.goTo(film.kernel.symbols.ctxsw);
    film.snap("saving");
    yield* film.step();
    yield* film.until(() => film.machine.eip === film.kernel.variable("ctxsw_resumption"));
    film.snap("away");
}

// ctxsw has just loaded this process's stack pointer, at this switch.
function* tellResumption(film, moment, mark) {
    yield* film.seek(moment);
    yield* film.goTo(film.kernel.variable("ctxsw_resumption"));
    film.snap(mark);
    yield* film.step();
}

function* tellFallingAsleep(film, sleep) {
    yield* film.seek(sleep);
    const registers = film.machine.registers();
    Object.assign(registers, {[ESP]: registers[ESP] + 4, 8: film.code.before(film.pushed(0))});
    film.snap(null, {registers, ring: 0, at: film.machine.count - 1});
    film.snap("called");
    yield* tellSaving(film);
}

// ---- detours ----

function* tellTick(film, moments, index) {
    const tick = moments.last(index, "tick", {lane: moments.all[index].lane});
    yield* tellEntry(film, tick);
    const {registers} = film.interrupted();
    yield* film.untilHome(registers[8], registers[ESP]);
}

function* tellUser(film, moments, index) {
    const {begin} = moments.all[index];
    yield* tellEntry(film, begin);
    const {registers} = begin.what === "trap" ? film.asked() : film.interrupted();
    const home = begin.what === "trap" && !begin.fast ? registers[8] + 2 : registers[8];
    yield* film.untilHome(home, registers[ESP]);
}

// The detour that began with the return of sleepms() into cbfreturn, from the call of sleepms() on.
function* tellReturn(film, moments, index) {
    const arrival = moments.all[index];
    const sleep = moments.last(index, "sleep", {lane: arrival.lane});
    yield* tellFallingAsleep(film, sleep);
    const send = moments.all.slice(moments.all.indexOf(sleep), index)
        .find((moment) => moment.what === "send" && moment.to === arrival.lane && moment.lane !== arrival.lane);
    if (send) {
        yield* film.seek(send);
        yield* film.changes(film.pushed(0), "sent");
    }
    yield* tellResumption(film, moments.last(index, "switch", {to: arrival.lane}), "woken");
    yield* film.until(() => film.machine.eip === film.kernel.symbols.cbfreturn);
    const home = film.kernel.field(film.pid, "prdetour.original");
    yield* film.untilHome(home, film.register(ESP));
}

// ---- what is no detour ----

function* tellFirstRun(film, moments, index) {
    yield* tellResumption(film, moments.all[index], "new");
    const begun = (state) => film.code.inProgram(state ? state.registers[8] : film.machine.eip);
    yield* film.until((state) => begun(state) || film.steps.length > 60);
    film.snap("begins", film.leaving() || {});
}

function* tellPreemption(film, moments, index) {
    const tick = moments.all[index];
    yield* tellEntry(film, tick);
    const {registers} = film.interrupted();
    yield* film.until(() => film.code.isCall(film.machine.eip));
    film.snap();
    yield* tellSaving(film);
    const back = moments.all.slice(index + 2).find((moment) => moment.what === "switch" && moment.to === tick.lane);
    yield* tellResumption(film, back, "woken");
    yield* film.untilHome(registers[8], registers[ESP]);
}

function* tellSystemCall(film, moments) {
    yield* tellEntry(film, moments.firstTrap);
    yield* film.until((state) => state !== undefined && film.kernel.currentPid() === film.pid);
    film.snap("home", film.leaving() || {});
}

// Where the machine was stopped, and some steps on: from what happened last, if that is not far, and the steps from
// there lead to this instruction; index is -1 otherwise.
const NEAR = 1000000; // instructions
const STEPS_BEFORE = 300, STEPS_BEHIND = 100;

function* tellHere(film, moments, index, stopped) {
    if (index >= 0)
        yield* film.seek(moments.all[index]);
    while (film.machine.count < stopped) {
        if (film.steps.length >= STEPS_BEFORE)
            throw new Error("what happened last is too far away");
        film.snap();
        yield* film.stepAnywhere();
    }
    if (film.machine.count > stopped)
        throw new Error("the machine stands within one of these steps");
    for (let i = 0; i < STEPS_BEHIND; i++) {
        film.snap(i ? null : "stands");
        yield* film.stepAnywhere();
    }
    film.snap();
}

// ---- what there is to tell ----

// The first process that begins in the program: the index of the switch to it.
function findFirstRun(moments, code) {
    const known = new Set();
    for (const [index, moment] of moments.all.entries()) {
        if (moment.what === "switch" && !known.has(moment.to)) {
            known.add(moment.to);
            if (code.inProgram(moment.begins) || moment.begins === code.symbols.user_return)
                return index;
        }
    }
    return -1;
}

// A tick at which a process of the program loses the CPU to another one, and gets it back without a detour.
function findPreemption(moments, code) {
    return moments.all.findIndex((tick, index) => {
        const change = moments.all[index + 1];
        if (tick.what !== "tick" || !change || change.what !== "switch" || change.state !== "ready" ||
            change.lane !== tick.lane || !code.inProgram(tick.home))
            return false;
        const later = moments.all.slice(index + 2, index + 200)
            .filter((moment) => moment.to === tick.lane || moment.lane === tick.lane);
        return later.length > 1 && later[0].what === "switch" && later[0].to === tick.lane && later[1].what !== "iret";
    });
}

// Where the machine stands, if it is stopped.
function standing(moments, stopped) {
    const index = moments.all.length - 1;
    if (stopped === null || index < 0)
        return [];
    const last = moments.all[index];
    const lane = last.what === "switch" ? last.to : last.lane, near = stopped - last.at < NEAR;
    return [{kind: "here", lane, begin: near ? last.at : stopped, end: stopped, index: near ? index : -1,
             tell: tellHere, stopped}];
}

// Stories that can be told of these moments: {kind, lane, begin, tell}; the detours first, then what is none. stopped:
// the count of instructions at which the machine was stopped; null if it runs.
function tellable(moments, code, stopped) {
    const found = [];
    moments.all.forEach((moment, index) => {
        const from = {iret: ["tick", "tick", tellTick], return: ["return", "sleep", tellReturn],
                      user: ["user", null, tellUser]}[moment.what];
        if (!from)
            return;
        const [kind, what, tell] = from;
        const begin = what ? moments.last(index, what, {lane: moment.lane}) : moment.begin;
        if (begin)
            found.push({kind, lane: moment.lane, begin: begin.at, end: moment.at, index, tell});
    });
    const others = [["first", findFirstRun(moments, code), "to", tellFirstRun],
                    ["switch", findPreemption(moments, code), "lane", tellPreemption]];
    for (const [kind, index, lane, tell] of others) {
        const moment = moments.all[index];
        if (moment)
            found.push({kind, lane: moment[lane], begin: moment.at, end: moment.at, index, tell});
    }
    if (moments.firstTrap) {
        const {lane, at} = moments.firstTrap;
        found.push({kind: "trap", lane, begin: at, end: at, index: -1, tell: tellSystemCall});
    }
    return [...found, ...standing(moments, stopped)];
}
