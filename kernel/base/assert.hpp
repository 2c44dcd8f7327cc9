// assert.hpp - assertions about our own mistakes; mistakes of callers are answered with SYSERR instead
#pragma once

namespace detour
{

// Panics with the expression and its place. In the host tests it fails the test.
[[noreturn]] void assertion_failed(const char *expression, const char *file, int line);

} // namespace detour

#define KASSERT(condition)                                                                                   \
    (__builtin_expect(static_cast<bool>(condition), true)                                                    \
         ? static_cast<void>(0)                                                                              \
         : detour::assertion_failed(#condition, __FILE_NAME__, __LINE__))
