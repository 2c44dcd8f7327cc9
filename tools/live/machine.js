// machine.js - the kernel in v86, in virtual time: the same run, to the instruction, in node and in every browser
//
// An instruction takes 8 ns, as in QEMU with DETERMINISTIC=1; idle time passes at once. The machine runs in slices,
// each a call of v86's main_loop(): until about 100,000 instructions are executed, or there is nothing to do. What is
// typed arrives between two slices. So a run is repeated by its slices and by what was typed between them.
//
// v86 describes none of what is used here beyond its constructor: its version is pinned in tools/page/package.json.
"use strict";

const NANOSECONDS = 8; // of an instruction
const EXITS = {0x10: "powered off", 0x11: "panic", 0x12: "refused"}; // written to the port of isa-debug-exit
const ECX = 1, EDX = 2, ESP = 4;
const CS = 1;

class Machine {
    // v86: the constructor V86; module: v86.wasm, compiled; elf: the image's bytes.
    static async create({v86, module, elf, mebibytes = 16, commandLine = "debug-exit"}) {
        const machine = new Machine();
        machine.emulator = new v86({
            memory_size: mebibytes << 20, vga_memory_size: 1 << 20, disable_jit: true, autostart: false,
            disable_speaker: true, disable_keyboard: true, disable_mouse: true,
            multiboot: {buffer: elf}, cmdline: commandLine,
            wasm_fn: (imports) => machine.instantiate(module, imports)});
        await new Promise((resolve) => machine.emulator.add_listener("emulator-ready", resolve));
        machine.begin();
        return machine;
    }

    constructor() {
        Object.assign(this, {cpu: null, high: 0, last: 0, skipped: 0, slices: 0, end: null, console: [],
                             doubleFaults: 0, inputs: []});
        this.points = new Points(this);
    }

    // v86's own clock, and what it calls in a HLT, are replaced.
    async instantiate(module, imports) {
        const timers = imports.env.run_hardware_timers;
        Object.assign(imports.env, {
            microtick: () => this.now(), get_rand_int: () => 0,
            cpu_event_halt: () => { if (!this.points.trap()) this.end = this.end || "halted"; },
            run_hardware_timers: (acpi, time) =>
                this.cpu && this.cpu.in_hlt[0] && this.points.trap() ? 100 : timers(acpi, time)});
        return (await WebAssembly.instantiate(module, imports)).exports;
    }

    begin() {
        const {cpu} = this.emulator.v86;
        this.emulator.v86.constructor.microtick = () => Machine.current.now();
        this.cpu = cpu;
        Machine.current = this;
        this.emulator.add_listener("serial0-output-byte", (byte) => this.console.push(byte));
        cpu.io.register_write(0xF4, this, (value) => { this.end = this.end || EXITS[value] || `exit ${value}`; });
        cpu.reboot_internal = () => { this.end = this.end || "reset"; };
        cpu.devices.pci.set_state = () => {}; // 0.5.462 cannot restore the PCI devices of a machine without a disk
        this.memory = new Uint8Array(cpu.wasm_memory.buffer, cpu.mem8.byteOffset, cpu.mem8.length);
        this.words = new Int32Array(cpu.wasm_memory.buffer, cpu.mem8.byteOffset, cpu.mem8.length >> 2);
    }

    // Instructions executed. v86 counts in 32 bits.
    get count() {
        const low = this.cpu.instruction_counter[0];
        return (this.high + (low < this.last && this.last - low > 0x80000000 ? 1 : 0)) * 0x100000000 + low;
    }

    // Milliseconds of the machine since it was switched on.
    now() {
        return this.cpu ? this.skipped + this.count * NANOSECONDS / 1e6 : 0;
    }

