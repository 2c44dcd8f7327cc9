// film.js - one process, instruction by instruction, in a run that is repeated: tools/gdb/film.py for v86
//
// A Film is told by generators. Each `yield` is a list of addresses: the machine runs until it is at one of them. What
// the entry code calls is one step, but for callbacks, of which each line is a step.
//
// In ring 3 nothing can be stopped. Of a way through ring 3 there are two steps: its first instruction, known before
// iret or sysexit is executed, and its last, known when the kernel is entered again.
"use strict";

const MOST_STEPS = 600;
const MOST_INSTRUCTIONS = 2000; // of a callback, without what it calls
const ENTRY_FIELDS = ["pretype", "pralarmreg", "pralarmtime", "prmsgreg", "prhasmsg", "prmsg"];
const DETOUR_FIELDS = ["running", "arrived", "slot", "original", "vacation"];
const CS_RING = 3;

class Film {
    // moments: of the run that is repeated, for lanes.
    constructor(pid, kernel, moments, describer) {
        Object.assign(this, {pid, kernel, moments, describer, machine: kernel.machine, code: kernel.code, steps: []});
    }

    // ---- snapshots ----

    register(number) {
        return this.machine.register(number);
    }

    // The word so many words above ESP.
    pushed(number) {
        return this.machine.word(this.register(ESP) + 4 * number);
    }

    isRunning(registers) {
        const {kernel, pid} = this, {symbols} = kernel;
        const esp = registers[ESP], current = kernel.currentPid() === pid;
        const [low, end] = kernel.stackRange(pid);
        return (esp >= low && esp <= end) ||
            (current && esp >= USER_STACK[0] && esp <= USER_STACK[1] && kernel.directory(pid) !== 0) ||
            (current && esp >= symbols.exit_stack && esp <= symbols.exit_stack_top);
    }

    // Adds the present as a step; mark names what has just happened, for the chapters. state: {registers, ring, at} of
    // a moment just before or behind the present.
    snap(mark, state = {}) {
        const {kernel, describer, machine, pid} = this;
        const {registers = machine.registers(), ring = machine.ring, at = machine.count} = state;
        const running = this.isRunning(registers);
        const resumption = [0, 0, 0, 0, kernel.field(pid, "prstkptr"), 0, 0, 0, kernel.variable("ctxsw_resumption")];
        describer.choose(kernel, pid, running ? registers.slice(0, 9) : resumption);
        const frames = describer.functions();
        const eip = registers[8];
        const step = {
            at, msec: kernel.clock(), by: this.moments.lane(kernel.currentPid()), running, ring, eip,
            insn: state.insn || this.code.text(eip) || "…", call: this.code.isCall(eip), registers,
            place: describer.place(eip), esp: frames[0].esp, words: describer.words(),
            frames: frames.map((frame) => ({...frame, side: this.code.inProgram(frame.eip) ? "program" : "kernel"})),
            entry: this.entry(), console: machine.console.length};
        step.source = sourceOf(step.place);
        if (mark)
            step.mark = mark;
        this.steps.push(step);
        return step;
    }

    // The fields of the process table entry that a detour is about; addresses of code with their names.
    entry() {
        const {kernel, pid, describer} = this;
        const fields = {prstate: kernel.state(pid), prstkptr: kernel.field(pid, "prstkptr")};
        for (const name of [...ENTRY_FIELDS, ...DETOUR_FIELDS.map((field) => `prdetour.${field}`)])
            fields[name] = kernel.field(pid, name);
        fields.prcbf1 = fields.pralarmreg ? describer.place(kernel.field(pid, "prcbf1")) : "";
        fields.prcbf2 = fields.prmsgreg ? describer.place(kernel.field(pid, "prcbf2")) : "";
        const original = fields["prdetour.original"];
        fields.original = original ? describer.place(original, 1) : "";
        return fields;
    }

    // ---- where it comes from ----

    // In the first instruction of clkdisp: the registers of what was interrupted.
    interrupted() {
        const registers = this.machine.registers();
        const ring = this.pushed(1) & CS_RING;
        Object.assign(registers, {[ESP]: ring ? this.pushed(3) : registers[ESP] + 12, 8: this.pushed(0),
                                  9: this.pushed(2)});
        return {registers, ring, at: this.machine.count};
    }

    // In the first instruction of an entry from ring 3 by int or sysenter: the registers there.
    asked() {
        const fast = this.machine.eip === this.kernel.symbols.sysenter_entry;
        const state = fast ? {registers: this.machine.registers(), ring: 3} : this.interrupted();
        if (fast)
            Object.assign(state.registers, {[ESP]: this.register(ECX), 8: this.register(EDX)});
        else
            state.registers[8] -= 2;
        return {...state, at: this.machine.count - 1, insn: fast ? "sysenter" : "int $0x30"};
    }

