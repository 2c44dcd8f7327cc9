// code.js - the kernel's instructions: where each begins, its text, and which may follow it
"use strict";

const REGISTER_NAMES = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];

class Code {
    // facts: what tools/live/facts.py writes.
    constructor({code, symbols}) {
        this.symbols = symbols;
        this.texts = code.texts.split("\n");
        this.first = code.first;
        this.starts = new Uint32Array(code.lengths.length + 1);
        let address = code.first;
        for (let i = 0; i < code.lengths.length; i++) {
            this.starts[i] = address;
            address += code.lengths.charCodeAt(i) - 96;
        }
        this.starts[code.lengths.length] = this.end = address;
    }

    // The index of the instruction that begins here, or in which this byte lies.
    index(address) {
        let low = 0, high = this.texts.length;
        while (high - low > 1) {
            const middle = low + high >> 1;
            if (this.starts[middle] <= address)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    holds(address) {
        return address >= this.first && address < this.end;
    }

    text(address) {
        return this.holds(address) ? this.texts[this.index(address)] : "";
    }

    after(address) {
        return this.starts[this.index(address) + 1];
    }

    // The instruction that ends at this address: for a return address, its call.
    before(address) {
        return this.starts[this.index(address - 1)];
    }

    // Addresses that may be executed after the next instruction, without those in ring 3, and without interrupts.
    followers(machine) {
        const at = machine.eip, after = this.after(at);
        const text = this.text(at), name = text.split(" ")[0];
        if (/^ret/.test(name))
            return [machine.word(machine.register(ESP))];
        if (name === "iret")
            return machine.word(machine.register(ESP) + 4) & 3 ? [] : [machine.word(machine.register(ESP))];
        if (["sysexit", "ud2", "int", "int3"].includes(name))
            return [];
        const target = /^(call|j|loop)/.test(name) ? this.target(machine, at, after, text) : null;
        if (name === "call" || name === "jmp")
            return [target];
        return target === null ? [after] : [after, target];
    }

    // Where a jump or call leads.
    target(machine, at, after, text) {
        if (text.includes("*"))
            return this.indirect(machine, text.split("*")[1]);
        const bytes = new DataView(machine.bytes(at, after - at).buffer);
        const length = bytes.byteLength;
        return after + (length >= 5 ? bytes.getInt32(length - 4, true) : bytes.getInt8(length - 1)) >>> 0;
    }

    // The value of an operand: %register, or number(%base,%index,scale).
    indirect(machine, operand) {
        const value = (name) => name ? machine.register(REGISTER_NAMES.indexOf(name)) : 0;
        if (operand.startsWith("%"))
            return value(operand.slice(1));
        const [, sign, number, base, index, scale] =
            operand.match(/^(-?)(0x[0-9a-f]+)?(?:\((?:%(\w+))?(?:,%(\w+),(\d))?\))?$/);
        const offset = (sign ? -1 : 1) * Number(number || 0);
        return machine.word(offset + value(base) + value(index) * Number(scale || 0) >>> 0);
    }

    // Whether the instruction here is a call; of one through a register, also which.
    isCall(address) {
        return this.text(address).startsWith("call");
    }

    callee(address) {
        const match = this.text(address).match(/^call \*%(\w+)$/);
        return match ? REGISTER_NAMES.indexOf(match[1]) : -1;
    }

    inProgram(address) {
        return (address >= this.symbols["kernel.app_text"] && address < this.symbols["kernel.etext"]) ||
            (address >= USER_BEGIN && address < RETURN_PAGE);
    }
}
