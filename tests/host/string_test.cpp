// string_test.cpp - system/lib/string.cpp and string_memory.cpp against the C library, on seeded random input
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "kernel/text/format.hpp"

// The kernel's functions, compiled here under other names.
#define memcpy xinu_memcpy
#define memmove xinu_memmove
#define memset xinu_memset
#define memcmp xinu_memcmp
#define memchr xinu_memchr
#define strlen xinu_strlen
#define strnlen xinu_strnlen
#define strcpy xinu_strcpy
#define strncpy xinu_strncpy
#define strcat xinu_strcat
#define strncat xinu_strncat
#define strcmp xinu_strcmp
#define strncmp xinu_strncmp
#define strchr xinu_strchr
#define strrchr xinu_strrchr
#define strstr xinu_strstr
#define strspn xinu_strspn
#define strcspn xinu_strcspn
#define strpbrk xinu_strpbrk
#define strtok xinu_strtok
#define strcoll xinu_strcoll
#define strxfrm xinu_strxfrm
#define strerror xinu_strerror
#include "system/lib/string.cpp"        // NOLINT(bugprone-suspicious-include)
#include "system/lib/string_memory.cpp" // NOLINT(bugprone-suspicious-include)
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcpy
#undef strncpy
#undef strcat
#undef strncat
#undef strcmp
#undef strncmp
#undef strchr
#undef strrchr
#undef strstr
#undef strspn
#undef strcspn
#undef strpbrk
#undef strtok
#undef strcoll
#undef strxfrm
#undef strerror

namespace
{

using Bytes = std::vector<unsigned char>;

class StringTest : public testing::Test
{
protected:
    size_t below(size_t limit) { return static_cast<size_t>(random_()) % limit; }

    Bytes bytes(size_t size, unsigned values = 256)
    {
        Bytes result(size);
        for (auto &byte : result)
            byte = static_cast<unsigned char>(below(values));
        return result;
    }

    // A text of few different characters, one of them above 127, so that searches find something. Its block has no byte
    // to spare: the sanitizer sees a read beyond the NUL.
    std::unique_ptr<char[]> text(size_t longest)
    {
        const size_t length = below(longest + 1);
        auto result = std::make_unique<char[]>(length + 1);
        for (size_t i = 0; i < length; ++i)
            result[i] = "ab\xE9"[below(3)];
        return result;
    }