    // In an iret or sysexit to ring 3: the registers behind it. null in any other instruction.
    leaving() {
        const name = this.code.text(this.machine.eip);
        const registers = this.machine.registers();
        if (name === "iret" && this.pushed(1) & CS_RING)
            Object.assign(registers, {[ESP]: this.pushed(3), 8: this.pushed(0), 9: this.pushed(2)});
        else if (name === "sysexit")
            Object.assign(registers, {[ESP]: this.register(ECX), 8: this.register(EDX)});
        else
            return null;
        return {registers, ring: 3, at: this.machine.count + 1};
    }

    // ---- steps ----

    // To the place and time of a moment.
    *seek(moment, address = this.moments.address(moment.what)) {
        while (this.machine.count < moment.at || this.machine.eip !== address) {
            if (this.machine.count > moment.at)
                throw new Error("the run has not come to this moment again");
            yield [address];
        }
    }

    // Runs to this address: in this process, if any, and with the stack at least as high as `esp`.
    *goTo(address, esp = 0, pid = null) {
        do
            yield [address];
        while (this.register(ESP) < esp || (pid !== null && pid !== this.kernel.currentPid()));
    }

    // Executes one instruction; a call, and an interrupt that comes in before the next one, to its end. Returns whether
    // it was an interrupt.
    *step() {
        const {machine, code, kernel} = this;
        const at = machine.eip, esp = this.register(ESP), pid = kernel.currentPid();
        if (code.isCall(at)) {
            yield* this.goTo(code.after(at), esp, pid);
            return false;
        }
        yield [...code.followers(machine), kernel.symbols.clkdisp];
        if (machine.eip !== kernel.symbols.clkdisp)
            return false;
        yield* this.goTo(this.pushed(0), this.register(ESP) + 12, pid);
        return true;
    }

    // The same wherever the process is: of a way through ring 3, the first and the last instruction are steps.
    *stepAnywhere() {
        const outside = this.leaving();
        if (outside)
            yield* this.throughRing3(outside);
        else
            yield* this.step();
    }

    // Executes the call of a callback, and then its lines.
    *enterCallback() {
        const {machine, code} = this;
        const esp = this.register(ESP), after = code.after(machine.eip);
        yield code.followers(machine);
        let {place, source} = this.snap("callback");
        const name = place.split("+")[0];
        for (let i = 0; i < MOST_INSTRUCTIONS; i++) {
            yield* this.step();
            if (machine.eip === after && this.register(ESP) === esp)
                break;
            place = this.describer.place(machine.eip);
            const line = sourceOf(place);
            if (place.split("+")[0] === name && String(line) !== String(source)) {
                source = line;
                this.snap("line");
            }
        }
        if (machine.eip !== after || this.register(ESP) !== esp)
            yield* this.goTo(after, esp, this.pid);
    }

    // From an iret or sysexit to ring 3 to the next entry by a system call.
    *throughRing3(state) {
        const {symbols} = this.kernel;
        this.snap(null, state);
        do
            yield [symbols.system_call_entry, symbols.sysenter_entry];
        while (this.kernel.currentPid() !== this.pid);
        this.snap(null, this.asked());
    }

    // Steps, with a snapshot before each instruction, until done(): done(state) also of what ring 3 begins with.
    *until(done) {
        let mark = null;
        while (!done()) {
            if (this.steps.length >= MOST_STEPS)
                throw new Error("this is too long for a story");
            this.snap(mark);
            mark = null;
            const callee = this.code.callee(this.machine.eip), outside = this.leaving();
            if (outside && done(outside))
                return;
            if (outside) {
                yield* this.throughRing3(outside);
            } else if (callee >= 0 && this.code.inProgram(this.register(callee))) {
                yield* this.enterCallback();
                mark = "callback returned";
            } else {
                mark = (yield* this.step()) ? "interrupt" : null;
            }
        }
    }

    *untilHome(eip, esp) {
        yield* this.until((state) => {
            const {registers} = state || {registers: this.machine.registers()};
            return registers[8] === eip && registers[ESP] === esp && this.kernel.currentPid() === this.pid;
        });
        this.snap("home", this.leaving() || {});
    }

    // Executes a function that changes this process's stack or entry, up to the address `after`, where it returns to.
    // Of its instructions, those that change something are kept, and the first and last.
    *changes(after, mark) {
        const esp = this.register(ESP), seen = [];
        while (this.machine.eip !== after || this.register(ESP) <= esp) {
            seen.push(this.snap(seen.length ? null : mark));
            yield* this.step();
            if (this.steps.length > MOST_STEPS)
                throw new Error("this is too long for a story");
        }
        seen.push(this.snap("changed"));
        const state = seen.map((step) => JSON.stringify([step.words, step.entry]));
        const dropped = seen.filter((_, i) => i > 0 && i < seen.length - 1 && state[i - 1] === state[i] &&
                                              state[i] === state[i + 1]);
        this.steps = this.steps.filter((step) => !dropped.includes(step));
    }
}

// [file, line] of `function+offset (file:line)`; null if it has none.
function sourceOf(place) {
    const match = place.match(/\((.*):(\d+)\)$/);
    return match && [match[1], Number(match[2])];
}
