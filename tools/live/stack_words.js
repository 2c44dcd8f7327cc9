// stack_words.js - what each word of a process's stacks is: the kernel's own code, compiled to WebAssembly from
// stack_module.cpp
"use strict";

// The fields of its struct Process, in order.
const SUBJECT = ["kernelTables", "kernelBytes", "programTables", "programBytes", "userret", "cbfreturn", "slot",
                 "original", "running", "kernelLow", "kernelEnd", "userLow", "userEnd", "pid"];

class StackDescriber {
    static async create(module) {
        const describer = new StackDescriber();
        const read = (address, to) => {
            const value = describer.read(address >>> 0);
            if (value !== null)
                describer.view().setUint32(to, value, true);
            return value === null ? 0 : 1;
        };
        describer.module = (await WebAssembly.instantiate(module, {env: {read}})).exports;
        return describer;
    }

    constructor() {
        this.read = () => null;
        this.loaded = null; // the program whose tables lie behind those of the kernel
    }

    view() {
        return new DataView(this.module.memory.buffer);
    }

    layout() {
        this.module.entry_layout();
        return this.text();
    }

    text() {
        const {module} = this;
        return String.fromCharCode(...new Uint8Array(module.memory.buffer, module.text_at(), module.text_length()));
    }

    // Copies the code tables of the kernel and of this process's program into the module.
    load(kernel, pid) {
        const {memory} = kernel.machine, {symbols} = kernel;
        const tables = memory.subarray(symbols.code_tables, symbols.code_tables_end);
        const program = kernel.program(pid);
        const at = this.module.arena_at();
        const behind = at + (tables.length + 15 & ~15);
        const arena = new Uint8Array(this.module.memory.buffer);
        if (this.loaded === null)
            arena.set(tables, at);
        const theirs = program ? elfSection(program.file, ".code_tables") : new Uint8Array(0);
        if (program && this.loaded !== program.first)
            arena.set(theirs, behind);
        this.loaded = program ? program.first : this.loaded || 0;
        return {kernelTables: at, kernelBytes: tables.length, programTables: behind, programBytes: theirs.length};
    }

    // Says whose stacks are described from now on, and from which registers on.
    choose(kernel, pid, registers) {
        const [kernelLow, kernelEnd] = kernel.stackRange(pid);
        const [userLow, userEnd] = kernel.directory(pid) ? USER_STACK : [0, 0];
        const subject = {
            ...this.load(kernel, pid), userret: kernel.symbols.userret, cbfreturn: kernel.symbols.cbfreturn,
            slot: kernel.field(pid, "prdetour.slot"), original: kernel.field(pid, "prdetour.original"),
            running: kernel.field(pid, "prdetour.running"), kernelLow, kernelEnd, userLow, userEnd, pid};
        const values = [...SUBJECT.map((name) => subject[name]), ...registers, 1];
        const view = this.view(), at = this.module.subject_at();
        values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
        this.read = kernel.reader(pid);
    }

    rows(at, count, columns) {
        const view = this.view();
        return Array.from({length: count}, (_, row) => Array.from(
            {length: columns}, (__, column) => view.getUint32(at + 4 * (row * columns + column), true)));
    }

    // [address, value, kind, role] of each word from ESP up.
    words() {
        const rows = this.rows(this.module.words_at(), this.module.describe(), 4);
        const text = this.text();
        return rows.map(([address, value, kind, role]) => [address, value, kind, lineAt(text, role)]);
    }

    // {name, place, esp, cfa, eip} of each active function, innermost first.
    functions() {
        const rows = this.rows(this.module.functions_at(), this.module.active(), 5);
        const text = this.text();
        return rows.map(([name, place, esp, cfa, eip]) =>
            ({name: lineAt(text, name), place: lineAt(text, place), esp, cfa, eip}));
    }

    // `function+offset (file:line)` of a code address; the number if it is none.
    place(address, back = 0) {
        this.module.code_address(address, back);
        return this.text().trimEnd() || `0x${hex(address)}`;
    }
}

const lineAt = (text, begin) => text.slice(begin, text.indexOf("\n", begin));
