// arch.hpp - the contract between the kernel and the machine
//
// kernel/ and system/ reach the CPU and the PC only through what is declared here. arch/x86 implements it; the host
// tests implement it with a fake. The single instructions (the interrupt flag, require_stack, idle, cycle_counter) are
// inline in <machine/instructions.hpp>, of which each of the two has its own.
#pragma once

#include "kernel/base/claimed.h"
#include "kernel/base/page.h"

#include <xinu/process.h>
#include <xinu/types.h>

#include <array>
#include <cstdint>
#include <span>

#include <machine/instructions.hpp>

// Implemented in assembly, under the names that course code and debugger sessions use.
extern "C" {

// Saves the caller's context on its stack and the stack pointer in *old, loads the stack pointer from *new_ and returns
// on that stack.
void ctxsw(char **old, char **new_);

// The instruction in ctxsw at which a switched-out process resumes; ESP is then its prstkptr.
extern const uint32 ctxsw_resumption;

// Continues in next() on the exit stack and never returns. Called with interrupts masked.
[[noreturn]] void abandon_stack(void (*next)());

// Where sleepms() returns once its return address has been rewritten: arch/x86/entry/cbfmanager.S.
void cbfreturn();

// Bounds set by the linker script.
extern const char resched_text[], resched_etext[];
extern const char sleepms_text[], sleepms_etext[];
extern const char app_text[];
}

