// user_test.cpp - programs in ring 3: what they may do, what ends them and with which report, and that no other process
// notices
#include "tests/qemu/harness.hpp"
#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace detour::test
{
namespace
{

struct Cpu {
    const char *name;
    const char *model;
    const char *first_seed; // of the fuzzers
};

// GoogleTest would show the addresses of the strings, which differ in every run.
void PrintTo(const Cpu &cpu, std::ostream *out)
{
    *out << cpu.model;
}

std::string name_of(const testing::TestParamInfo<Cpu> &cpu)
{
    return cpu.param.name;
}

// Without sysenter; with it; and with all that keeps ring 0 out of user memory.
class User : public testing::TestWithParam<Cpu>
{
protected:
    static Options options()
    {
        Options machine;
        machine.emulator = {"-cpu", GetParam().model};
        return machine;
    }

    // Whether ring 3 can, by iret. Bochs, as a CPU does, ignores VM there, and looks at CS. QEMU does not, but reads
    // the further words of that frame in the name of the kernel, which SMAP forbids.
    static bool enters_virtual_8086_mode()
    {
        return !on_bochs() && std::string(GetParam().model).find("smap") == std::string::npos;
    }
};
INSTANTIATE_TEST_SUITE_P(Cpu, User,
                         testing::Values(Cpu{"Interrupt", "qemu32,-sep", "1"}, Cpu{"Sysenter", "qemu32", "100001"},
                                         Cpu{"Smap", "qemu32,+smep,+smap,+umip", "200001"}),
                         name_of);

// What a program printed, and the kernel about it.
struct Section {
    std::string pid;
    std::string text;
};

Section section_of(const std::string &which, const std::string &console)
{
    const std::string announcement = "case " + which + " ";
    const std::size_t at = console.find(announcement);
    if (at == std::string::npos)
        return {"", "no case " + which};
    const std::size_t pid = at + announcement.size();
    const std::size_t begin = console.find('\n', at) + 1;
    return {console.substr(pid, begin - 1 - pid), console.substr(begin, console.find("end of case\n", begin) - begin)};
}

constexpr const char *kRegisters = "  eax [0-9a-f]{8}  ebx [0-9a-f]{8}  ecx [0-9a-f]{8}  edx [0-9a-f]{8}\n"
                                   "  esi [0-9a-f]{8}  edi [0-9a-f]{8}  ebp [0-9a-f]{8}  esp [0-9a-f]{8}\n"
                                   "  eip [0-9a-f]{8}  cs  0000001b  efl [0-9a-f]{8}  err [0-9a-f]{8}\n"
                                   "backtrace:\n";

std::string backtrace(const std::string &functions)
{
    return replaced(functions, "(\\S+) ?", "  0x[0-9a-f]{8}  $1\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n");
}

struct Fault {
    const char *which; // program and argument
    const char *says;  // after its first line; regular expressions
    const char *cause;
    const char *calls; // functions of the backtrace, in order
};

void expect_fault(const Fault &fault, const std::string &console)
{
    const Section section = section_of(fault.which, console);
    const std::string name = std::string(fault.which).substr(0, std::string(fault.which).find(' '));
    expect_whole_match(section.text, name + ": .*\n" + fault.says + "\nprocess " + section.pid + " \\(" + name +
                                         "\\) ended by " + fault.cause + "\n" + kRegisters + fault.calls +
                                         "stack:\n  in ring 3:\n[^]*");
}

TEST_P(User, FaultEndsTheProcess)
{
    const Outcome run = boot("user_faults", options());
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 225 passed, 0 failed\n"), std::string::npos) << run.console;
    const std::string start = backtrace("main _start");
    const auto in = [&start](const char *function) { return backtrace(function) + start; };
    const std::string general = "general protection";
    const std::string wild = "  0x00100000  \\?\n" + in("jump_to");
    const std::string overflow = backtrace("recurse recurse") + "  \\(the same [0-9]+ times more\\)\n[^]*";
    const std::string array = // page by page, down to the guard; the probe reads and writes
        "page fault: (write to|read of) 0xbefee[0-9a-f]{3} \\(stack overflow: the guard page below the "
        "stack\\)";
    const struct {
        const char *which;
        std::string cause;
        std::string calls;
        const char *says = "";
    } cases[] = {
        {"divide -", "divide error", in("divide")},
        {"int14 -", general + " \\(IDT entry 14\\)", in("interrupt_14")},
        {"badseg -", general + " \\(selector 0x10, entry 2 of the GDT\\)", in("load_segment")},
        {"nullread -", "page fault: read of 0x00000000 \\(null pointer\\)", in("read_from")},
        {"nullwrite -", "page fault: write to 0x00000000 \\(null pointer\\)", in("write_to")},
        {"kread -", "page fault: read of 0x00100000 \\(the kernel's memory\\)", in("read_from")},
        {"kwrite -", "page fault: write to 0x00100000 \\(the kernel's memory\\)", in("write_to")},
        {"kexec -", "page fault: (read|execution) of 0x00100000 \\(the kernel's memory\\)", wild},
        {"floating -", "x87 floating-point error: division by zero", in("divide_by_zero")},
        {"textwrite -", "page fault: write to 0x40000000 \\(the page is read-only\\)", in("write_to")},
        {"privileged cli", general, in("execute_cli")},
        {"privileged sti", general, in("execute_sti")},
        {"privileged hlt", general, in("execute_hlt")},
        {"privileged lgdt", general, in("execute_lgdt")},
        {"privileged movcr3", general, in("execute_movcr3")},
        {"privileged in", general, in("execute_in")},
        {"privileged out", general, in("execute_out")},
        {"flags tf", "debug exception", in("call_with")},
        {"overflow -", "page fault: write to 0xbefee[0-9a-f]{3} \\(stack overflow: the guard page below the stack\\)",
         overflow},
        {"bigarray 64", array, in("use")},
        {"bigarray 1024", array, in("use")},
        {"bigarray 102400", array, in("use")},
        {"window -", "page fault: write to 0xbf000000 \\(the page is read-only\\)", in("write_window"),
         "window: uptime same\n"
         "window: window, state 1, ring 3, priority same\n"
         "window: processes same\n"
         "window: time passes\n"},
        {"brk beyond", "page fault: write to 0x4000[0-9a-f]{4} \\(no such page\\)", start, "(brk: .*\n)+brk: beyond\n"},
    };
    for (const auto &fault : cases)
        expect_fault({fault.which, fault.says, fault.cause.c_str(), fault.calls.c_str()}, run.console);
    EXPECT_EQ(section_of("bigarray 48", run.console).text, "bigarray: 48 KiB\nbigarray: there is room\n");
}

// Nothing executes lldt but the kernel, once. Without that, what lies below 64 KiB would be descriptors.
TEST_P(User, FindsNoDescriptorsInMemory)
{
    const Outcome run = boot("user_segments", options());
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 7 passed, 0 failed\n"), std::string::npos) << run.console;
    EXPECT_NE(run.console.find("ldt: 0 readable segments\n"), std::string::npos) << run.console;
    expect_fault({"ldt -", "", "general protection \\(selector 0x2004, entry 1024 of the LDT\\)",
                  backtrace("load_segment main _start").c_str()},
                 run.console);
    EXPECT_NE(run.console.find("(climber) ended by double fault: write to"), std::string::npos) << run.console;
}

void expect_virtual_8086(const std::string &which, const std::string &name, const std::string &vector,
                         const std::string &console)
{
    const Section section = section_of(which, console);
    expect_whole_match(section.text, "[^]*\nprocess " + section.pid + " \\(" + name + "\\) ended by " + vector +
                                         " in virtual-8086 mode: iret has found VM set in EFLAGS\n"
                                         "[^]*  eip 00000008  cs  00001000  efl 000[23]0202  err [^]*");
}

// Processes that have other flags keep them, all of them.
TEST_P(User, Virtual8086ModeEndsTheProcess)
{
    const Outcome run = boot("user_v86", options());
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 50 passed, 0 failed\n"), std::string::npos) << run.console;
    for (const char *which : {"damaged plain", "damaged tick", "damaged plain-later", "damaged tick-later"})
        expect_virtual_8086(which, "damaged", "double fault", run.console);
    expect_match(run.console, "(\nkeepflags: changed 0\n[^]*){2}");
    if (enters_virtual_8086_mode())
        for (const char *which : {"v86 plain", "v86 virtual"})
            expect_virtual_8086(which, "v86", "page fault", run.console);
    else
        for (const char *which : {"v86 plain", "v86 virtual", "v86 masked"})
            expect_fault({which, "",
                          on_bochs() ? "general protection \\(selector 0x1000, entry 512 of the GDT\\)"
                                     : "page fault: read of 0xbeffe[0-9a-f]{3} .*",
                          backtrace("return_with main _start").c_str()},
                         run.console);
}

TEST_P(User, BadPointerEndsTheProcess)
{
    const Outcome run = boot("user_faults", options());
    const std::string unwritable = " \\(not all of it is memory that the process may write\\)";
    const std::string unmapped = " \\(not all of it is mapped\\)";
    const std::string outside = " \\(not in user space\\)";
    const std::string null = " \\(null pointer\\)";
    const std::pair<std::string, std::string> cases[] = {
        {"1", "write\\(\\) with a bad pointer: 5 bytes at 0x00000001" + null},
        {"kernel", "write\\(\\) with a bad pointer: 5 bytes at 0x00100000" + outside},
        {"unmapped", "write\\(\\) with a bad pointer: 5 bytes at 0x50000000" + unmapped},
        {"guard", "write\\(\\) with a bad pointer: 4 bytes at 0xbefeeffc" + unmapped},
        {"wrap", "write\\(\\) with a bad pointer: 4294967280 bytes at 0x4000[0-9a-f]{4}" + unmapped},
        {"end", "write\\(\\) with a bad pointer: 16 bytes at 0x4000[0-9a-f]ff8" + unmapped},
        {"text", "read\\(\\) with a bad pointer: 4 bytes at 0x40000000" + unwritable},
        {"window", "read\\(\\) with a bad pointer: 4 bytes at 0xbf000000" + unwritable},
        {"request", "spawn\\(\\) with a bad pointer: 28 bytes at 0x00100000" + outside},
        {"name", "spawn\\(\\) with a bad pointer: 1 bytes at 0x00100000" + outside},
        {"argv", "spawn\\(\\) with a bad pointer: 12 bytes at 0x00000001" + null},
    };
    for (const auto &[which, message] : cases) {
        const Section section = section_of("badptr " + which, run.console);
        expect_whole_match(section.text, "badptr: " + which + "\n\nprocess " + section.pid +
                                             " \\(badptr\\) ended: " + message + "\n[^]*");
    }
}

TEST_P(User, BadStackEndsTheProcessAtItsCallback)
{
    const Outcome run = boot("user_faults", options());
    const std::pair<std::string, std::string> cases[] = {
        {"null", "its stack pointer 0x00000000 is no place for an event callback"},
        {"kernel", "its stack pointer 0x00200000 is no place for an event callback"},
        {"unmapped", "its stack pointer 0x50000000 is no place for an event callback"},
        {"readonly", "its stack pointer 0x40000100 is no place for an event callback"},
        {"window", "its stack pointer 0xbf001400 is no place for an event callback"},
        {"top", "its stack pointer 0xfffffffc is no place for an event callback"},
        {"full", "its stack is too full for an event callback \\(512 bytes must be free\\)"},
        {"nearly", "its stack is too full for an event callback \\(512 bytes must be free\\)"},
    };
    for (const auto &[which, message] : cases) {
        const Section section = section_of("badstack " + which, run.console);
        expect_whole_match(section.text, "badstack: " + which + "\n+process " + section.pid +
                                             " \\(badstack\\) ended: " + message + "\n[^]*");
    }
    EXPECT_EQ(section_of("badstack enough", run.console).text, "badstack: enough\n"); // its callback ends it
}

void expect_output(const std::string &which, const std::string &console, const std::string &output)
{
    EXPECT_EQ(section_of(which, console).text, output) << which;
}

constexpr const char *kNoCapability = "caps: kill -1\n"
                                      "caps: chprio up -1\n"
                                      "caps: spawn above SYSERR\n"
                                      "caps: chprio down 30\n"
                                      "caps: and up again -1\n"
                                      "caps: ioperm -1\n"
                                      "caps: halt -1\n";

TEST_P(User, SystemCalls)
{
    const Outcome run = boot("user_calls", options());
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 140 passed, 0 failed\n"), std::string::npos) << run.console;
    expect_output("hello -", run.console, "hello from process " + section_of("hello -", run.console).pid + "\n");
    expect_output("argecho an argument", run.console,
                  "argecho: 2 arguments\nargv[0] = \"argecho\"\nargv[1] = \"an argument\"\nargv[2] is NULL\n");
    for (const char *which : {"bss -", "bss again"})
        expect_output(which, run.console, "bss: 0 of 300000 bytes are not zero; data 4711\n");
    expect_output("brk -", run.console,
                  "brk: begins at the page above end\n"
                  "brk: grows at its begin, 0 bytes are not zero\n"
                  "brk: shrinks from 20000\n"
                  "brk: grows at its begin, 0 bytes are not zero\n"
                  "brk: shrinks from 20000\n"
                  "brk: below SYSERR\n"
                  "brk: far below SYSERR\n"
                  "brk: too much SYSERR\n"
                  "brk: ends at its begin\n");
    expect_output("memory -", run.console,
                  "memory: refused -1 -1 -1 -1\n"
                  "memory: outside -1 -1 -1\n"
                  "memory: 0 are wrong; little is taken\n");
    expect_output("spin -", run.console, "spin: for ever\n");
    const Section ps = section_of("ps -", run.console);
    expect_whole_match(ps.text, "  pid  name             state             prio  ring  parent\n"
                                "    0  prnull           ready                0     0       0\n"
                                "    2  Main process     .*\n"
                                "    3  .*  0       2\n" + // the heartbeat
                                    std::string(5 - ps.pid.size(), ' ') +
                                    ps.pid + "  ps               current .*  3       2\n");
    for (const char *const which : {"df", "nt", "ac"}) // ring 3's own affair
        EXPECT_NE(section_of(std::string("flags ") + which, run.console).text.find("has 0x"), std::string::npos);
    expect_output("flags iopl", run.console, "flags: iopl\nflags: has 0 of them\n");
}

TEST_P(User, Callbacks)
{
    const Outcome run = boot("user_calls", options());
    expect_output("alarm -", run.console,
                  "alarm: cbsignal 0\n"
                  "alarm: again -1, pretype 1\n"
                  "alarm: 1 callbacks in ring 3, pretype 0, 0 registers changed\n"
                  "alarm: sleepms 1\n"
                  "alarm: 2 callbacks\n");
    expect_output("message -", run.console,
                  "message: cbsignal 0\n"
                  "message: to itself 1\n"
                  "message: 1 callbacks in ring 3, message 4711, 0 registers changed\n"
                  "sender: send 1\n"
                  "message: slept its full time, sleepms 1\n"
                  "message: 2 callbacks in ring 3, message 815\n");
    expect_output("vacation -", run.console,
                  "vacation: dreamvac 1\n"
                  "vacation: sleepms 1, 1 vacations in ring 3\n"
                  "vacation: sleepms 1, 1 vacations\n"
                  "vacation: sleepms -1, 2 vacations\n"
                  "vacation: taken back 1, 2 vacations\n");
    expect_output("record -", run.console, "record: CS 1b, interrupts 1, IOPL 0\n");
    const std::string written = section_of("latewrite -", run.console).text;
    EXPECT_NE(written.find("latewrite: write 1, took ticks 1, callbacks at its return 1, outside ring 3 0, "
                           "pretype 0\n"),
              std::string::npos);
    EXPECT_EQ(written.find("latewrite: 0 early callbacks\n"), 0U) << written.substr(0, 100);
    expect_output("direction -", run.console, "direction: DF 0, IF 1\n");
    expect_output("longname -", run.console, "longname: 70000 refused; there is memory: 1\n");
    std::string refused;
    for (const char *where : {"NULL", "kernel", "below", "etext", "data", "stack", "window", "return page", "top"})
        refused += std::string("badcallback: ") + where + " -1 -1\n";
    expect_output("badcallback -", run.console,
                  refused + "badcallback: late -1, kind -1\n"
                            "badcallback: pretype 0\n"
                            "badcallback: good 0 1\n"
                            "badcallback: pretype 1\n");
}

TEST_P(User, Capabilities)
{
    const Outcome run = boot("user_calls", options());
    expect_output("caps -", run.console, std::string("caps: priority 30\n") + kNoCapability);
    // Its children get what it asks for and has itself: no more than the right to raise a priority.
    expect_whole_match(section_of("spawner -", run.console).text,
                       "spawner: begins\n"
                       "hello from process [0-9]+\n"
                       "spawner: hello has ended\n"
                       "argecho: 4 arguments\n"
                       "argv\\[0\\] = \"argecho\"\n"
                       "argv\\[1\\] = \"one\"\n"
                       "argv\\[2\\] = \"two words\"\n"
                       "argv\\[3\\] = \"\"\n"
                       "argv\\[4\\] is NULL\n"
                       "spawner: argecho has ended\n"
                       "argecho: 0 arguments\n"
                       "argv\\[0\\] is NULL\n"
                       "spawner: argecho has ended\n"
                       "caps: priority 30\n"
                       "caps: kill -1\n"
                       "caps: chprio up 30\n"
                       "(caps: spawn above done\nhello from process [0-9]+\n"
                       "|hello from process [0-9]+\ncaps: spawn above done\n)"
                       "caps: chprio down 31\n"
                       "caps: and up again 29\n"
                       "caps: ioperm -1\n"
                       "caps: halt -1\n"
                       "spawner: caps has ended\n"
                       "spawner: no such program SYSERR\n"
                       "spawner:  SYSERR\n"
                       "spawner: hello SYSERR\n");
}

TEST_P(User, Ports)
{
    const Outcome run = boot("user_calls", options());
    const std::string opened = "ports: beyond -1 -1 -1\nports: wrote 0x5a, read 0x5a\n";
    const std::string start = backtrace("main _start");
    const std::string in = backtrace("in") + start;
    const std::string closed = opened + "ports: closed 1\n";
    const std::string out = backtrace("out") + start;
    expect_fault({"ports without", "ports: beyond -1 -1 -1\n", "general protection", out.c_str()}, run.console);
    expect_fault({"ports other", opened.c_str(), "general protection", in.c_str()}, run.console);
    expect_fault({"ports closed", closed.c_str(), "general protection", in.c_str()}, run.console);
    expect_fault({"ports wide", opened.c_str(), "general protection", start.c_str()}, run.console);
}

TEST_P(User, NobodyIsTakenForAnother)
{
    Options machine = options();
    const bool has_sysenter = std::string(GetParam().model).find("-sep") == std::string::npos;
    machine.input = has_sysenter ? "y" : "n";
    const Outcome run = boot("user_others", machine);
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    const std::string checks = std::to_string(has_sysenter ? 12 : 7);
    EXPECT_NE(run.console.find("checks: " + checks + " passed, 0 failed\n"), std::string::npos) << run.console;
    const std::string kept = "segments: FS and GS were others 0 times\n";
    expect_output("turns segments", run.console, kept + kept);
    expect_output("turns ports", run.console, "ports: 5 turns with 0x3ff\nports: 5 turns with 0x3fe\n");
    expect_output("orphan -", run.console,
                  "orphan: chprio of its child 1\nspin: for ever\norphan: chprio -1, kill -1\n");
    if (has_sysenter)
        expect_output("segments calls", run.console, "segments: DS and ES were others 0 times\n");
}

// A third of a million for each CPU, with different seeds.
TEST_P(User, RandomSystemCalls)
{
    Options machine = options();
    machine.memory = 16; // taking all of it is quick
    machine.timeout = 290;
    machine.input = std::string("334000\n") + GetParam().first_seed + "\n";
    const Outcome run = boot("user_fuzz", machine);
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    const std::string end = run.console.substr(run.console.size() - std::min<std::size_t>(run.console.size(), 2000));
    expect_match(end, "\n33[4-9][0-9]{3} calls by [0-9]+ fuzzers\nchecks: 5 passed, 0 failed\n");
    const std::size_t complaint = run.console.find("fuzz: ");
    EXPECT_EQ(complaint, std::string::npos) << run.console.substr(std::min(complaint, run.console.size()), 1000);
}

TEST(UserStarts, GiveEverythingBack)
{
    Options starts;
    starts.memory = 16;
    starts.timeout = 200;
    const Outcome run = boot("user_starts", starts);
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 109 passed, 0 failed\n"), std::string::npos) << run.console;
}

TEST(UserMonitor, OpensOnlyWhereItWasAskedFor)
{
    const Outcome run = boot("user_breakpoint");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 5 passed, 0 failed\n"), std::string::npos) << run.console;
    EXPECT_NE(run.console.find(" (breakpoint) ended by breakpoint\n"), std::string::npos) << run.console;
}

TEST(UserMonitor, StopsAtABreakpoint)
{
    Options typed;
    typed.input = "rbsx"; // and Ctrl-D
    const Outcome run = boot("monitor/user_monitor", typed);
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason << run.console;
    EXPECT_NE(run.console.find("checks: 5 passed, 0 failed\n"), std::string::npos) << run.console;
    const Section section = section_of("breakpoint -", run.console);
    const std::string registers = std::string(kRegisters).substr(0, std::string(kRegisters).find("backtrace"));
    expect_whole_match(section.text, "breakpoint: int3\n"
                                     "\nbreakpoint in process " +
                                         section.pid +
                                         " \\(breakpoint\\) at with_breakpoint\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n"
                                         "monitor> r\n" +
                                         registers + "monitor> b\n" + backtrace("with_breakpoint main _start") +
                                         "monitor> s\n"
                                         "\nstep in process " +
                                         section.pid +
                                         " \\(breakpoint\\) at with_breakpoint\\+0x[0-9a-f]+ \\(\\S+:[0-9]+\\)\n"
                                         "monitor> x\n  r registers .*\n"
                                         "monitor> \\^D\n"
                                         "breakpoint: goes on with 42\n");
}

} // namespace
} // namespace detour::test
