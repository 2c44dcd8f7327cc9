// mode.hpp - what is counted: one of the modes, chosen by the argument mode=
#pragma once

#include <cstdint>
#include <cstdio>
#include <set>
#include <string>

// A translated instruction. QEMU may translate the same address several times; the reader adds them up.
struct Instruction {
    uint32_t address;
    uint64_t count = 0;   // in the run, or in the stretch with this number
    uint64_t stretch = 0; // mode masked
};

class Mode
{
public:
    virtual ~Mode() = default;

    // Takes an argument of this mode. Returns whether it has one of this name.
    virtual bool take(const std::string &, const std::string &) { return false; }

    // Called once, after the arguments. Returns why the mode cannot work in this QEMU, or nothing.
    virtual const char *unable() { return nullptr; }

    // Called before each instruction is executed.
    virtual void execute(Instruction &) = 0;

    // Writes what there is beside the instructions' own counts.
    virtual void report(FILE *) {}

    // Whether the instructions' counts are those of the whole run.
    virtual bool counts_run() const { return false; }
};

Mode &mode_calls();
Mode &mode_masked();
Mode &mode_run();

uint32_t hexadecimal(const std::string &text);

// The numbers of "HEX:HEX:...".
std::set<uint32_t> addresses(const std::string &text);
