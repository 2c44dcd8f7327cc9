#include "tests/host/fake_user.hpp"

#include "kernel/base/address.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/window.hpp"
#include "kernel/user/space.hpp"

#include <gtest/gtest.h>

#include <xinu/userspace.h>

#include <cstring>
#include <stdexcept>
#include <string>

namespace detour::fake
{

UserMachine user_machine;

namespace
{

constexpr uint32_t kTableSpan = 1024 * kPageBytes;

alignas(kPageBytes) std::array<char, kPageBytes> return_page{'\x60'};

uint32_t page_of(uint32_t address)
{
    return address / kPageBytes * kPageBytes;
}

bool is_part_of_window(uint32_t physical)
{
    return physical - address_of(&window) < sizeof window;
}

// Where the kernel sees the byte that ring 3 sees at this address; any other pointer is the kernel's own.
char *translated(uintptr_t address, bool for_writing)
{
    if (address < USER_BEGIN || address >= USER_END)
        return reinterpret_cast<char *>(address);
    const auto user = static_cast<uint32_t>(address);
    const uint32_t physical = arch::user_page(user_registers[current_id()].directory, user, for_writing);
    if (physical == 0)
        throw std::logic_error("the kernel touches user memory that ring 3 may not: " + std::to_string(user));
    return memory_at(physical + user % kPageBytes);
}

bool is_allocated(uint32_t page, FrameKind kind)
{
    return page % kPageBytes == 0 && page_allocator.find_run(page / kPageBytes, kind) != nullptr;
}

} // namespace

bool is_shared_page(uint32_t physical)
{
    return physical == address_of(&return_page) || is_part_of_window(physical);
}

char *memory_at(uint32_t physical)
{
    if (is_part_of_window(physical))
        return reinterpret_cast<char *>(&window) + (physical - address_of(&window));
    if (page_of(physical) == address_of(&return_page))
        return return_page.data() + physical % kPageBytes;
    return reinterpret_cast<char *>(uintptr_t{physical});
}

} // namespace detour::fake

namespace detour::arch
{

using fake::user_machine;

uint32_t user_argument(const UserFrame &frame, unsigned number)
{
    return frame.arguments.at(number);
}

uint32_t user_stack_pointer(const UserFrame &frame)
{
    return frame.stack_pointer;
}

uint32_t user_instruction_pointer(const UserFrame &frame)
{
    return frame.context[fake::kEip];
}

uint32_t user_frame_pointer(const UserFrame &frame)
{
    return frame.context[fake::kEbp];
}

uint32_t user_result_register(const UserFrame &frame)
{
    return frame.context[fake::kEax];
}

void set_user_result(UserFrame &frame, uint32_t result)
{
    frame.context[fake::kEax] = result;
}

UserContext save_user_context(const UserFrame &frame)
{
    UserContext context = frame.context;
    context[fake::kEsp] = frame.stack_pointer;
    return context;
}

void restore_user_context(UserFrame &frame, const UserContext &context, uint32_t stack_pointer)
{
    frame.context = context;
    frame.stack_pointer = stack_pointer;
}

void redirect_user(UserFrame &frame, uint32_t eip, uint32_t stack_pointer, uint32_t eax)
{
    frame.context[fake::kEip] = eip;
    frame.context[fake::kEax] = eax;
    frame.context[fake::kEflags] = 0;
    frame.stack_pointer = stack_pointer;
}

char *prepare_user_stack(char *highest_word, uint32_t entry, uint32_t stack_pointer)
{
    auto *const words = reinterpret_cast<uint32_t *>(highest_word);
    words[0] = STACKMAGIC;
    words[-1] = stack_pointer;
    words[-2] = entry;
    return reinterpret_cast<char *>(&words[-2]);
}

void load_user_process(UserRegisters &next, const char *highest_word)
{
    EXPECT_TRUE(interrupts_masked());
    EXPECT_TRUE(user_machine.spaces.contains(next.directory));
    user_machine.loaded = &next;
    user_machine.kernel_stack = highest_word;
}

void leave_user_process()
{
    EXPECT_TRUE(interrupts_masked());
    user_machine.loaded = nullptr;
    user_machine.kernel_stack = nullptr;
}

void load_user_ports(const UserRegisters &current)
{
    EXPECT_EQ(user_machine.loaded, &current);
    ++user_machine.port_loads;
}

void forget_user_process(UserRegisters &registers)
{
    EXPECT_NE(user_machine.loaded, &registers) << "the CPU still uses its pages";
    EXPECT_EQ(user_machine.spaces.erase(registers.directory), 1U);
}

void initialize_directory(uint32_t directory)
{
    EXPECT_TRUE(fake::is_allocated(directory, FrameKind::kPageTable));
    EXPECT_TRUE(user_machine.spaces.try_emplace(directory).second);
}

void clear_page(uint32_t page)
{
    std::memset(fake::memory_at(page), 0, kPageBytes);
}

bool has_user_table(uint32_t directory, uint32_t address)
{
    return user_machine.spaces.at(directory).tables.count(address / fake::kTableSpan) != 0;
}

void add_user_table(uint32_t directory, uint32_t address, uint32_t table)
{
    EXPECT_TRUE(fake::is_allocated(table, FrameKind::kPageTable));
    EXPECT_TRUE(user_machine.spaces.at(directory).tables.try_emplace(address / fake::kTableSpan, table).second);
}

void map_user_page(uint32_t directory, uint32_t address, uint32_t page, bool writable)
{
    EXPECT_TRUE(address >= USER_BEGIN && address < USER_END);
    EXPECT_TRUE(has_user_table(directory, address));
    EXPECT_TRUE(fake::is_shared_page(page) ? !writable : fake::is_allocated(page, FrameKind::kUserPage));
    user_machine.spaces.at(directory).pages[fake::page_of(address)] = {page, writable};
}

void unmap_user_page(uint32_t directory, uint32_t address)
{
    EXPECT_EQ(user_machine.spaces.at(directory).pages.erase(fake::page_of(address)), 1U);
}

uint32_t user_page(uint32_t directory, uint32_t address, bool writable)
{
    const auto space = user_machine.spaces.find(directory);
    if (space == user_machine.spaces.end())
        return 0;
    const auto page = space->second.pages.find(fake::page_of(address));
    if (page == space->second.pages.end() || (writable && !page->second.writable))
        return 0;
    return page->second.physical;
}

// Byte by byte: a user's pages need not be neighbours.
void copy_user(void *to, const void *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; ++i)
        *fake::translated(reinterpret_cast<uintptr_t>(to) + i, true) =
            *fake::translated(reinterpret_cast<uintptr_t>(from) + i, false);
}

uint32_t return_page()
{
    return address_of(&fake::return_page);
}

bool has_sysenter()
{
    return true;
}

} // namespace detour::arch
