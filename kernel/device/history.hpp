// history.hpp - the lines that were typed before
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace detour
{

constexpr uint32_t kLineBytes = 127; // of a line that is being typed

// The last kLines lines. steps() back from the newest is the line that is shown; 0: the one that is being typed.
class History
{
public:
    static constexpr uint32_t kLines = 16;

    // Adds a line, unless it is empty or equal to the newest.
    void add(std::string_view line)
    {
        steps_ = 0;
        if (line.empty() || (count_ != 0 && line == at(1)))
            return;
        Line &entry = lines_[next_];
        entry.length = static_cast<uint8_t>(line.copy(entry.text.data(), entry.text.size()));
        next_ = (next_ + 1) % kLines;
        count_ = std::min(count_ + 1, kLines);
    }

    uint32_t steps() const { return steps_; }
    bool older() { return steps_ < count_ && ++steps_ != 0; }
    bool newer() { return steps_ != 0 && (--steps_, true); }
    void leave() { steps_ = 0; }

    std::string_view shown() const { return at(steps_); }

private:
    struct Line {
        std::array<char, kLineBytes> text{};
        uint8_t length = 0;
    };

    std::string_view at(uint32_t steps) const
    {
        const Line &entry = lines_[(next_ + kLines - steps) % kLines];
        return {entry.text.data(), entry.length};
    }

    std::array<Line, kLines> lines_{};
    uint32_t next_ = 0;
    uint32_t count_ = 0;
    uint32_t steps_ = 0;
};

} // namespace detour
