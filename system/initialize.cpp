// initialize.cpp - system initialization, in order, and the null process
#include "kernel/base/arch.hpp"
#include "kernel/base/assert.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/print.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/report/deadlock.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"
#include "kernel/sched/window.hpp"

#include <xinu.h>

extern "C" {
// The program's first function, whatever its actual signature: called without arguments, its result is ignored.
void main();
[[noreturn]] void nulluser(uint32 loader_signature, uint32 loader_information);
}

namespace
{

[[noreturn]] void refuse_for_lack_of_memory()
{
    detour::print("Detour: not enough memory for the kernel's tables and a first process. Give the machine more "
                  "(MEM), or the kernel fewer processes (NPROC).\n");
    detour::arch::power_off(detour::arch::Ending::kRefused);
}

void start(void *function, pri16 priority, const char *name)
{
    if (resume(create(function, INITSTK, priority, name, 0)) == SYSERR)
        refuse_for_lack_of_memory();
}

// The rows of the switch must be in the order of their numbers, and none missing.
void initialize_devices()
{
    for (did32 device = 0; device < NDEVS; ++device) {
        KASSERT(devtab[device].dvnum == device);
        init(device);
    }
}

// The first process: what is left of the initialization, where it may block. It ends before main() begins, which has
// the id 2 that course programs expect, as in Xinu.
void startup()
{
    initialize_devices();
    start(reinterpret_cast<void *>(&main), INITPRIO, "Main process");
}

void clean_up()
{
    const detour::InterruptGuard guard;
    detour::release_remains(true);
}

} // namespace

// Entered from _start (arch/x86/boot/boot.S) on the stack of the null process, and becomes that process, which runs
// when no other can. It never blocks and is in no queue.
void nulluser(uint32 loader_signature, uint32 loader_information)
{
    using namespace detour;
    const auto memory = arch::start(loader_signature, loader_information);
    if (!initialize_memory(memory))
        refuse_for_lack_of_memory();
    minheap = reinterpret_cast<void *>(memory.front().base);
    maxheap = reinterpret_cast<void *>(memory.back().base + memory.back().bytes - 1);
    const arch::Stack stack = arch::null_stack();
    *reinterpret_cast<uint32 *>(stack.highest_word) = STACKMAGIC;
    initialize_process_table();
    give_stack(kNullProcess, stack.highest_word, stack.bytes);
    publish_sysenter(arch::has_sysenter());
    kprintf("Detour: %u KiB of memory are free; at most %d processes.\n", freepages() * 4, NPROC);
    initialize_clock();
    arch::start_clock();
    start(reinterpret_cast<void *>(&startup), INITPRIO + 1, "Startup process");
    for (;;) {
        clean_up();
        wakeup(); // the rest of many sleepers that were due on one tick
        report_if_stuck();
        arch::idle();
    }
}
