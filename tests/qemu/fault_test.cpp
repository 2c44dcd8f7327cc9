// fault_test.cpp - what a fault prints, and what it ends: the process that caused it, or the machine
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace detour::test
{
namespace
{

std::size_t count_of(const std::string &part, const std::string &text)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

constexpr const char *kRegisters = "  eax [0-9a-f]{8}  ebx [0-9a-f]{8}  ecx [0-9a-f]{8}  edx [0-9a-f]{8}\n"
                                   "  esi [0-9a-f]{8}  edi [0-9a-f]{8}  ebp [0-9a-f]{8}  esp [0-9a-f]{8}\n"
                                   "  eip [0-9a-f]{8}  cs  00000008  efl [0-9a-f]{8}  err [0-9a-f]{8}\n"
                                   "backtrace:\n";

// What the console shows of one case of a program: it announces each with `case NAME PID`.
struct Report {
    std::string pid;
    std::string text;
};

Report report_of(const std::string &name, const std::string &console)
{
    const std::string announcement = "case " + name + " ";
    const std::size_t at = console.find(announcement);
    if (at == std::string::npos)
        return {};
    const std::size_t begin = console.find('\n', at);
    const std::size_t pid = at + announcement.size();
    return {console.substr(pid, begin - pid), console.substr(begin, console.find("case ", begin) - begin)};
}

struct Case {
    const char *name;
    const char *cause; // regular expressions
    const char *calls; // functions of the backtrace, in order
};

void expect_report(const Case &fault, const std::string &console)
{
    const Report report = report_of(fault.name, console);
    const std::string who = "^\n\nprocess " + report.pid + " \\(" + fault.name + "\\) ended by ";
    const std::string line = "  0x[0-9a-f]{8}  ";
    std::string calls;
    const std::string names = fault.calls;
    for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find(' ', at), names.size());
        const std::string name = names.substr(at, end - at);
        calls += line + (name == "?" ? "\\?" : name + "\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)") + "\n";
        at = end + 1;
    }
    expect_match(report.text, who + fault.cause + "\n" + kRegisters + calls);
}

TEST(Fault, EndsTheProcessWithAReport)
{
    const Outcome run = boot("fault_kinds");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 43 passed, 0 failed\n"), std::string::npos) << run.console;
    const std::string read_only = "page fault: write to 0x001[0-9a-f]{5} \\(the page is read-only\\)";
    const Case cases[] = {
        {"null_read", "page fault: read of 0x00000000 \\(null pointer\\)", "null_read userret"},
        {"null_write", "page fault: write to 0x00000fa0 \\(null pointer\\)", "null_write userret"},
        {"text_write", read_only.c_str(), "text_write userret"},
        {"kernel_write", read_only.c_str(), "kernel_write userret"},
        {"rodata_write", read_only.c_str(), "rodata_write userret"},
        {"unmapped_read", "page fault: read of 0x40000000 \\(no such page\\)", "unmapped_read userret"},
        {"divide", "divide error", "divide userret"},
        {"bad_opcode", "invalid opcode", "bad_opcode userret"},
        {"wild_jump", "page fault: execution of 0xdead0000 \\(no such page\\)", "? wild_jump userret"},
        {"null_call", "page fault: execution of 0x00000000 \\(null pointer\\)", "? null_call userret"},
        {"wild_return", "page fault: execution of 0x50000000 \\(no such page\\)", "?"},
        {"soft_interrupt", "unexpected interrupt 85", "software_interrupt userret"},
        {"bad_segment", "general protection \\(selector 0x[0-9a-f]+, entry [0-9]+ of the GDT\\)",
         "bad_segment userret"},
        {"masked", "page fault: read of 0x00000000 \\(null pointer\\)", "masked userret"},
        {"direction", "page fault: read of 0x00000008 \\(null pointer\\)", "direction userret"},
        {"in_library", "page fault: read of 0x00000010 \\(null pointer\\)", "strlen in_library userret"},
        {"in_kprintf", "page fault: read of 0x50000000 \\(no such page\\)",
         "detour::format kprintf in_kprintf userret"},
        {"wild_stack", "double fault: write to 0x5ffffffc \\(no such page\\)", "wild_stack userret"},
        {"nested", "page fault: write to 0x0000000c \\(null pointer\\)", "level_three level_two nested userret"},
        {"in_callback", "page fault: write to 0x0000000c \\(null pointer\\)",
         "level_three level_two cbfmanager in_callback userret"},
        {"in_vacation", "page fault: write to 0x0000000c \\(null pointer\\)",
         "level_three level_two cbfmanager in_vacation userret"},
    };
    for (const Case &fault : cases)
        expect_report(fault, run.console);
    EXPECT_EQ(count_of(" ended by ", run.console), std::size(cases));
}

