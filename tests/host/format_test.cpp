// format_test.cpp - the printf engine against the C library's snprintf
#include "kernel/text/format.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#pragma GCC diagnostic ignored "-Wformat" // formats made at run time, and %b, which older compilers do not know
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat-overflow"

namespace
{

template <class... Values> std::string text_of(const char *fmt, Values... values)
{
    std::array<char, 1000> buffer{};
    const int length = detour::format_to(buffer, fmt, values...);
    EXPECT_EQ(static_cast<size_t>(length), std::strlen(buffer.data())) << fmt;
    return buffer.data();
}

template <class... Values> void expect_like_snprintf(const char *fmt, Values... values)
{
    std::array<char, 1000> expected{};
    const int length = std::snprintf(expected.data(), expected.size(), fmt, values...);
    EXPECT_EQ(text_of(fmt, values...), expected.data()) << "format: \"" << fmt << '"';
    EXPECT_EQ(detour::format_to({}, fmt, values...), length);
}

TEST(Format, ConversionsLikeSnprintf)
{
    for (const char *fmt : {"%d",    "%i",      "[%5d]",  "[%-5d]", "%05d", "%+d", "% d",  "%+5d", "%.0d",   "%.3d",
                            "%8.3d", "%-8.3d|", "%08.3d", "%u",     "%x",   "%X",  "%#x",  "%#X",  "%#010x", "%#o",
                            "%o",    "%#.0o",   "%.0x",   "%hd",    "%hhd", "%hu", "%hhx", "a%db", "%%%d%%", "%c"})
        for (const int value : {1, 0, -1, 65, 127, -128, 255, 256, 32767, 65536, INT_MAX, INT_MIN}) {
            if (std::strcmp(fmt, "%c") != 0 || (value > 0 && value < 128))
                expect_like_snprintf(fmt, value);
        }
    for (const char *fmt : {"%lld", "%llu", "%llx", "%#llo", "%020llX", "%-25lld|", "%.22lld"})
        for (const long long value : {0LL, 1LL, -1LL, 4294967295LL, 4294967296LL, LLONG_MAX, LLONG_MIN})
            expect_like_snprintf(fmt, value);
    expect_like_snprintf("%ld %lu %lx", LONG_MIN, ULONG_MAX, 7L);
    expect_like_snprintf("%zu %zx", SIZE_MAX, sizeof(int));
    expect_like_snprintf("[%s] [%8s] [%-8s] [%.2s] [%.0s] [%8.3s] [%.9s]", "abc", "abc", "abc", "abc", "abc", "abcdef",
                         "");
    expect_like_snprintf("[%*d] [%-*d] [%*d] [%.*d] [%.*d] [%*.*s]", 6, 1, 6, 2, -6, 3, 4, 4, -1, 5, 7, 2, "abc");
    expect_like_snprintf("[%5c] [%-5c]", 'x', 'y');
}

TEST(Format, ConversionsBeyondSnprintf)
{
    EXPECT_EQ(text_of("%b %b %#b %08b %.4b", 0, 5, 6, 7, 1), "0 101 0b110 00000111 0001");
    EXPECT_EQ(text_of("%b", UINT_MAX), std::string(32, '1'));
    EXPECT_EQ(text_of("%llb", ~0ULL), std::string(64, '1'));
    EXPECT_EQ(text_of("%p", reinterpret_cast<void *>(0x10cafe)), "0x10cafe");
    EXPECT_EQ(text_of("%p", static_cast<void *>(nullptr)), "0");
    EXPECT_EQ(text_of("[%s] [%8s] [%.2s]", static_cast<char *>(nullptr), static_cast<char *>(nullptr),
                      static_cast<char *>(nullptr)),
              "[(null)] [  (null)] [(n]");
    EXPECT_EQ(text_of("%q %5y%d", 1), "%q %5y1");
    EXPECT_EQ(text_of("100%"), "100%");
    EXPECT_EQ(text_of("%-5.3l"), "%-5.3l");
    const auto length_of = [](const char *fmt, auto... values) { return detour::format_to({}, fmt, values...); };
    EXPECT_EQ(length_of("%99999999999d", 1), 32767);
    EXPECT_EQ(length_of("%*d", INT_MIN, 1), 32767);
    EXPECT_EQ(length_of("%.*d", INT_MAX, 1), 32767);
}

TEST(Format, PrecisionBoundsReading)
{
    const auto text = std::make_unique<char[]>(3); // without a NUL: one byte more is an error to the sanitizer
    std::memcpy(text.get(), "abc", 3);
    EXPECT_EQ(text_of("%.3s", text.get()), "abc");
}

// The numbers at which a conversion goes wrong first: ties, carries, the ends of the range.
const std::vector<double> &edges()
{
    static const std::vector<double> numbers{
        0.0,    -0.0,    0.5,     1.5,     2.5,      0.25,      0.125,     9.5,      99.5,    0.05,
        0.95,   9.995,   1e15,    1e16,    1e22,     1e23,      123456.5,  999999.5, 9999995, 99999.95,
        0.0001, 0.00001, 9.9e-05, 0.1,     0x1p1023, 0x1p-1022, 0x1p-1074, DBL_MAX,  DBL_MIN, 0x1p53,
        0x1p63, 0x1p64,  1e-10,   1 / 3.0, INFINITY, -INFINITY, NAN,       -NAN,     5e-324,  1e308,
    };
    return numbers;
}

double double_of(uint64_t bits)
{
    return std::bit_cast<double>(bits);
}

TEST(Format, FloatsLikeSnprintf)
{
    for (const double value : edges())
        for (const char *fmt :
             {"%f",      "%.0f",  "%.1f",     "%.2f",  "%#.0f", "%+.3f",  "% .3f",  "%12.3f", "%-12.3f|",
              "%012.3f", "%F",    "%e",       "%.0e",  "%#.0e", "%.16e",  "%15.3e", "%E",     "%g",
              "%.0g",    "%.1g",  "%.17g",    "%G",    "%a",    "%A",     "%.0a",   "%.3a",   "%20a|",
              "%020a",   "%#.0a", "%-20.2a|", "%.60f", "%.60e", "%.400g", "%+g",    "%010g",  "%-010g|"})
            expect_like_snprintf(fmt, value);
    expect_like_snprintf("%d %f %s %e %d", 1, 2.5, "x", -3.5, 7); // each takes its argument, and no more
    expect_like_snprintf("%*.*f|%-*.*e|%.*g", 12, 3, 1.5, 12, 2, 1.5, -1, 1.5);
    EXPECT_EQ(text_of("%#g %#.3g %#g", 999999.5, 100.0, 0.0), "1.00000e+06 100. 0.00000"); // glibc: 1.e+06
}

TEST(Format, EveryDigitOfADouble)
{
    std::vector<char> expected(40'000);
    std::vector<char> found(expected.size());
    for (const double value : edges())
        for (const char *fmt : {"%.1100f", "%.1100e", "%.1100g", "%.32767f", "%1500.1074f"}) {
            const int length = std::snprintf(expected.data(), expected.size(), fmt, value);
            EXPECT_EQ(detour::format_to(found, fmt, value), length);
            EXPECT_STREQ(found.data(), expected.data()) << fmt;
        }
}

#if LDBL_MANT_DIG == 64
TEST(Format, LongDoublesLikeSnprintf)
{
    for (const long double value : {0.1L, 1 / 3.0L, 1e300L, -2.5L, 18446744073709551615.0L, 0x1p-1000L, 0.0L})
        for (const char *fmt : {"%Lf", "%.0Lf", "%.25Le", "%.19Lg", "%La", "%30.20Lf|"})
            expect_like_snprintf(fmt, value);
    expect_like_snprintf("%Lf %d %Lg %s", 1.5L, 42, static_cast<long double>(INFINITY), "x");
    EXPECT_EQ(text_of("<%Lf %20Le %d>", 1e4000L, -1e-4000L, 5), "<(beyond double)     -(beyond double) 5>");
}
#endif

TEST(Format, RandomFloatsLikeSnprintf)
{
    std::mt19937_64 random(20261010);
    const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
    for (int round = 0; round < 50'000; ++round) {
        const char conversion = "fFeEgGaA"[below(8)];
        std::string fmt = "<%";
        for (const char flag : {'-', '0', '+', ' ', '#'})
            if (below(3) == 0 && (flag != '#' || (conversion != 'g' && conversion != 'G')))
                fmt += flag;
        if (below(2) != 0)
            fmt += std::to_string(1 + below(60));
        if (below(3) != 0)
            fmt += "." + std::to_string(below(25));
        const double kinds[] = {double_of(random()), double_of(random() >> 12 >> below(52)), // any; denormal
                                static_cast<double>(random() >> 40) / (1U << below(20)),     // ties
                                below(100'000) / std::pow(10, below(8)), edges()[below(40)]};
        expect_like_snprintf((fmt + conversion + ">").c_str(), kinds[below(5)]);
    }
}

TEST(Format, CutsAtTheEndOfTheBuffer)
{
    const std::string whole = "abcd0042";
    for (size_t size = 0; size < 12; ++size) {
        std::array<char, 12> buffer;
        buffer.fill('?');
        EXPECT_EQ(detour::format_to(std::span(buffer).first(size), "%s%04d", "abcd", 42), 8);
        std::string expected(buffer.size(), '?');
        if (size > 0) {
            const std::string cut = whole.substr(0, size - 1);
            expected.replace(0, cut.size() + 1, cut + '\0');
        }
        EXPECT_EQ(std::string(buffer.data(), buffer.size()), expected) << size;
    }
}

TEST(Format, SinkGetsEveryCharacter)
{
    std::string text;
    const detour::Sink sink{[](void *context, char c) { *static_cast<std::string *>(context) += c; }, &text};
    EXPECT_EQ(detour::print(sink, "%d%c%s", 12, '\0', "xy"), 5);
    EXPECT_EQ(text, std::string("12\0xy", 5));
}

TEST(Format, RandomLikeSnprintf)
{
    std::mt19937_64 random(20260101);
    const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
    const auto maybe_number = [&](unsigned limit) { return below(2) ? std::to_string(1 + below(limit)) : ""; };
    for (int round = 0; round < 50'000; ++round) {
        std::string fmt = "<%";
        for (const char flag : {'-', '0', '+', ' ', '#'})
            if (below(3) == 0)
                fmt += flag;
        fmt += maybe_number(70);
        if (below(3) == 0)
            fmt += "." + maybe_number(70);
        const uint64_t value = random() >> below(64);
        const char conversion = "diuxXo"[below(6)];
        const bool has_sign = conversion == 'd' || conversion == 'i';
        if (has_sign || conversion == 'u') // '#' has no meaning for these, '+' none for the others
            fmt.erase(std::remove(fmt.begin(), fmt.end(), '#'), fmt.end());
        const auto run = [&](const char *size, auto argument) {
            expect_like_snprintf((fmt + size + conversion + ">").c_str(), argument);
        };
        switch (below(6)) {
        case 0:
            run("hh", static_cast<int>(value));
            break;
        case 1:
            run("h", static_cast<int>(value));
            break;
        case 2:
            run("", static_cast<int>(value));
            break;
        case 3:
            run("l", static_cast<long>(value));
            break;
        case 4:
            run("ll", static_cast<long long>(value));
            break;
        default:
            run("z", static_cast<size_t>(value));
        }
    }
}

} // namespace
