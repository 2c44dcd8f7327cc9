#include "tests/qemu/patterns.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace detour::test
{

std::vector<Groups> matches(const std::string &text, const std::string &pattern)
{
    const std::regex expression(pattern);
    std::vector<Groups> found;
    for (std::sregex_iterator at(text.begin(), text.end(), expression), none; at != none; ++at)
        found.emplace_back(at->begin(), at->end());
    return found;
}

bool matches_whole(const std::string &text, const std::string &pattern)
{
    return std::regex_match(text, std::regex(pattern));
}

std::string replaced(const std::string &text, const std::string &pattern, const std::string &replacement)
{
    return std::regex_replace(text, std::regex(pattern), replacement);
}

void expect_match(const std::string &text, const std::string &pattern)
{
    EXPECT_TRUE(std::regex_search(text, std::regex(pattern))) << "no match of: " << pattern << "\nin: " << text;
}

void expect_whole_match(const std::string &text, const std::string &pattern)
{
    EXPECT_TRUE(matches_whole(text, pattern)) << "no match of: " << pattern << "\nin: " << text;
}

} // namespace detour::test
