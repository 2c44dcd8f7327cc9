// start.cpp - bringing up the CPU and the PC, in the order in which one thing needs another
#include "arch/x86/boot/multiboot.hpp"
#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/cpu/cpu_features.hpp"
#include "arch/x86/cpu/fpu.hpp"
#include "arch/x86/cpu/idt.hpp"
#include "arch/x86/cpu/kernel_stacks.hpp"
#include "arch/x86/cpu/paging.hpp"
#include "arch/x86/cpu/segments.hpp"
#include "arch/x86/device/keyboard.hpp"
#include "arch/x86/device/limit.hpp"
#include "arch/x86/device/pic.hpp"
#include "arch/x86/device/pit.hpp"
#include "arch/x86/device/power.hpp"
#include "arch/x86/device/uart.hpp"
#include "arch/x86/device/vga.hpp"
#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"

#include <xinu/prototypes.h>

#include <optional>
#include <string_view>

namespace detour::arch
{

namespace
{

constinit MemoryRanges memory{}; // outlives start(), which hands out its ranges
constinit std::optional<uint32_t> clock_seed{};

[[noreturn]] void refuse(const char *why)
{
    print("%s", why);
    power_off(Ending::kRefused);
}

// The number behind a word of the command line, 0 if there is none; nothing if the word is not there.
std::optional<uint32_t> option(std::string_view command_line, std::string_view word)
{
    const auto at = command_line.find(word);
    if (at == std::string_view::npos)
        return std::nullopt;
    command_line.remove_prefix(at + word.size());
    uint32_t number = 0;
    for (; !command_line.empty() && command_line.front() >= '0' && command_line.front() <= '9';
         command_line.remove_prefix(1))
        number = number * 10 + static_cast<uint32_t>(command_line.front() - '0');
    return number;
}

uint32_t round_up_to_page(uint32_t address)
{
    return (address + kPageBytes - 1) & ~(kPageBytes - 1);
}

uint32_t end_of(const MemoryRange &range)
{
    return range.base + range.bytes;
}

// The image, and the page tables behind it, must lie in memory. If not, the variables in .bss do not exist, and perhaps
// not the command line, which loaders put behind the image.
void require_room_for_image(const MemoryRanges &memory)
{
    const uint32_t top = end_of(memory.all().back());
    const uint32_t needed = round_up_to_page(address_of(&end)) + page_table_bytes(top);
    for (const MemoryRange &range : memory.all())
        if (range.base <= address_of(&text) && needed <= end_of(range))
            return;
    print("Detour: not enough memory: the image needs it up to %u KiB, and the machine's ends at %u KiB. "
          "Give the machine "
          "more (MEM), or make the program's arrays or the process table (NPROC) smaller.\n",
          needed / 1024, top / 1024);
    power_use_debug_exit();
    power_off(Ending::kRefused);
}

// An emulator, or a PC. The replay of a recording has the word `debug-exit`, but not the device.
void use_machine(std::string_view command_line)
{
    if (option(command_line, "bochs")) { // it always has a VGA, at which nobody looks
        power_use_bochs();
        return;
    }
    if (option(command_line, "debug-exit") || power_has_debug_exit())
        power_use_debug_exit();
    else
        uart_use_crlf();
    vga_initialize();
}

} // namespace

std::span<const MemoryRange> start(uint32_t loader_signature, uint32_t loader_information)
{
    uart_initialize();
    if (!is_multiboot(loader_signature)) {
        power_use_debug_exit(); // there is no command line to ask
        refuse("Detour: not started by a multiboot 1 boot loader. Use GRUB (\"multiboot\") or QEMU "
               "(\"-kernel\").\n");
    }
    const BootInformation boot = read_multiboot(loader_information);
    use_machine(boot.command_line);
    clock_seed = option(boot.command_line, "seed="); // read now: the text lies in memory that is given out later
    const auto limit = option(boot.command_line, "limit=");
    if (boot.memory.all().empty())
        refuse("Detour: the boot loader gave no memory map.\n");
    require_room_for_image(boot.memory);
    memory = boot.memory; // the first variable in .bss

    if (limit && !limit_start(*limit))
        refuse("Detour: limit= needs an HPET that can send messages; with QEMU, say \"-global hpet.msi=on\".\n");
    segments_initialize();
    idt_initialize();
    const MemoryRange highest = memory.all().back();
    const uint32_t first_free =
        paging_initialize(highest.base + highest.bytes, round_up_to_page(reinterpret_cast<uint32_t>(&end)));
    cpu_features_initialize();
    fpu_initialize();
    pic_initialize();
    memory.remove(0, first_free); // the image, the page tables
    return memory.all();
}

void start_clock()
{
    pic_unmask(kClockIrq);
    pic_forget_request();
    pit_initialize();
    if (clock_seed)
        pit_jitter(*clock_seed);
    pic_unmask(kUartIrq);
    if (vga_in_use) { // there may be someone at the machine itself
        keyboard_initialize();
        pic_unmask(kKeyboardIrq);
    }
}

namespace
{

Stack stack_between(char *low, char *top)
{
    const auto end = reinterpret_cast<uint32_t>(top);
    return {reinterpret_cast<char *>(end - sizeof(uint32_t)), end - reinterpret_cast<uint32_t>(low)};
}

} // namespace

Stack null_stack()
{
    return stack_between(::null_stack, null_stack_top);
}
Stack exit_stack()
{
    return stack_between(::exit_stack, exit_stack_top);
}

} // namespace detour::arch
