#include "kernel/user/program.hpp"

#include <cstring>

// Weak: an image without ring-3 programs has no such table.
extern "C" {
[[gnu::weak]] extern const detour::Program user_programs[];
[[gnu::weak]] extern const uint32_t user_program_count;
}

namespace detour
{

const Program *find_program(const char *name)
{
    if (&user_program_count == nullptr)
        return nullptr;
    for (uint32_t i = 0; i < user_program_count; ++i)
        if (std::strcmp(user_programs[i].name, name) == 0)
            return &user_programs[i];
    return nullptr;
}

} // namespace detour