TEST(Fault, StackOverflowEndsTheProcess)
{
    const Outcome run = boot("fault_stack");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 585 passed, 0 failed\n"), std::string::npos) << run.console;
    const std::string cause = "(page|double) fault: (write to|read of) 0x[0-9a-f]{8} "
                              "\\(stack overflow: the guard page below the stack\\)";
    for (const char *name : {"push", "push_masked", "recurse", "big_frames", "print_deep", "print_deeper", "call_deep",
                             "sleep_deep", "block_deep"})
        expect_report({name, cause.c_str(), ""}, run.console);
    expect_match(report_of("recurse", run.console).text,
                 "\nbacktrace:\n  0x[0-9a-f]{8}  recurse\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n  0x[0-9a-f]{8}  "
                 "recurse\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n"
                 "  \\(the same [0-9]+ times more\\)\n");
}

TEST(Fault, ArrayLargerThanTheStackEndsItsProcessOnly)
{
    const Outcome run = boot("fault_arrays");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 45 passed, 0 failed\n"), std::string::npos) << run.console;
    const std::string cause = "(page|double) fault: write to 0x[0-9a-f]{8} "
                              "\\(stack overflow: (beyond )?the guard page below the stack\\)";
    for (const char *name :
         {"page", "pages", "many_pages", "mebibyte", "hundred", "page_fast", "pages_fast", "many_fast", "mebi_fast",
          "hundred_fast", "variable", "variable_huge", "allocated", "allocated_huge", "only_read"})
        expect_report({name, cause.c_str(), ""}, run.console);
}

TEST(Fault, DamagedFrameOfACallbackEndsTheProcess)
{
    const Outcome run = boot("detour_damage");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 47 passed, 0 failed\n"), std::string::npos) << run.console;
    const std::pair<const char *, const char *> words[] = {
        {"vm", "CS 0x0008, EFLAGS 0x00020[0-9a-f]{3}"},
        {"vm_return", "CS 0x0008, EFLAGS 0x00020[0-9a-f]{3}"},
        {"vm_message", "CS 0x0008, EFLAGS 0x00020[0-9a-f]{3}"},
        {"vm_vacation", "CS 0x0008, EFLAGS 0x00020[0-9a-f]{3}"},
        {"nt", "CS 0x0008, EFLAGS 0x00004[0-9a-f]{3}"},
        {"iopl", "CS 0x0008, EFLAGS 0x00002[0-9a-f]{3}"},
        {"vif", "CS 0x0008, EFLAGS 0x00080[0-9a-f]{3}"},
        {"vip", "CS 0x0008, EFLAGS 0x00100[0-9a-f]{3}"},
        {"bit_31", "CS 0x0008, EFLAGS 0x80000[0-9a-f]{3}"},
        {"bit_3", "CS 0x0008, EFLAGS 0x00000[0-9a-f]{3}"},
        {"bit_1", "CS 0x0008, EFLAGS 0x00000[0-9a-f]{3}"},
        {"flags_zero", "CS 0x0008, EFLAGS 0x00000000"},
        {"flags_ones", "CS 0x0008, EFLAGS 0xffffffff"},
        {"stack_segment", "CS 0x0010, EFLAGS 0x00000[0-9a-f]{3}"},
        {"ring_3", "CS 0x001b, EFLAGS 0x00000[0-9a-f]{3}"},
        {"null_segment", "CS 0x0000, EFLAGS 0x00000[0-9a-f]{3}"},
        {"all", "CS 0xffff, EFLAGS 0xffffffff"},
    };
    for (const auto &[name, found] : words) {
        const Report report = report_of(name, run.console);
        expect_match(report.text, "^\nprocess " + report.pid + " \\(" + name + "\\) ended: its saved " + found +
                                      " on the stack \\(at 0x[0-9a-f]{8}\\) were overwritten during an event "
                                      "callback\n$");
    }
    expect_report({"wild_ip", "page fault: execution of 0xdead0000 \\(no such page\\)", "?"}, run.console);
    expect_report({"null_ip", "page fault: execution of 0x00000000 \\(null pointer\\)", "?"}, run.console);
}