    std::mt19937 random_{42};
};

int sign(int value)
{
    return (value > 0) - (value < 0);
}

TEST_F(StringTest, CopyingAndFilling)
{
    for (int round = 0; round < 50'000; ++round) {
        const size_t count = below(round % 10 == 0 ? 300 : 40);
        const size_t to = below(20);
        const size_t from = round % 2 == 0 ? to + 8 * below(4) : below(40); // the same alignment, or any
        Bytes mine = bytes(400);
        Bytes theirs = mine;
        EXPECT_EQ(xinu_memmove(&mine[to], &mine[from], count), &mine[to]);
        std::memmove(&theirs[to], &theirs[from], count);
        ASSERT_EQ(mine, theirs) << to << ' ' << from << ' ' << count;
        EXPECT_EQ(xinu_memmove(&mine[from], &mine[to], count), &mine[from]);
        std::memmove(&theirs[from], &theirs[to], count);
        ASSERT_EQ(mine, theirs) << from << ' ' << to << ' ' << count;

        const Bytes source = bytes(400);
        EXPECT_EQ(xinu_memcpy(&mine[to], &source[from], count), &mine[to]);
        std::memcpy(&theirs[to], &source[from], count);
        ASSERT_EQ(mine, theirs) << to << ' ' << from << ' ' << count;

        const int value = static_cast<int>(below(1000)) - 300;
        EXPECT_EQ(xinu_memset(&mine[from], value, count), &mine[from]);
        std::memset(&theirs[from], value, count);
        ASSERT_EQ(mine, theirs) << from << ' ' << count;
    }
}

TEST_F(StringTest, ComparingAndFindingBytes)
{
    for (int round = 0; round < 50'000; ++round) {
        const size_t count = 1 + below(12);
        const Bytes a = bytes(count, static_cast<unsigned>(2 + below(254)));
        Bytes b = round % 2 == 0 ? a : bytes(count);
        b[below(count)] ^= static_cast<unsigned char>(below(2) << below(8));
        ASSERT_EQ(sign(xinu_memcmp(a.data(), b.data(), count)), sign(std::memcmp(a.data(), b.data(), count)));
        const int value = static_cast<int>(below(600)) - 256;
        ASSERT_EQ(xinu_memchr(a.data(), value, count), std::memchr(a.data(), value, count));
    }
}

TEST_F(StringTest, LookingAtTexts)
{
    for (int round = 0; round < 50'000; ++round) {
        const auto a = text(12);
        const auto b = text(4);
        const size_t limit = below(15);
        const int c = std::array{'a', 'b', 'x', '\xE9', '\0'}[below(5)]; // NOLINT(bugprone-signed-char-misuse)
        ASSERT_EQ(xinu_strlen(a.get()), std::strlen(a.get()));
        ASSERT_EQ(xinu_strnlen(a.get(), limit), std::min(std::strlen(a.get()), limit));
        ASSERT_EQ(sign(xinu_strcmp(a.get(), b.get())), sign(std::strcmp(a.get(), b.get())));
        ASSERT_EQ(sign(xinu_strncmp(a.get(), b.get(), limit)), sign(std::strncmp(a.get(), b.get(), limit)));
        ASSERT_EQ(xinu_strchr(a.get(), c), std::strchr(a.get(), c));
        ASSERT_EQ(xinu_strrchr(a.get(), c), std::strrchr(a.get(), c));
        ASSERT_EQ(xinu_strstr(a.get(), b.get()), std::strstr(a.get(), b.get()));
        ASSERT_EQ(xinu_strspn(a.get(), b.get()), std::strspn(a.get(), b.get()));
        ASSERT_EQ(xinu_strcspn(a.get(), b.get()), std::strcspn(a.get(), b.get()));
        ASSERT_EQ(xinu_strpbrk(a.get(), b.get()), std::strpbrk(a.get(), b.get()));
    }
}

// NOLINTBEGIN(clang-analyzer-security.insecureAPI.strcpy): it is what is tested
TEST_F(StringTest, BuildingTexts)
{
    for (int round = 0; round < 50'000; ++round) {
        const auto a = text(12);
        const auto b = text(12);
        const size_t limit = below(20);
        std::array<char, 40> mine{};
        mine.fill('?');
        auto theirs = mine;
        EXPECT_EQ(xinu_strcpy(mine.data(), a.get()), mine.data());
        std::strcpy(theirs.data(), a.get());
        ASSERT_EQ(mine, theirs);
        EXPECT_EQ(round % 2 == 0 ? xinu_strcat(mine.data(), b.get()) : xinu_strncat(mine.data(), b.get(), limit),
                  mine.data());
        round % 2 == 0 ? std::strcat(theirs.data(), b.get()) : std::strncat(theirs.data(), b.get(), limit);
        ASSERT_EQ(mine, theirs);
        EXPECT_EQ(xinu_strncpy(mine.data(), b.get(), limit), mine.data());
        std::strncpy(theirs.data(), b.get(), limit);
        ASSERT_EQ(mine, theirs);
    }
}
// NOLINTEND(clang-analyzer-security.insecureAPI.strcpy)

TEST_F(StringTest, Tokens)
{
    for (int round = 0; round < 20'000; ++round) {
        const auto a = text(12);
        const std::string separators = text(2).get();
        std::string mine = a.get();
        std::string theirs = mine;
        const char *token = xinu_strtok(mine.data(), separators.c_str());
        for (const char *expected = std::strtok(theirs.data(), separators.c_str()); expected != nullptr;
             expected = std::strtok(nullptr, separators.c_str())) {
            ASSERT_NE(token, nullptr);
            ASSERT_STREQ(token, expected);
            ASSERT_EQ(token - mine.data(), expected - theirs.data());
            token = xinu_strtok(nullptr, separators.c_str());
        }
        ASSERT_EQ(token, nullptr);
        ASSERT_EQ(mine, theirs);
    }
}

} // namespace
