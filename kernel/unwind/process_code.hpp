// process_code.hpp - the code that a process executes, and the description of an address in it
#pragma once

#include "kernel/image/code_tables.hpp"
#include "kernel/text/format.hpp"

#include <cstdint>
#include <optional>

namespace detour
{

// Reads the memory that is described, at any alignment; nothing where there is no memory. In the kernel, the kernel's
// own memory and that of a ring-3 process; in gdb, the memory of the machine.
struct MemoryReader {
    std::optional<uint32_t> (*read)(const void *context, uint32_t address);
    const void *context;

    std::optional<uint32_t> word(uint32_t address) const { return read(context, address); }
};

// The code that a process executes.
struct ProcessCode {
    CodeTables kernel;
    CodeTables program; // of a ring-3 process, at USER_BEGIN and above

    const CodeTables &at(uint32_t address) const;
    // The function, the rule and the line of an address; `back` is 1 for a return address, which is looked up by the
    // byte before it: the call may be its function's last instruction, if the callee never returns.
    std::optional<Symbol> symbol(uint32_t address, uint32_t back) const;
    std::optional<SourceLine> line(uint32_t address, uint32_t back) const;
};

// Prints `function+offset (file:line)`, or nothing if the address is not in code. back: as above.
void print_code_address(Sink sink, const ProcessCode &code, uint32_t address, uint32_t back);

} // namespace detour