// The words that a detour keeps are overwritten: the report says which cannot be right.
TEST(Fault, ReportsWordsOfADetourThatCannotBe)
{
    const Outcome run = boot("fault_detour");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 4 passed, 0 failed\n"), std::string::npos) << run.console;
    const std::string address = "cbfmanager\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)";
    const std::string call = "\n  0x[0-9a-f]{8}  " + address + ", no call ends there\n  0x[0-9a-f]{8}  job\\+";
    const std::string word = "return address of go_nowhere: " + address + ", no call ends there\n";
    expect_match(report_of("claim_number", run.console).text, "  00000001  claimed message callback: no code\n");
    expect_match(report_of("claim_function", run.console).text,
                 "claimed message callback: on_message\\+0x0 .*, but no message callback is claimed\n");
    expect_match(report_of("move_return", run.console).text, "guard page(.|\n)*times more\\)"
                                                             "(.|\n)*" +
                                                                 call);
    expect_match(report_of("go_nowhere", run.console).text, call);
    expect_match(report_of("go_nowhere", run.console).text, word);
    EXPECT_EQ(count_of("no call ends there", report_of("claim_number", run.console).text), 0U);
}

// Vectors with an error code, which an `int n` does not push: its frame is shifted by a word. Not so that of a double
// fault, which is a task of its own.
bool is_shifted(unsigned vector)
{
    return (vector >= 10 && vector <= 14) || vector == 17 || vector == 21;
}

// Every `int n` else is reported with the address behind it, and all with the same ESP.
void expect_eip_behind_each(const std::string &console)
{
    const std::size_t stubs = console.find("stubs at ");
    ASSERT_NE(stubs, std::string::npos);
    const unsigned long first = std::stoul(console.substr(stubs + 9, 8), nullptr, 16);
    const auto reports = matches(console, "  esp ([0-9a-f]{8})\n  eip ([0-9a-f]{8})  cs  00000008");
    auto report = reports.begin();
    ASSERT_NE(report, reports.end());
    const std::string esp = (*report)[1];
    for (unsigned vector = 0; vector < 256; ++vector) {
        if ((vector >= 32 && vector < 48) || is_shifted(vector))
            continue;
        ASSERT_NE(report, reports.end());
        EXPECT_EQ(std::stoul((*report)[2], nullptr, 16), first + 4 * vector + 2) << vector;
        EXPECT_EQ((*report)[1], esp) << vector;
        ++report;
    }
}

TEST(Fault, EveryVectorHasItsGate)
{
    const Outcome run = boot("fault_vectors");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console.substr(run.console.size() / 20 * 19);
    EXPECT_NE(run.console.find("checks: 3 passed, 0 failed\n"), std::string::npos);
    EXPECT_EQ(count_of(" ended by ", run.console), 256U - 16U - 1U + 100U);
    for (int vector = 22; vector < 256; ++vector) {
        const std::size_t wanted = vector < 32 || vector >= 48 ? 1 : 0;
        EXPECT_EQ(count_of("unexpected interrupt " + std::to_string(vector) + "\n", run.console), wanted) << vector;
    }
    expect_eip_behind_each(run.console);
    for (const char *name : {"divide error",
                             "debug exception",
                             "breakpoint",
                             "overflow",
                             "bound range exceeded",
                             "invalid opcode",
                             "device not available",
                             "double fault.*",
                             "coprocessor segment overrun",
                             "invalid TSS.*",
                             "segment not present.*",
                             "stack-segment fault.*",
                             "general protection.*",
                             "page fault.*",
                             "reserved exception 15",
                             "x87 floating-point error",
                             "alignment check.*",
                             "machine check",
                             "SIMD floating-point error",
                             "virtualization exception",
                             "control protection.*"})
        expect_match(run.console, std::string("\\(raiser\\) ended by ") + name + "\n");
}