namespace detour::arch
{

struct MemoryRange {
    uint32_t base;  // physical address, page aligned
    uint32_t bytes; // a multiple of the page size
};

// Brings up CPU and PC from the state the boot loader leaves: console output, segments, exceptions, paging, interrupt
// controllers. Interrupts stay masked. Stops the machine with a message if the loader is not multiboot 1 or
// provides no memory map. Returns the free memory, lowest first; it is mapped at its physical addresses.
std::span<const MemoryRange> start(uint32_t loader_signature, uint32_t loader_information);

// Starts the clock interrupt and the console's, just before interrupts are enabled for the first time: a tick that came
// earlier would be lost.
void start_clock();

// The time of day, in UTC.
struct DateAndTime {
    int year; // 2000 to 2099
    unsigned month, day, hour, minute, second;
    bool operator==(const DateAndTime &) const = default;
};

// Reads the real-time clock. Returns false if there is none.
bool read_date(DateAndTime &now);

// A stack by the address of its highest word and its size in bytes. null_stack() is the one that start() runs on; it
// becomes the null process's.
struct Stack {
    char *highest_word;
    uint32_t bytes;
};
Stack null_stack();
Stack exit_stack(); // where abandon_stack() continues

// Builds the initial stack of a process, as if entry had been called with the arguments and switched out at its first
// instruction; entry returns to return_to. highest_word: of the stack, set to STACKMAGIC. arguments: nargs words.
// Returns the saved stack pointer for ctxsw().
char *prepare_first_stack(char *highest_word, void *entry, void (*return_to)(), const uint32_t *arguments,
                          uint32_t nargs);

// Builds a stack on which a process whose own stack is unusable can end, as if switched out at the first instruction of
// abandon_stack(next), interrupts masked. Returns its stack pointer for ctxsw(). That process must run next: there is
// only one such stack.
char *prepare_last_stack(void (*next)());

// Makes the page at this address fault.
void unmap_page(uint32_t address);

// Address space reserved for stacks; page aligned, and its end does not wrap to 0. No memory lies there until pages are
// mapped, in the address space of every process; an access to an unmapped address faults.
struct StackArea {
    uint32_t begin;
    uint32_t bytes;
};
StackArea stack_area();
void map_pages(uint32_t address, uint32_t physical, uint32_t pages);
void unmap_pages(uint32_t address, uint32_t pages);

// Whether all these bytes can be read and written; bytes > 0. False for the null page, the gap below a stack, code and
// constants, and addresses beyond the memory. Takes time proportional to the number of pages.
bool is_memory(const void *begin, uint32_t bytes);

// ---- ring 3 ----

// The registers of a ring-3 process that entered the kernel, on its kernel stack. Their order is known only to
// arch/x86.
struct UserFrame;

// Argument 0, 1 or 2 of the system call.
uint32_t user_argument(const UserFrame &frame, unsigned number);
uint32_t user_instruction_pointer(const UserFrame &frame);
uint32_t user_frame_pointer(const UserFrame &frame); // EBP
uint32_t user_stack_pointer(const UserFrame &frame);
uint32_t user_result_register(const UserFrame &frame); // EAX when the process resumes
void set_user_result(UserFrame &frame, uint32_t result);

// The words of an interrupt frame, in the order of clkdisp's frame for a ring-0 process (R8): the context that a detour
// keeps on the process's own stack. restore_user_context() admits only what the process could have set itself: it
// sanitizes EFLAGS, and the ring stays 3.
using UserContext = std::array<uint32_t, INTERRUPTED_WORDS>;
UserContext save_user_context(const UserFrame &frame);
void restore_user_context(UserFrame &frame, const UserContext &context, uint32_t stack_pointer);

// Makes the process resume at eip, with this EAX and all flags clear.
void redirect_user(UserFrame &frame, uint32_t eip, uint32_t stack_pointer, uint32_t eax);

// Builds the initial kernel stack of a ring-3 process: the first ctxsw() to it leads to entry in ring 3. Returns the
// saved stack pointer.
char *prepare_user_stack(char *highest_word, uint32_t entry, uint32_t stack_pointer);

// The CPU state that differs from one ring-3 process to the next, besides the stack.
struct UserRegisters {
    uint32_t directory = 0;   // physical address of the page directory; 0: no ring-3 process
    uint16_t fs = 0, gs = 0;  // while the process does not run
    uint8_t *ports = nullptr; // its map of I/O ports, 8192 bytes, or none
};

// Loads the page directory, kernel stack and I/O ports of the ring-3 process to run next; leave_user_process(): the
// next process is not one.
void load_user_process(UserRegisters &next, const char *highest_word);
void leave_user_process();

// Makes the CPU use the new map of I/O ports of the current process. Later changes of the map need nothing.
void load_user_ports(const UserRegisters &current);

// Drops every reference to these registers: the process has ended.
void forget_user_process(UserRegisters &registers);

// Pages and page tables of a ring-3 process. The caller clears a directory before initializing it, and a table before
// adding it. All page addresses are physical; user addresses lie above the kernel's memory.
void initialize_directory(uint32_t directory);
void clear_page(uint32_t page);
bool has_user_table(uint32_t directory, uint32_t address);
void add_user_table(uint32_t directory, uint32_t address, uint32_t table);
void map_user_page(uint32_t directory, uint32_t address, uint32_t page, bool writable);
void unmap_user_page(uint32_t directory, uint32_t address);

// The page frame mapped at a user address; 0 if ring 3 cannot read it or, with `writable`, cannot write it.
uint32_t user_page(uint32_t directory, uint32_t address, bool writable);

// The one place where the kernel accesses user memory at user addresses, which the caller has checked.
void copy_user(void *to, const void *from, uint32_t bytes);

// The page that holds cbfmanager for ring 3, and whether ring 3 may use sysenter.
uint32_t return_page();
bool has_sysenter();

// ---- floating point ----

// The registers of the floating-point unit, as the machine keeps them.
struct FloatRegisters {
    std::array<uint32_t, 27> words;
};

// The state that a program expects at its start: all registers empty, all exceptions masked.
extern const FloatRegisters initial_float_registers;

void save_float(FloatRegisters &to); // the registers are then undefined
void load_float(const FloatRegisters &from);

// forbid_float() makes the next floating-point instruction, in either ring, call open_float() of
// kernel/sched/floating_point.hpp first; permit_float() undoes that.
void forbid_float();
void permit_float();

// ---- watching ----

// Calls reached(n, stack) each time before the instruction at the n-th of these addresses is executed, on the exit
// stack, with interrupts masked; for an instruction in ring 0, `stack` is what ESP points to. Until watch_nothing().
constexpr uint32_t kWatchedPlaces = 4;
using ReachedHandler = void (*)(unsigned place, const uint32_t *stack);
void watch_execution(const std::array<uint32_t, kWatchedPlaces> &places, ReachedHandler reached);
void watch_nothing();

// ---- the rest of the PC ----

// console_write() writes one character to the console at once, from any context, and waits until the device takes it.
// console_read() returns a typed character, or -1 if there is none.
void console_write(char c);
int console_read();

// Whether the device takes a character now, without waiting. If it is, it takes console_burst() of them, by
// console_send(). Called with interrupts masked.
bool console_ready();
uint32_t console_burst();
void console_send(char c);

// Whether the device's interrupt tells that it is ready, and that there is a typed character; while it does not, the
// device keeps characters, and asks the sender to wait. Called with interrupts masked.
void console_interrupt_when_ready(bool on);
void console_interrupt_when_received(bool on);

// Lets the handler serve the interrupts of a line from now on, and unmasks it. False, with nothing done, if there is no
// such line, or the kernel serves it itself. Called with interrupts masked, as the handler is.
bool set_interrupt_handler(uint32_t line, void (*handler)());
bool has_program_handlers(); // whether there is such a handler, which may wake a process

// The first disk on the PC's IDE connector; interrupts are masked. disk_blocks(): its sectors of 512 bytes, 0 if there
// is none. disk_begin() waits, for some microseconds, until the disk takes the command, for kWrite with the data of the
// sector; false: it reports an error. Then disk_poll() tells how far it is, and ends the disk's interrupt; after kRead,
// `data` has the sector when it is done.
enum class DiskCommand : uint8_t { kRead, kWrite, kFlush };
enum class DiskState : uint8_t { kBusy, kDone, kFailed };
uint32_t disk_blocks();
bool disk_begin(DiskCommand command, uint32_t block, const void *data);
DiskState disk_poll(void *data);

// How a run of the machine ends.
enum class Ending : uint8_t { kCompleted, kPanic, kRefused, kLimit };

// Powers off. On a machine that cannot, and after a panic outside a test run, halts forever.
[[noreturn]] void power_off(Ending ending);

} // namespace detour::arch
