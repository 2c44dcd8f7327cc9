/* page.h - the size of a page, for assembly and C++ (Intel SDM vol. 3, 4.3) */
#ifndef DETOUR_PAGE_H
#define DETOUR_PAGE_H

#define PAGE_BYTES 4096

#ifndef __ASSEMBLER__

#include <cstdint>

namespace detour
{

constexpr uint32_t kPageBytes = PAGE_BYTES;

constexpr uint32_t pages_for(uint32_t bytes)
{
    return bytes / kPageBytes + (bytes % kPageBytes != 0 ? 1 : 0);
}

} // namespace detour

#endif
#endif
