// user_process_test.cpp - how a ring-3 process begins, with arguments; and how a bad pointer ends it
#include "tests/host/elf_file.hpp"
#include "tests/host/fake_user_world.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/process/process.hpp"
#include "kernel/report/ended.hpp"
#include "kernel/user/space.hpp"

#include <array>
#include <string>
#include <vector>

// As the link of an image writes it.
extern "C" {
extern const detour::Program user_programs[];
extern const uint32_t user_program_count;
const detour::Program user_programs[] = {{"first", nullptr, 1}, {"second", nullptr, 2}};
const uint32_t user_program_count = 2;
}

namespace detour
{
namespace
{

using namespace fake::sample;
using fake::machine;

bool add(Arguments &arguments, std::string_view text)
{
    const auto room = arguments.room();
    text.copy(room.data(), room.size());
    return arguments.accept(static_cast<uint32_t>(text.size()));
}

Arguments arguments_of(const std::vector<std::string> &strings)
{
    Arguments arguments;
    for (const std::string &string : strings)
        EXPECT_TRUE(add(arguments, string));
    return arguments;
}

class UserProcessTest : public fake::UserWorld
{
protected:
    // What ctxsw() and the return to ring 3 will find, as the fake machine lays it out.
    static uint32_t saved_word(ProcessId pid, int index)
    {
        return reinterpret_cast<const uint32_t *>(process_entry(pid).prstkptr)[index];
    }
    static uint32_t first_stack_pointer(ProcessId pid) { return saved_word(pid, 1); }

    static std::string text_at(uint32_t address)
    {
        std::string text;
        while (const char c = byte_of(current(), address++))
            text += c;
        return text;
    }

    // main() finds these arguments, and below them nothing.
    static void expect_arguments(const std::vector<std::string> &strings)
    {
        const ProcessId pid = start(30, arguments_of(strings));
        run(pid);
        const uint32_t esp = first_stack_pointer(pid);
        ASSERT_EQ(esp % 4, 0U);
        ASSERT_EQ(read<uint32_t>(esp), strings.size());
        const auto argv = read<uint32_t>(esp + 4);
        EXPECT_EQ(argv, esp + 8);
        for (uint32_t i = 0; i < strings.size(); ++i)
            EXPECT_EQ(text_at(read<uint32_t>(argv + 4 * i)), strings[i]);
        EXPECT_EQ(read<uint32_t>(argv + 4 * static_cast<uint32_t>(strings.size())), 0U);
        EXPECT_GT(esp, USER_STACK_END - kPageBytes);
        EXPECT_EQ(byte_of(pid, esp - 1), 0);
        end_current();
    }

