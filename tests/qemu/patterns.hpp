// patterns.hpp - regular expressions (of ECMAScript) for what a run printed
//
// A source that instantiates std::regex takes twice as long to compile: only patterns.cpp does.
#pragma once

#include <string>
#include <vector>

namespace detour::test
{

using Groups = std::vector<std::string>; // [0] is the whole match, [1] what the first parentheses matched

// All matches in the text, none of which overlap, in order.
std::vector<Groups> matches(const std::string &text, const std::string &pattern);

// Whether the pattern matches the text from its beginning to its end.
bool matches_whole(const std::string &text, const std::string &pattern);

// The text with each match replaced; $1 in the replacement is what the first parentheses matched.
std::string replaced(const std::string &text, const std::string &pattern, const std::string &replacement);

// Expectations of GoogleTest: a match in the text, and one of the whole text.
void expect_match(const std::string &text, const std::string &pattern);
void expect_whole_match(const std::string &text, const std::string &pattern);

} // namespace detour::test
