// harness.hpp - boots an image in QEMU, through tools/run/run.py, and returns what came of it
//
// With DETOUR_MACHINE=bochs in the environment it is Bochs, through tools/run/bochs.py: another CPU, for the tests that
// need of the machine only memory and time.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace detour::test
{

// How a run ended: the exit codes of tools/run/run.py.
enum ExitCode {
    kPoweredOff = 0,
    kPanic = 10,
    kRefused = 11,
    kReset = 12,
    kTimeout = 13,
    kEmulatorFailed = 14,
    kLimit = 15,
    kUsage = 64,
};

struct Options {
    int memory = 128;      // MiB
    double timeout = 60;   // seconds of real time; a busy machine may need many for a short virtual time
    bool iso = false;      // boot through GRUB, from an ISO image made for this run
    bool count = false;    // one TSC tick is one instruction
    bool sweep = false;    // the timer chip can interrupt before any single instruction
    int seed = 0;          // not 0: varies the time between clock interrupts
    int limit = 0;         // not 0: msec of the machine's own time after which the run ends with a report
    bool single = false;   // instruction by instruction, for a log of all of them
    std::string disk = {}; // the image file of the machine's disk; there is none without
    std::vector<std::string> emulator = {}; // more arguments for QEMU
    // Typed at the console, followed by Ctrl-D; nullopt types nothing at all.
    std::optional<std::string> input = std::nullopt;
};

struct Outcome {
    int exit_code;       // an ExitCode
    std::string console; // all that the kernel wrote, unmodified
    std::string reason;  // why exit_code is not kPoweredOff, in one line
};

// Whether the machine is Bochs. There, of the options only memory and timeout count.
bool on_bochs();

// Boots the image of tests/qemu/programs/PROGRAM.c (or .cpp) in deterministic mode and waits for its end. A program in
// a folder of programs/ is named with it: "large/many".
Outcome boot(const std::string &program, const Options &options = {});

} // namespace detour::test
