// arch.hpp - the contract between the kernel and the machine
//
// kernel/ and system/ reach the CPU and the PC only through what is declared here. arch/x86 implements it;
// the host tests implement it with a fake. The single instructions (mask_interrupts, restore_interrupts,
// interrupts_masked, enable_interrupts, idle, cycle_counter) are inline in <machine/instructions.hpp>, of which
// each of the two has its own.
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

// Saves the caller's context on its stack and the stack pointer in *old, takes the stack from *new_ and
// returns there.
void ctxsw(char **old, char **new_);

// The instruction with which a process that is switched out goes on, in ctxsw; ESP is then its prstkptr.
extern const uint32 ctxsw_resumption;

// Goes on in next() on the exit stack, never to return. Interrupts masked.
[[noreturn]] void abandon_stack(void (*next)());

// Faults if fewer than `bytes` bytes (less than a page) of the caller's stack are free; the process is then
// ended, with a report. Otherwise does nothing.
void require_stack(uint32 bytes);

// Where sleepms() returns to when its return address was rewritten: arch/x86/entry/cbfmanager.S.
void cbfreturn();

// Bounds set by the linker script.
extern const char resched_text[], resched_etext[];
extern const char sleepms_text[], sleepms_etext[];
extern const char app_text[];
}

namespace detour::arch
{

struct MemoryRange {
    std::uint32_t base;  // physical address, page aligned
    std::uint32_t bytes; // a multiple of the page size
};

// Brings up CPU and PC from the state the boot loader leaves: console output, segments, exceptions, paging,
// interrupt controllers, clock. Interrupts stay masked. Ends the machine with a message if the loader is not
// multiboot 1 or gives no memory map. Returns the free memory, lowest first; it is mapped at its physical
// addresses.
std::span<const MemoryRange> start(std::uint32_t loader_signature, std::uint32_t loader_information);

// The stack that start() runs on; it becomes the null process's. Address of the highest word and size in
// bytes.
struct Stack {
    char *highest_word;
    std::uint32_t bytes;
};
Stack null_stack();
Stack exit_stack(); // the one of abandon_stack()

// Builds the first stack of a process, as if entry had been called with the arguments and then switched out
// at its first instruction. highest_word: of the stack, gets STACKMAGIC. arguments: nargs words. Returns the
// saved stack pointer for ctxsw().
char *prepare_first_stack(char *highest_word, void *entry, void (*return_to)(),
                          const std::uint32_t *arguments, std::uint32_t nargs);

// Builds a stack on which a process that has lost its own ends: as if it had been switched out at the first
// instruction of abandon_stack(next), interrupts masked. Returns its stack pointer for ctxsw(), which must be
// the next to run: there is only one such stack.
char *prepare_last_stack(void (*next)());

// Makes the page at this address fault.
void unmap_page(std::uint32_t address);

// Addresses without memory of their own, for stacks; page aligned, and none of the end wraps to 0. Pages of
// memory can be mapped there too, for every process; at an address at which none is, an access faults.
struct StackArea {
    std::uint32_t begin;
    std::uint32_t bytes;
};
StackArea stack_area();
void map_pages(std::uint32_t address, std::uint32_t physical, std::uint32_t pages);
void unmap_pages(std::uint32_t address, std::uint32_t pages);

// Whether all these bytes can be read and written; bytes > 0. Not so the null page, what lies below a stack,
// code and constants, and what lies beyond the memory. Its time grows with the number of pages.
bool is_memory(const void *begin, std::uint32_t bytes);

// ---- ring 3 ----

// The registers of a ring-3 process that has entered the kernel, on its kernel stack: only the machine knows
// their order.
struct UserFrame;

// Argument 0, 1 or 2 of the system call.
std::uint32_t user_argument(const UserFrame &frame, unsigned number);
std::uint32_t user_instruction_pointer(const UserFrame &frame);
std::uint32_t user_frame_pointer(const UserFrame &frame); // EBP
std::uint32_t user_stack_pointer(const UserFrame &frame);
std::uint32_t user_result_register(const UserFrame &frame); // what the process will find in EAX
void set_user_result(UserFrame &frame, std::uint32_t result);

// The words of an interrupt frame, as clkdisp would find them for a ring-0 process (R8): what a detour keeps
// on the process's own stack. Put back, they are what the process could have set itself: its flags are made
// harmless, its ring stays 3.
using UserContext = std::array<std::uint32_t, INTERRUPTED_WORDS>;
UserContext save_user_context(const UserFrame &frame);
void restore_user_context(UserFrame &frame, const UserContext &context, std::uint32_t stack_pointer);

// Lets the process go on at another place, with this in EAX and all flags clear.
void redirect_user(UserFrame &frame, std::uint32_t eip, std::uint32_t stack_pointer, std::uint32_t eax);

// Builds the first kernel stack of a ring-3 process: ctxsw() will lead to entry in ring 3. Returns the saved
// stack pointer.
char *prepare_user_stack(char *highest_word, std::uint32_t entry, std::uint32_t stack_pointer);

// What changes in the CPU from one ring-3 process to the next, besides the stack.
struct UserRegisters {
    std::uint32_t directory = 0;   // physical address of the page directory; 0: no ring-3 process
    std::uint16_t fs = 0, gs = 0;  // while the process does not run
    std::uint8_t *ports = nullptr; // its map of I/O ports, 8192 bytes, or none
};

// Makes this the process that ring 3 will run: its pages, its kernel stack, its ports. nullptr: no ring-3
// process. Forbids floating point, too.
void load_user_process(UserRegisters *next, const char *highest_word);

// The map of ports of the current process has changed.
void load_user_ports(const UserRegisters &current);

// These registers are about to be forgotten: the process has ended.
void forget_user_process(UserRegisters &registers);

// Pages and page tables of a ring-3 process; a directory is cleared before it is initialized, a table before
// it is added. All addresses of pages are physical; user addresses lie above the kernel's memory.
void initialize_directory(std::uint32_t directory);
void clear_page(std::uint32_t page);
bool has_user_table(std::uint32_t directory, std::uint32_t address);
void add_user_table(std::uint32_t directory, std::uint32_t address, std::uint32_t table);
void map_user_page(std::uint32_t directory, std::uint32_t address, std::uint32_t page, bool writable);
void unmap_user_page(std::uint32_t directory, std::uint32_t address);

// The page behind a user address; 0 if ring 3 could not read it, or not write it.
std::uint32_t user_page(std::uint32_t directory, std::uint32_t address, bool writable);

// The one place at which the kernel touches user memory under user addresses, which must have been checked.
void copy_user(void *to, const void *from, std::uint32_t bytes);

// The page with cbfmanager for ring 3, and whether ring 3 may use sysenter.
std::uint32_t return_page();
bool has_sysenter();

// ---- floating point ----

// The registers of the floating-point unit, as the machine keeps them.
struct FloatRegisters {
    std::array<std::uint32_t, 27> words;
};

// What a program expects at its start: no number in any register, all errors masked.
extern const FloatRegisters initial_float_registers;

void save_float(FloatRegisters &to); // the registers are then undefined
void load_float(const FloatRegisters &from);

// From now on the next floating-point instruction, in either ring, calls open_float() of
// kernel/sched/floating_point.hpp first; or no longer does.
void forbid_float();
void permit_float();

// ---- the rest of the PC ----

// One character to the console, at once, whatever else goes on; and one that was typed, or -1.
void console_write(char c);
int console_read();

// How a run of the machine ends.
enum class Ending : std::uint8_t { kCompleted, kPanic, kRefused, kLimit };

// Powers off. On a machine that cannot, and after a panic on one that is not being tested, stops for ever.
[[noreturn]] void power_off(Ending ending);

} // namespace detour::arch
