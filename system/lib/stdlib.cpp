// stdlib.cpp - the part of <stdlib.h> that course code uses, and printing into memory
#include "include/libc/stdlib.h"

#include "include/libc/stdio.h"
#include "kernel/text/format.hpp"

#include <cstdarg>
#include <cstdint>
#include <utility>

namespace
{

constexpr uint32_t kFirstSeed = 2463534242; // any but 0, which the generator maps to itself

constinit uint32_t random_state = kFirstSeed;

// The array passed to qsort(), and its comparison.
struct Elements {
    unsigned char *base;
    size_t size;
    int (*compare)(const void *left, const void *right);

    bool less(size_t left, size_t right) const { return compare(base + left * size, base + right * size) < 0; }

    void swap(size_t left, size_t right) const
    {
        for (size_t i = 0; i < size; ++i)
            std::swap(base[left * size + i], base[right * size + i]);
    }

    // Moves the element at `at` down a heap of `count` elements until no child is greater.
    void sift_down(size_t at, size_t count) const
    {
        for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && less(child, child + 1))
                ++child;
            if (!less(at, child))
                return;
            swap(at, child);
            at = child;
        }
    }
};

} // namespace

extern "C" {

int abs(int value) noexcept
{
    return value < 0 ? -value : value;
}

long labs(long value) noexcept
{
    return value < 0 ? -value : value;
}

long atol(const char *text) noexcept
{
    while (*text == ' ' || (*text >= '\t' && *text <= '\r'))
        ++text;
    const bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        ++text;
    unsigned long value = 0;
    for (; *text >= '0' && *text <= '9'; ++text)
        value = value * 10 + static_cast<unsigned long>(*text - '0');
    return static_cast<long>(negative ? 0 - value : value);
}

int atoi(const char *text) noexcept
{
    return static_cast<int>(atol(text));
}

// Marsaglia's xorshift32.
int rand(void) noexcept
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return static_cast<int>(random_state & RAND_MAX);
}

void srand(unsigned seed) noexcept
{
    random_state = seed != 0 ? seed : kFirstSeed;
}

// Heap sort: no recursion on a small stack, and no quadratic worst case.
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *left, const void *right))
{
    const Elements elements{static_cast<unsigned char *>(base), size, compare};
    for (size_t at = count / 2; at > 0; --at)
        elements.sift_down(at - 1, count);
    for (size_t last = count; last > 1; --last) {
        elements.swap(0, last - 1);
        elements.sift_down(0, last - 1);
    }
}

int sprintf(char *to, const char *fmt, ...) noexcept
{
    va_list arguments;
    va_start(arguments, fmt);
    const int length = detour::vformat_to({to, SIZE_MAX}, fmt, arguments);
    va_end(arguments);
    return length;
}

int snprintf(char *to, size_t size, const char *fmt, ...) noexcept
{
    va_list arguments;
    va_start(arguments, fmt);
    const int length = detour::vformat_to({to, size}, fmt, arguments);
    va_end(arguments);
    return length;
}

int puts(const char *text)
{
    return printf("%s\n", text);
}

} // extern "C"
