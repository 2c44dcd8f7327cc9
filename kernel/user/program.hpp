// program.hpp - the ring-3 programs inside the image
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace detour
{

// An ELF file that the link (tools/build/link_image.py) puts into the image.
struct Program {
    const char *name;
    const std::byte *first;
    uint32_t bytes;

    std::span<const std::byte> file() const { return {first, bytes}; }
};

// The program with this name, or nullptr.
const Program *find_program(const char *name);

} // namespace detour
