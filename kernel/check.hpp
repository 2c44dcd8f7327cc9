// check.hpp - whether the kernel's tables agree with each other
#pragma once

namespace detour
{

// Reads all tables; its time grows with their size. Returns nullptr if all invariants hold, otherwise the
// first that does not, in words. Interrupts masked.
const char *broken_invariant();

} // namespace detour
