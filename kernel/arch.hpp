// arch.hpp - the contract between the kernel and the machine
//
// kernel/ and system/ reach the CPU and the PC only through what is declared here. arch/x86 implements it;
// the host tests implement it with a fake. The single instructions (mask_interrupts, restore_interrupts,
// interrupts_masked, enable_interrupts, idle, cycle_counter) are inline in the header included below.
#pragma once

#include <xinu/process.h>
#include <xinu/types.h>

#include <cstdint>
#include <span>

#ifdef DETOUR_HOST_TEST
#include "tests/host/fake_cpu.hpp"
#else
#include "arch/x86/cpu.hpp"
#endif

// Implemented in assembly, under the names that course code and debugger sessions use.
extern "C" {

// Saves the caller's context on its stack and the stack pointer in *old, takes the stack from *new_ and
// returns there.
void ctxsw(char **old, char **new_);

// Goes on in next() on the exit stack, never to return. Interrupts masked.
[[noreturn]] void abandon_stack(void (*next)());

// Faults if fewer than `bytes` bytes (less than a page) of the caller's stack are free; the process is then
// ended, with a report. Otherwise does nothing.
void require_stack(uint32 bytes);

// Where sleepms() returns to when its return address was rewritten: arch/x86/cbfmanager.S.
void cbfreturn();

// Bounds set by the linker script.
extern const char resched_text[], resched_etext[];
extern const char sleepms_text[], sleepms_etext[];
extern const char app_text[];
}

namespace detour::arch
{

constexpr std::uint32_t kPageBytes = 4096;

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

// The address behind the last instruction of the image: etext.
std::uint32_t code_end();

// Makes the page at this address fault, or usable again.
void unmap_page(std::uint32_t address);
void map_page(std::uint32_t address);

// Whether all these bytes can be read and written; bytes > 0. Not so the null page, a guard page, code and
// constants, and what lies beyond the memory. Its time grows with the number of pages.
bool is_memory(const void *begin, std::uint32_t bytes);

// One character to the console, at once, whatever else goes on; and one that was typed, or -1.
void console_write(char c);
int console_read();

// How a run of the machine ends.
enum class Ending : std::uint8_t { kCompleted, kPanic, kRefused };

// Powers off. On a machine that cannot, and after a panic on one that is not being tested, stops for ever.
[[noreturn]] void power_off(Ending ending);

} // namespace detour::arch
