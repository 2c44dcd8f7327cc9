// ide.hpp - the first disk on the primary IDE channel; its functions are in kernel/base/arch.hpp
#pragma once

namespace detour::arch
{

constexpr unsigned kIdeIrq = 14;

} // namespace detour::arch
