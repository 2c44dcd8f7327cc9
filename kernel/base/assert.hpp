// assert.hpp - assertions about the kernel's own mistakes; mistakes of callers are reported to them as SYSERR
#pragma once

namespace detour
{

// Panics with the expression and its location. In the host tests it fails the test.
[[noreturn]] void assertion_failed(const char *expression, const char *file, int line);

} // namespace detour

#define KASSERT(condition)                                                                                             \
    (__builtin_expect(static_cast<bool>(condition), true)                                                              \
         ? static_cast<void>(0)                                                                                        \
         : detour::assertion_failed(#condition, __FILE_NAME__, __LINE__))

// An invariant on a path whose instructions are counted: checked in the host tests and in kernels that are built for
// it, such as that of `make soak`. What a program can write into the process table may break it.
#if defined(DETOUR_HOST_TEST) || defined(DETOUR_DEBUG)
#define DEBUG_ASSERT(condition) KASSERT(condition)
#else
#define DEBUG_ASSERT(condition) static_cast<void>(0)
#endif
