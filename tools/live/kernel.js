// kernel.js - the kernel's tables as the page sees them, in the memory of the machine
"use strict";

const USER_BEGIN = 0x40000000, USER_END = 0xC0000000, RETURN_PAGE = 0xBFFFF000; // <xinu/userspace.h>
const USER_STACK = [0xBEFEF000, 0xBEFFF000];
const PAGE = 4096;

class Kernel {
    // layout: text of lines `field offset bytes`, from stack_module.cpp.
    constructor(machine, facts, layout, code) {
        Object.assign(this, {machine, facts, symbols: facts.symbols, code});
        machine.points.code = code;
        this.fields = new Map(layout.trim().split("\n").map((line) => line.split(" "))
            .map(([name, offset, bytes]) => [name, [Number(offset), Number(bytes)]]));
        this.entryBytes = this.fields.get("procent")[1];
        this.limit = facts.sizes.proctab / this.entryBytes;
    }

    variable(name) {
        return this.machine.words[this.symbols[name] >>> 2] >>> 0;
    }

    // A field of an entry of the process table; all but the text prname are unsigned.
    field(pid, name) {
        const [offset, bytes] = this.fields.get(name);
        const at = this.symbols.proctab + pid * this.entryBytes + offset;
        const {memory} = this.machine;
        if (bytes > 4)
            return textOf(memory.subarray(at, at + bytes));
        let value = 0;
        for (let i = bytes; i-- > 0;)
            value = value * 256 + memory[at + i];
        return value;
    }

    nameOf(pid) {
        return this.field(pid, "prname");
    }

    state(pid) {
        const state = this.field(pid, "prstate");
        return this.facts.states[state] ?? `state ${state}?`;
    }

    currentPid() {
        return this.variable("currpid");
    }

    clock() {
        return this.variable("clkcountermsec");
    }

    isBooted() {
        return this.variable("prcount") !== 0 || this.nameOf(0) !== "";
    }

    // The pids of the processes that there are.
    processes() {
        return Array.from({length: this.limit}, (_, pid) => pid).filter((pid) => this.field(pid, "prstate") !== 0);
    }

    // [lowest address, address of STACKMAGIC] of the stack; for a process in ring 3, of its kernel stack.
    stackRange(pid) {
        const highest = this.field(pid, "prstkbase");
        const pages = Math.ceil(this.field(pid, "prstklen") / PAGE);
        return [Math.max(0, highest + 4 - PAGE * pages), highest];
    }

    // The physical address of the page directory of a process in ring 3; 0 for one of ring 0.
    directory(pid) {
        return this.element("detour::user_registers", pid);
    }

    // The first word of this element of a table.
    element(table, pid) {
        const stride = this.facts.sizes[table] / this.limit;
        return this.machine.words[this.symbols[table] + pid * stride >>> 2] >>> 0;
    }

    // The file of the program that a process in ring 3 runs, as it lies in the image; null for one of ring 0.
    program(pid) {
        const program = this.directory(pid) && this.element("detour::user_spaces", pid);
        if (!program)
            return null;
        const [, first, bytes] = [0, 4, 8].map((offset) => this.machine.words[program + offset >>> 2] >>> 0);
        return {first, file: this.machine.memory.subarray(first, first + bytes)};
    }

    // The same words of the machine, as this process sees them.
    reader(pid) {
        const directory = this.directory(pid) || undefined;
        const {machine} = this;
        return (address) => machine.word(address, address >= USER_BEGIN && address < USER_END ? directory : undefined);
    }
}

// The text up to a NUL; what is no ASCII is a question mark.
function textOf(bytes) {
    const end = bytes.indexOf(0);
    return Array.from(bytes.subarray(0, end < 0 ? bytes.length : end),
                      (byte) => byte >= 0x20 && byte < 0x7F ? String.fromCharCode(byte) : "?").join("");
}

// A section of an ELF file; empty if there is none of this name.
function elfSection(file, name) {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const [table, size, count, names] =
        [view.getUint32(32, true), ...[46, 48, 50].map((offset) => view.getUint16(offset, true))];
    const header = (i) => [0, 16, 20].map((offset) => view.getUint32(table + i * size + offset, true));
    const texts = header(names)[1];
    for (let i = 0; i < count; i++) {
        const [at, offset, bytes] = header(i);
        if (textOf(file.subarray(texts + at, texts + at + name.length + 1)) === name)
            return file.subarray(offset, offset + bytes);
    }
    return file.subarray(0, 0);
}