    // Runs a slice. Returns the msec for which there is nothing to do; they have passed if `skip`.
    slice() {
        Machine.current = this;
        let idle = 0;
        try {
            idle = this.cpu.main_loop();
        } catch (error) {
            this.failed(error);
        }
        this.slices++;
        const low = this.cpu.instruction_counter[0];
        if (low < this.last && this.last - low > 0x80000000)
            this.high++;
        this.last = low;
        if (!this.cpu.in_hlt[0] || this.end)
            return 0;
        idle = Math.max(idle, 0.0001);
        this.skipped += idle;
        return idle;
    }

    // v86 has no double fault: a page fault that cannot push its frame repeats until JavaScript's stack is full.
    failed(error) {
        const full = error instanceof RangeError || /too much recursion|call stack/i.test(error.message);
        if (full && doubleFault(this.cpu, this.words))
            this.doubleFaults++;
        else
            this.end = this.end || (full || error instanceof WebAssembly.RuntimeError ? "reset" : `v86: ${error}`);
    }

    type(bytes) {
        this.inputs.push({slice: this.slices, bytes});
        this.receive(bytes);
    }

    receive(bytes) {
        for (const byte of bytes)
            this.emulator.bus.send("serial0-input", byte);
    }

    // Types what was typed at this place of an earlier run.
    repeat(inputs) {
        for (const input of inputs)
            if (input.slice === this.slices)
                this.receive(input.bytes);
    }

    // ---- going back ----

    save() {
        const [state, away] = this.points.without(() => this.emulator.v86.save_state());
        return {state, away, count: this.count, skipped: this.skipped, slices: this.slices,
                high: this.high, last: this.last, console: this.console.length, end: this.end,
                doubleFaults: this.doubleFaults};
    }

    restore(saved, output) {
        Machine.current = this;
        Object.assign(this, {skipped: saved.skipped, slices: saved.slices, high: saved.high, last: saved.last,
                             end: saved.end, doubleFaults: saved.doubleFaults,
                             console: output.slice(0, saved.console)});
        this.cpu.instruction_counter[0] = saved.last;
        this.emulator.v86.restore_state(saved.state);
        this.cpu.instruction_counter[0] = saved.last;
        this.points.restored(saved.away);
    }

    // ---- what the CPU and the memory hold ----

    register(number) {
        return this.cpu.reg32[number] >>> 0;
    }

    get eip() {
        return this.cpu.instruction_pointer[0] >>> 0;
    }

    get ring() {
        return this.cpu.sreg[CS] & 3;
    }

    registers() {
        return [...Array.from(this.cpu.reg32, (value) => value >>> 0), this.eip, this.cpu.get_eflags() >>> 0];
    }

    // The physical address of an address, by the page tables of this directory; null where nothing is mapped.
    physical(address, directory = this.cpu.cr[3]) {
        if (!(this.cpu.cr[0] >>> 31))
            return address;
        const upper = this.words[((directory & ~0xFFF) >>> 2) + (address >>> 22)];
        if (!(upper & 1))
            return null;
        if (upper & 0x80) // a page of 4 MiB
            return ((upper & 0xFFC00000) | (address & 0x3FFFFF)) >>> 0;
        const lower = this.words[((upper & ~0xFFF) >>> 2) + (address >>> 12 & 0x3FF)];
        return lower & 1 ? ((lower & ~0xFFF) | (address & 0xFFF)) >>> 0 : null;
    }

    byte(address, directory) {
        const place = this.physical(address >>> 0, directory);
        if (place === null || place >= this.memory.length)
            return null;
        return this.points.covered(place) ?? this.memory[place];
    }

    // The word at an address of any alignment; null where there is no memory.
    word(address, directory) {
        if (!(address & 3) && address >= this.points.end) {
            const place = this.physical(address >>> 0, directory);
            return place === null || place >= this.memory.length ? null : this.words[place >>> 2] >>> 0;
        }
        let value = 0;
        for (let i = 0; i < 4; i++) {
            const byte = this.byte(address + i, directory);
            if (byte === null)
                return null;
            value += byte * 2 ** (8 * i);
        }
        return value;
    }

    bytes(address, count) {
        return Uint8Array.from({length: count}, (_, i) => this.byte(address + i) ?? 0);
    }
}