TEST(Fault, DumpShowsEachRegister)
{
    const Outcome run = boot("frames_interrupt");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 11 passed, 0 failed\n"), std::string::npos) << run.console;
    for (const auto &[cause, error] :
         {std::pair{"invalid opcode", "00000000"},
          {"general protection \\(selector 0xa0a0, entry 5140 of the GDT\\)", "0000a0a0"}}) {
        const std::string pattern =
            std::string("eip ([0-9a-f]{8}) esp ([0-9a-f]{8})\n\nprocess [0-9]+ \\(raiser\\) ended by ") + cause +
            "\n  eax a0a0a0a0  ebx b0b0b0b0  ecx c0c0c0c0  edx d0d0d0d0\n"
            "  esi 51515151  edi d1d1d1d1  ebp e0e0e0e0  esp \\2\n"
            "  eip \\1  cs  00000008  efl 000[01]0603  err " + // a real CPU pushes RF as well
            error +
            "\nbacktrace:\n  0x\\1  raised_(opcode|protection)\\+0x0 \\(\\S+:[0-9]+\\)\n";
        expect_match(run.console, pattern);
    }
}

void expect_panic(const char *program, const std::string &pattern)
{
    const Outcome run = boot(program);
    EXPECT_EQ(run.exit_code, kPanic) << run.reason << run.console;
    expect_match(run.console, pattern);
    expect_match(run.console, "\nprocesses:\n.*\n +0  prnull +ready +0 .*\n +2  Main process +(current|ready) +20 ");
    EXPECT_EQ(run.console.find("still here"), std::string::npos);
}

TEST(Fault, InTheKernelPanics)
{
    expect_panic("fault_kernel", std::string("\npanic: page fault\ncurrent process: 2 \\(Main process\\)\n") +
                                     kRegisters +
                                     "  0x[0-9a-f]{8}  ctxsw\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n"
                                     "  0x[0-9a-f]{8}  main\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n"
                                     "  0x[0-9a-f]{8}  userret\\+0x0 \\(\\S+:[0-9]+\\)\n");
    expect_panic("fault_kernel", "\nin the kernel: page fault: read of 0x00000044 \\(null pointer\\)\n");
}

// The last fault is that of a push in an entry stub, but it is judged and reported by the one before.
TEST(Fault, WithoutStackForItsFrame)
{
    for (const char *words : {"0", "3", "4", "5", "8", "9", "10", "12", "13"}) {
        SCOPED_TRACE(words);
        const Outcome run = boot("fault_full_stack", {.input = words});
        EXPECT_EQ(run.exit_code, kPanic) << run.reason << run.console;
        const auto ended =
            matches(run.console, "case [0-9]+: eip ([0-9a-f]{8}) esp ([0-9a-f]{8})\n\n"
                                 "process [0-9]+ \\(opcode\\) ended by (invalid opcode|double fault: .*)\n"
                                 ".*\n.*  esp \\2\n  eip \\1  cs  00000008");
        EXPECT_EQ(ended.size(), 17U) << run.console;
        expect_match(run.console, "\npanic: (page|double) fault\ncurrent process: [0-9]+ \\(kernel\\)\n"
                                  ".*\n.*\n.*\nbacktrace:\n  0x[0-9a-f]{8}  ctxsw\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n");
        EXPECT_EQ(run.console.find("still here"), std::string::npos);
    }
}

// With a clock that runs by itself, and with one that is programmed for each tick.
TEST(Fault, InterruptThatFindsAFullStack)
{
    for (const int seed : {0, 1}) {
        const Outcome run = boot("irq_full_stack", {.seed = seed, .limit = 3000});
        EXPECT_EQ(run.exit_code, kPoweredOff) << seed << run.reason << run.console;
        EXPECT_NE(run.console.find("checks: 6 passed, 0 failed\n"), std::string::npos) << run.console;
    }
}

TEST(Fault, FailedAssertionPanics)
{
    expect_panic("fault_assertion", "\npanic: assertion failed: .*\\(.*scheduler.cpp:[0-9]+\\)\n"
                                    "current process: 2 \\(Main process\\)\n"
                                    "backtrace:\n"
                                    "  0x[0-9a-f]{8}  detour::set_priority\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n");
}

TEST(Fault, PanicNamesItsCaller)
{
    expect_panic("fault_panic", "\npanic: given up\n"
                                "current process: 2 \\(Main process\\)\n"
                                "backtrace:\n"
                                "  0x[0-9a-f]{8}  give_up\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n"
                                "  0x[0-9a-f]{8}  main\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n"
                                "  0x[0-9a-f]{8}  userret\\+0x0 \\(\\S+:[0-9]+\\)\n");
}

} // namespace
} // namespace detour::test
