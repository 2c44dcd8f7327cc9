// double_fault.js - what the CPU does when it cannot push the frame of an exception: it changes to the task that the
// IDT names (Intel SDM vol. 3, "Task Management"). v86 0.5.462 does not.
"use strict";

const VECTOR = 8;
const TASK_GATE = 0x8500, GATE_TYPE = 0x9F00; // present, in the second word of a descriptor
const BUSY = 0x200;
const TASK_REGISTER = 6; // in v86's tables of segments
const CR0_TASK_SWITCHED = 8, EFLAGS_NESTED = 0x4000;
// Offsets in a task state segment.
const TSS = {link: 0x00, cr3: 0x1C, eip: 0x20, eflags: 0x24, registers: 0x28, segments: 0x48, limit: 103};

// Returns false if there is no such task: then the CPU would be reset. words: the machine's memory.
function doubleFault(cpu, words) {
    const read = (address) => words[address >>> 2];
    const write = (address, value) => { words[address >>> 2] = value; };
    const gate = cpu.idtr_offset[0] + 8 * VECTOR;
    if (cpu.idtr_size[0] < 8 * VECTOR + 7 || (read(gate + 4) & GATE_TYPE) !== TASK_GATE)
        return false;
    const selector = read(gate) >>> 16;
    const descriptor = cpu.gdtr_offset[0] + (selector & ~7);
    const [low, high] = [read(descriptor), read(descriptor + 4)];
    const task = (low >>> 16 | (high & 0xFF) << 16 | high & 0xFF000000) >>> 0;
    saveTask(cpu, cpu.segment_offsets[TASK_REGISTER], write);
    write(task + TSS.link, cpu.sreg[TASK_REGISTER]);
    write(descriptor + 4, high | BUSY);
    loadTask(cpu, task, selector, read);
    cpu.reg32[4] -= 4;
    write(cpu.reg32[4], 0); // the error code
    return true;
}

function saveTask(cpu, task, write) {
    write(task + TSS.eip, cpu.instruction_pointer[0]);
    write(task + TSS.eflags, cpu.get_eflags());
    for (let i = 0; i < 8; i++)
        write(task + TSS.registers + 4 * i, cpu.reg32[i]);
    for (let i = 0; i < 6; i++)
        write(task + TSS.segments + 4 * i, cpu.sreg[i]);
}

// All segments begin at 0, so their selectors are all that differs.
function loadTask(cpu, task, selector, read) {
    for (let i = 0; i < 8; i++)
        cpu.reg32[i] = read(task + TSS.registers + 4 * i);
    for (let i = 0; i < 6; i++)
        cpu.sreg[i] = read(task + TSS.segments + 4 * i);
    cpu.instruction_pointer[0] = read(task + TSS.eip);
    cpu.flags[0] = read(task + TSS.eflags) | EFLAGS_NESTED;
    cpu.flags_changed[0] = 0;
    cpu.cr[3] = read(task + TSS.cr3);
    cpu.cr[0] |= CR0_TASK_SWITCHED;
    cpu.sreg[TASK_REGISTER] = selector;
    cpu.segment_offsets[TASK_REGISTER] = task;
    cpu.segment_limits[TASK_REGISTER] = TSS.limit;
    cpu.cpl[0] = 0;
    cpu.full_clear_tlb();
    cpu.update_state_flags();
}
