// plugin.cpp - counts the instructions of a run inside QEMU; tools/run/instructions.py compiles and loads it
//
// Arguments, after QEMU's `-plugin FILE`:
//   out=FILE      the report, written when QEMU ends
//   from=HEX      what is executed before this address, the entry of the image, does not count
//   mode=run      how often each instruction was executed
//   mode=calls    the paths through a function: calls.cpp
//   mode=masked   the longest stretches of instructions with interrupts masked: masked.cpp
//
// Those of a mode follow it. The report has one line for each address, "ADDRESS COUNT" in hexadecimal and decimal; the
// modes calls and masked group them, as their files say.
#include "mode.hpp"
#include "qemu.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <deque>

int qemu_plugin_version = PLUGIN_VERSION;

namespace
{

// Containers are never destroyed: exit() runs this file's destructors before it has QEMU call on_exit().
auto &instructions = *new std::deque<Instruction>; // a deque never moves its elements
FILE *report;
uint32_t from_address;
bool started;
Mode *mode = &mode_run();

class Run final : public Mode
{
public:
    void execute(Instruction &instruction) override { instruction.count++; }
    bool counts_run() const override { return true; }
};

void on_execution(unsigned /*cpu*/, void *data)
{
    Instruction &instruction = *static_cast<Instruction *>(data);
    if (!started && instruction.address != from_address)
        return;
    started = true;
    mode->execute(instruction);
}

void on_translation(uint64_t /*id*/, qemu_plugin_tb *block)
{
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        qemu_plugin_insn *const instruction = qemu_plugin_tb_get_insn(block, i);
        instructions.push_back({static_cast<uint32_t>(qemu_plugin_insn_vaddr(instruction))});
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_execution, kReadsRegisters, &instructions.back());
    }
}

void on_exit(uint64_t /*id*/, void * /*data*/)
{
    mode->report(report);
    if (mode->counts_run())
        for (const Instruction &instruction : instructions)
            if (instruction.count != 0)
                fprintf(report, "%x %" PRIu64 "\n", instruction.address, instruction.count);
    fclose(report);
}

bool choose(const std::string &name)
{
    if (name == "run")
        mode = &mode_run();
    else if (name == "calls")
        mode = &mode_calls();
    else if (name == "masked")
        mode = &mode_masked();
    else
        return false;
    return true;
}

bool take(const std::string &name, const std::string &value)
{
    if (name == "mode")
        return choose(value);
    if (name == "out")
        report = fopen(value.c_str(), "w");
    else if (name == "from")
        from_address = hexadecimal(value);
    else
        return mode->take(name, value);
    return true;
}

int refuse(const char *why, const char *what = "")
{
    fprintf(stderr, "count_plugin: %s%s\n", why, what);
    return 1;
}

} // namespace

Mode &mode_run()
{
    static Run &run = *new Run;
    return run;
}

uint32_t hexadecimal(const std::string &text)
{
    return static_cast<uint32_t>(strtoul(text.c_str(), nullptr, 16));
}

std::set<uint32_t> addresses(const std::string &text)
{
    std::set<uint32_t> result;
    for (size_t at = 0; at < text.size(); at = std::min(text.find(':', at), text.size() - 1) + 1)
        result.insert(hexadecimal(text.substr(at)));
    return result;
}

int qemu_plugin_install(uint64_t id, const void * /*info*/, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        const std::string argument = argv[i];
        const size_t equals = std::min(argument.find('='), argument.size() - 1);
        if (!take(argument.substr(0, equals), argument.substr(equals + 1)))
            return refuse("unknown argument ", argv[i]);
    }
    if (report == nullptr)
        return refuse("cannot write the report");
    if (const char *const why = mode->unable())
        return refuse(why);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit, nullptr);
    return 0;
}