    static void expect_refused(const NewUserProcess &wanted, const std::string &words)
    {
        const uint32_t pages = page_allocator.free_pages();
        const int32 count = prcount;
        machine.console.clear();
        const InterruptGuard guard;
        EXPECT_EQ(begin_user_process(wanted), kNoProcess);
        EXPECT_EQ(machine.console, words);
        EXPECT_EQ(page_allocator.free_pages(), pages);
        EXPECT_EQ(prcount, count);
        expect_agreement();
    }
};

TEST_F(UserProcessTest, BeginsSuspendedAtItsEntry)
{
    const ProcessId parent = create_current(20);
    const Arguments none;
    const InterruptGuard guard;
    const ProcessId pid = begin_user_process({&program, 40, CAP_KILL | CAP_PORTS, &none});
    ASSERT_NE(pid, kNoProcess);
    const procent &process = process_entry(pid);
    EXPECT_EQ(process.prstate, PR_SUSP);
    EXPECT_EQ(process.prprio, 40);
    EXPECT_EQ(process.prring, 3);
    EXPECT_EQ(process.prparent, parent);
    EXPECT_STREQ(process.prname, "sample");
    EXPECT_EQ(user_spaces[pid].capabilities, uint32_t{CAP_KILL | CAP_PORTS});
    EXPECT_EQ(saved_word(pid, 0), kEntry);
    EXPECT_EQ(prcount, 4);
    EXPECT_EQ(currpid, parent);
}

TEST_F(UserProcessTest, ArgumentsLieOnTheStack)
{
    expect_arguments({});
    expect_arguments({""});
    expect_arguments({"echo", "", "a", "three words here"});
    for (size_t length = 1; length < 9; ++length) // every alignment
        expect_arguments({std::string(length, 'x'), "y"});
}

TEST_F(UserProcessTest, ArgumentsUpToTheirLimits)
{
    expect_arguments({std::string(sizeof(Arguments::text) - 1, 'x')});
    expect_arguments(std::vector<std::string>(Arguments::kMaxCount, std::string(31, 'x'))); // 64 * 32 = 2048
}

TEST_F(UserProcessTest, ArgumentsBeyondTheirLimits)
{
    Arguments many = arguments_of(std::vector<std::string>(64, ""));
    EXPECT_EQ(many.count, 64U);
    EXPECT_FALSE(many.accept(0));
    EXPECT_EQ(many.count, 64U);
    EXPECT_EQ(many.bytes, 64U);

    Arguments large;
    EXPECT_EQ(large.room().size(), 2048U);
    EXPECT_FALSE(large.accept(2048)) << "no room for its NUL";
    EXPECT_FALSE(large.accept(0xFFFFFFFF));
    EXPECT_EQ(large.count, 0U);
    EXPECT_TRUE(add(large, std::string(2046, 'x')));
    EXPECT_EQ(large.room().size(), 1U);
    EXPECT_FALSE(large.accept(1));
    EXPECT_TRUE(large.accept(0));
    EXPECT_TRUE(large.room().empty());
    EXPECT_FALSE(large.accept(0));
    EXPECT_EQ(large.count, 2U);
    EXPECT_EQ(large.bytes, 2048U);
}

TEST_F(UserProcessTest, ABadFileIsReportedAndChangesNothing)
{
    const Arguments none;
    const Program no_elf{"text",
                         reinterpret_cast<const std::byte *>("It is not an ELF file, but a long text of bytes."), 48};
    expect_refused({&no_elf, 20, 0, &none}, "text: too short for an ELF header\n");
    const Program cut{"cut", program.first, kTextOffset + 1};
    expect_refused({&cut, 20, 0, &none}, "cut: a segment lies outside the file\n");
    const Program behind{"odd", program.first + 1, program.bytes - 1};
    expect_refused({&behind, 20, 0, &none}, "odd: not an ELF file\n");
}

TEST_F(UserProcessTest, AFullTableChangesNothing)
{
    while (prcount < NPROC)
        create();
    const Arguments none;
    expect_refused({&program, 20, 0, &none}, "");
}

// The program may lie where the heap could be, not where stack and window are.
TEST_F(UserProcessTest, AProgramMayNotReachTheStack)
{
    std::vector<std::byte> file(program.file().begin(), program.file().end());
    Elf32_Phdr *const data = reinterpret_cast<Elf32_Phdr *>(&file[fake::ElfFile::kTableOffset]);
    data->p_vaddr = USER_HEAP_END - kDataBytes + 1;
    const Program high{"high", file.data(), static_cast<uint32_t>(file.size())};
    const Arguments none;
    expect_refused({&high, 20, 0, &none}, "high: a segment lies outside user space\n");
    data->p_vaddr = USER_HEAP_END - kDataBytes;
    const InterruptGuard guard;
    const ProcessId pid = begin_user_process({&high, 20, 0, &none});
    ASSERT_NE(pid, kNoProcess);
    EXPECT_EQ(user_spaces[pid].heap_begin, USER_HEAP_END);
}

TEST_F(UserProcessTest, ABadPointerEndsTheProcess)
{
    struct Case {
        uint32_t address;
        bool for_writing;
        const char *words;
    };
    const Case cases[] = {
        {0, false, "0x00000000 (null pointer)"},
        {0xFFF, true, "0x00000fff (null pointer)"},
        {0x1000, false, "0x00001000 (not in user space)"},
        {USER_BEGIN - 1, false, "0x3fffffff (not in user space)"},
        {USER_END, true, "0xc0000000 (not in user space)"},
        {kHeap, false, "0x40006000 (not all of it is mapped)"},
        {kText, true, "0x40000000 (not all of it is memory that the process may write)"},
    };
    arch::UserFrame frame;
    frame.context[fake::kEip] = kEntry;
    for (const Case &each : cases) {
        const std::string pid = std::to_string(enter());
        expect_ended([&] { end_for_bad_pointer(frame, "write", each.address, 7, each.for_writing); },
                     "\nprocess " + pid + " (sample) ended: write() with a bad pointer: 7 bytes at " + each.words +
                         "\nbacktrace:\n  0x40000010  ?\n");
    }
}

// The chain of frames is the process's own too: it is read like any other pointer.
TEST_F(UserProcessTest, TheBacktraceOfABadPointer)
{
    struct Case {
        std::array<uint32_t, 2> link; // an EBP and a return address
        const char *lines;
    };
    const Case cases[] = {
        {{0, kText + 0x20}, "  0x40000020  ?\n"},
        {{kStack - 4, USER_CBFMANAGER + 9}, "  0xbffff009  ?\n  (the chain of frames breaks at EBP 0xbefeeffc)\n"},
        {{kWritable, kText + 0x20}, "  0x40000020  ?\n  (the chain of frames breaks at EBP 0x40003000)\n"},
    };
    for (const Case &each : cases) {
        const std::string pid = std::to_string(enter());
        write_text(kWritable, std::string_view(reinterpret_cast<const char *>(each.link.data()), 8));
        arch::UserFrame frame;
        frame.context[fake::kEip] = kEntry;
        frame.context[fake::kEbp] = kWritable;
        expect_ended([&] { end_for_bad_pointer(frame, "read", 0, 1, true); },
                     "\nprocess " + pid + " (sample) ended: read() with a bad pointer: 1 bytes at 0x00000000 " +
                         "(null pointer)\nbacktrace:\n  0x40000010  ?\n" + each.lines);
    }
}

TEST(Program, IsFoundByItsWholeName)
{
    EXPECT_EQ(find_program("first"), &user_programs[0]);
    EXPECT_EQ(find_program("second"), &user_programs[1]);
    for (const char *name : {"", "firs", "first ", "First", "third"})
        EXPECT_EQ(find_program(name), nullptr) << name;
}

} // namespace
} // namespace detour
