// vectors.hpp - exceptions that the kernel treats in a way of their own (Intel SDM vol. 3, table 6-1)
#pragma once

#include <cstdint>

namespace detour::arch
{

constexpr uint32_t kDebugVector = 1;
constexpr uint32_t kNmiVector = 2;
constexpr uint32_t kBreakpointVector = 3;
constexpr uint32_t kNoFloatVector = 7; // "device not available": the floating-point unit is closed
constexpr uint32_t kDoubleFaultVector = 8;
constexpr uint32_t kPageFault = 14;
constexpr uint32_t kFloatErrorVector = 16;

} // namespace detour::arch
