// points.js - breakpoints in the kernel: a HLT over the first byte of an instruction
//
// In a HLT, v86 calls a function of ours in the middle of its work. There the byte is put back, EIP and the count of
// instructions are as if there had been no HLT, and the handler looks at the machine. To come back, the HLT must be set
// again behind the instruction; so others are set on all instructions that may follow it. No order of events is
// disturbed, and a run with breakpoints is the same, to the instruction, as one without.
//
// In ring 3 a HLT is a fault: breakpoints are for the kernel's memory, where addresses are physical ones.
"use strict";

const HLT = 0xF4;

class Points {
    constructor(machine) {
        this.machine = machine;
        this.code = null;            // the Code, for what follows an instruction
        this.permanent = new Map();  // address: function to call
        this.waiting = new Set();    // addresses at which arrived() is called
        this.arrived = null;
        this.armed = new Map();      // address: the byte below the HLT
        this.away = 0;               // the address of a breakpoint whose instruction is being executed
        this.end = 0;                // behind the highest that is armed
    }

    // Calls this function at each arrival at an address.
    add(address, handler) {
        this.permanent.set(address, handler);
        this.arm();
    }

    // Calls arrived(address) at the first arrival at one of these addresses.
    wait(addresses, arrived) {
        this.waiting = new Set(addresses);
        this.arrived = arrived;
    }

    covered(place) {
        return this.armed.get(place);
    }

    // Called by v86 in a HLT. Returns false if it is the kernel's own.
    trap() {
        const {cpu} = this.machine;
        const address = cpu.instruction_pointer[0] - 1 >>> 0;
        if (!this.armed.has(address))
            return false;
        cpu.in_hlt[0] = 0;
        cpu.instruction_counter[0]--;
        cpu.instruction_pointer[0] = address;
        this.disarm(address);
        this.away = 0;
        const handler = this.permanent.get(address);
        if (handler)
            handler();
        if (this.waiting.has(address)) {
            const {arrived} = this;
            this.wait([], null);
            arrived(address);
        }
        this.away = address;
        this.arm();
        return true;
    }

    // Has a HLT where one is wanted, and nowhere else.
    arm() {
        const wanted = new Set([...this.permanent.keys(), ...this.waiting]);
        if (this.away && wanted.delete(this.away))
            this.code.followers(this.machine).forEach((address) => wanted.add(address));
        wanted.delete(this.away); // it would not be executed: a jump to itself is no step
        for (const address of [...this.armed.keys()])
            if (!wanted.has(address))
                this.disarm(address);
        const {memory} = this.machine;
        for (const address of wanted) {
            if (!this.armed.has(address)) {
                this.armed.set(address, memory[address]);
                memory[address] = HLT;
            }
        }
        this.end = Math.max(0, ...this.armed.keys()) + 1;
    }

    disarm(address) {
        this.machine.memory[address] = this.armed.get(address);
        this.armed.delete(address);
    }

    // The result of this function, which sees the memory without breakpoints, and the instruction being executed.
    without(work) {
        const armed = [...this.armed.keys()];
        armed.forEach((address) => this.disarm(address));
        const result = work();
        for (const address of armed) {
            this.armed.set(address, this.machine.memory[address]);
            this.machine.memory[address] = HLT;
        }
        return [result, this.machine.eip === this.away ? this.away : 0];
    }

    // The memory is that of an earlier time, without breakpoints.
    restored(away) {
        this.armed.clear();
        this.away = away;
        this.arm();
    }
}
