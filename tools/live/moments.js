// moments.js - what happens in the run: switches, clock interrupts, sends, sleeps and detours, noted as they happen, in
// the words of tools/gdb/moments.py
"use strict";

const MOST_MOMENTS = 100000;
const SAVED_RETURN = 10; // <xinu/saved_stack.h>: where a process goes on, or begins

class Moments {
    constructor(machine, kernel) {
        Object.assign(this, {machine, kernel, processes: [], lanes: new Map(), all: [], traps: new Map(), firstTrap: undefined, lastTick: 0, complete: true});
        const notes = {
            "ctxsw": () => this.noteSwitch(), "clkdisp": () => this.noteTick(),
            "sleepms": () => this.note("sleep"), "detour::message_arrived": () => this.noteSend(),
            "cbfmanager": () => this.note("iret"), "cbfreturn": () => this.note("return"),
            "detour::arch::redirect_user": () => this.noteUser(), "system_call_entry": () => this.noteTrap(),
            "sysenter_entry": () => this.noteTrap()};
        for (const [name, note] of Object.entries(notes))
            if (kernel.symbols[name] !== undefined)
                machine.points.add(kernel.symbols[name], note);
    }

    // The place of each moment that a story can return to.
    address(what) {
        const names = {switch: "ctxsw", tick: "clkdisp", sleep: "sleepms", send: "detour::message_arrived",
                       iret: "cbfmanager", return: "cbfreturn", user: "detour::arch::redirect_user"};
        return this.kernel.symbols[names[what]];
    }

    argument(number) {
        return this.machine.word(this.machine.register(ESP) + 4 * number);
    }

    interrupted() {
        return this.argument(0);
    }

    now(what, more = {}) {
        const {machine, kernel} = this;
        return {what, at: machine.count, msec: kernel.clock(), lane: this.lane(kernel.currentPid()),
                console: machine.console.length, slice: machine.slices, ...more};
    }

    note(what, more) {
        if (!this.kernel.isBooted())
            return null;
        if (this.all.length >= MOST_MOMENTS) {
            this.complete = false;
            return null;
        }
        const moment = this.now(what, more);
        this.all.push(moment);
        return moment;
    }

    noteTick() {
        this.lastTick = this.machine.now();
        this.note("tick", {home: this.interrupted()});
    }

    // The last system call of each lane is kept, and the first of all: they are no moments.
    noteTrap() {
        if (!this.kernel.isBooted())
            return;
        const fast = this.machine.eip === this.kernel.symbols.sysenter_entry;
        const moment = this.now("trap", {address: this.machine.eip, fast});
        this.traps.set(moment.lane, moment);
        this.firstTrap = this.firstTrap || moment;
    }

    // A process in ring 3 is led to its callback; `begin` is how it came into the kernel.
    noteUser() {
        const lane = this.lane(this.kernel.currentPid());
        const ways = [this.traps.get(lane), this.last(this.all.length, "tick", {lane})].filter(Boolean);
        this.note("user", {begin: ways.sort((a, b) => b.at - a.at)[0]});
    }

    noteSend() {
        const to = this.argument(1);
        if (to < this.kernel.limit)
            this.note("send", {to: this.lane(to)});
    }

    // ctxsw(&old->prstkptr, &new->prstkptr); currpid is the new one already.
    noteSwitch() {
        const {kernel} = this;
        if (!kernel.isBooted())
            return;
        const pid = (number) => Math.floor((this.argument(number) - kernel.symbols.proctab) / kernel.entryBytes);
        const old = pid(1), next = pid(2) >= 0 && pid(2) < kernel.limit ? pid(2) : kernel.currentPid();
        if (old < 0 || old >= kernel.limit)
            return;
        const begins = this.machine.word(kernel.field(next, "prstkptr") + 4 * SAVED_RETURN);
        this.note("switch", {to: this.lane(next), state: kernel.state(old), lane: this.lane(old), begins});
    }

    // The lane of this process: table entries are reused.
    lane(pid) {
        const key = `${pid} ${this.kernel.field(pid, "prbirth")}`;
        if (!this.lanes.has(key)) {
            this.lanes.set(key, this.processes.length);
            this.processes.push({pid, name: this.kernel.nameOf(pid)});
        }
        return this.lanes.get(key);
    }

    // The last moment of this kind before that of this index; undefined if there is none.
    last(index, what, fields = {}) {
        const fits = (moment) => moment.what === what &&
            Object.entries(fields).every(([name, value]) => moment[name] === value);
        return this.all.slice(0, index).reverse().find(fits);
    }

    // Forgets what is later than this slice: the machine has been set back.
    cut(slice) {
        const kept = this.all.findIndex((moment) => moment.slice >= slice);
        if (kept >= 0)
            this.all.length = kept;
        this.complete = this.all.length < MOST_MOMENTS;
        this.traps.clear();
        if (this.firstTrap && this.firstTrap.slice >= slice)
            this.firstTrap = undefined;
    }
}
