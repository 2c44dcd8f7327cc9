// stdlib_test.cpp - system/lib/stdlib.cpp and system/lib/ctype.cpp against the C library
#include "kernel/text/format.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

// The kernel's functions, compiled here under other names.
#define abs xinu_abs
#define labs xinu_labs
#define atoi xinu_atoi
#define atol xinu_atol
#define rand xinu_rand
#define srand xinu_srand
#define qsort xinu_qsort
#define sprintf xinu_sprintf
#define snprintf xinu_snprintf
#define puts xinu_puts
#define isalnum xinu_isalnum
#define isalpha xinu_isalpha
#define isblank xinu_isblank
#define iscntrl xinu_iscntrl
#define isdigit xinu_isdigit
#define isgraph xinu_isgraph
#define islower xinu_islower
#define isprint xinu_isprint
#define ispunct xinu_ispunct
#define isspace xinu_isspace
#define isupper xinu_isupper
#define isxdigit xinu_isxdigit
#define tolower xinu_tolower
#define toupper xinu_toupper
#include "system/lib/ctype.cpp"  // NOLINT(bugprone-suspicious-include)
#include "system/lib/stdlib.cpp" // NOLINT(bugprone-suspicious-include)
#undef abs
#undef labs
#undef atoi
#undef atol
#undef rand
#undef srand
#undef qsort
#undef sprintf
#undef snprintf
#undef puts
#undef isalnum
#undef isalpha
#undef isblank
#undef iscntrl
#undef isdigit
#undef isgraph
#undef islower
#undef isprint
#undef ispunct
#undef isspace
#undef isupper
#undef isxdigit
#undef tolower
#undef toupper

namespace
{

TEST(Ctype, ClassesOfTheCLocale)
{
    using Function = int (*)(int);
    const std::pair<Function, Function> classes[] = {
        {xinu_isalnum, std::isalnum}, {xinu_isalpha, std::isalpha}, {xinu_isblank, std::isblank},
        {xinu_iscntrl, std::iscntrl}, {xinu_isdigit, std::isdigit}, {xinu_isgraph, std::isgraph},
        {xinu_islower, std::islower}, {xinu_isprint, std::isprint}, {xinu_ispunct, std::ispunct},
        {xinu_isspace, std::isspace}, {xinu_isupper, std::isupper}, {xinu_isxdigit, std::isxdigit},
    };
    for (int c = -1; c < 256; ++c) { // -1: the host's EOF
        for (const auto &[mine, theirs] : classes)
            EXPECT_EQ(mine(c) != 0, theirs(c) != 0) << c << " in class " << &mine - &classes[0].first;
        EXPECT_EQ(xinu_tolower(c), std::tolower(c));
        EXPECT_EQ(xinu_toupper(c), std::toupper(c));
    }
}

TEST(Stdlib, Numbers)
{
    for (const char *text :
         {"0", "42", "-17", "+5", " \t\n\v\f\r8x", "", "-", "+-3", "x", "2147483647", "-2147483648"}) {
        EXPECT_EQ(xinu_atoi(text), std::atoi(text)) << text;
        EXPECT_EQ(xinu_atol(text), std::atol(text)) << text;
    }
    EXPECT_EQ(xinu_abs(-5), 5);
    EXPECT_EQ(xinu_labs(-LONG_MAX), LONG_MAX);
}

TEST(Stdlib, QsortSortsAnySize)
{
    std::mt19937 random(5);
    for (unsigned count = 0; count < 200; ++count) {
        std::vector<uint32_t> values(count);
        for (auto &value : values)
            value = static_cast<uint32_t>(random() % (count + 1));
        auto expected = values;
        std::sort(expected.begin(), expected.end());
        xinu_qsort(values.data(), count, sizeof(uint32_t), [](const void *left, const void *right) {
            const auto a = *static_cast<const uint32_t *>(left);
            const auto b = *static_cast<const uint32_t *>(right);
            return a < b ? -1 : a > b;
        });
        EXPECT_EQ(values, expected);

        std::vector<std::array<char, 3>> triples(count);
        for (auto &triple : triples)
            triple = {static_cast<char>(random() % 3), static_cast<char>(random()), 7};
        auto sorted = triples;
        xinu_qsort(sorted.data(), count, 3, [](const void *left, const void *right) {
            return *static_cast<const char *>(left) - *static_cast<const char *>(right);
        });
        EXPECT_TRUE(std::is_sorted(sorted.begin(), sorted.end(), [](auto &a, auto &b) { return a[0] < b[0]; }));
        EXPECT_TRUE(std::is_permutation(sorted.begin(), sorted.end(), triples.begin()));
    }
}

TEST(Stdlib, RandomNumbersRepeatAndSpread)
{
    for (const unsigned seed : {0U, 1U, 12345U}) {
        std::vector<int> first(1000);
        xinu_srand(seed);
        std::generate(first.begin(), first.end(), xinu_rand);
        EXPECT_GE(*std::min_element(first.begin(), first.end()), 0);
        EXPECT_GT(*std::max_element(first.begin(), first.end()), RAND_MAX / 2);
        xinu_srand(seed);
        for (const int value : first)
            ASSERT_EQ(xinu_rand(), value);
        std::sort(first.begin(), first.end());
        EXPECT_EQ(std::adjacent_find(first.begin(), first.end()), first.end());
    }
}

TEST(Stdlib, PrintingIntoMemory)
{
    std::array<char, 20> buffer{};
    EXPECT_EQ(xinu_sprintf(buffer.data(), "%d-%s", 12, "abc"), 6);
    EXPECT_STREQ(buffer.data(), "12-abc");
    EXPECT_EQ(xinu_snprintf(buffer.data(), 4, "%s", "wxyz!"), 5);
    EXPECT_STREQ(buffer.data(), "wxy");
    EXPECT_EQ(xinu_snprintf(nullptr, 0, "%s", "wxyz!"), 5);
}

} // namespace
