// tty.hpp - what a terminal makes of typed characters: modes, editing, echo, flow control; it knows no hardware
#pragma once

#include "kernel/device/edit_line.hpp"
#include "kernel/device/typed_keys.hpp"
#include "kernel/text/sink.hpp"

#include <array>
#include <cstdint>

namespace detour
{

class Tty
{
public:
    enum class Mode : uint8_t {
        kCooked, // lines, edited as they are typed
        kCbreak, // characters as they are typed; flow control and Ctrl-C act
        kRaw,    // all characters as they are, without echo
    };

    // Typed characters are echoed to this sink, at most EditLine::kMostEcho for each.
    explicit constexpr Tty(Sink screen) : screen_(screen) {}

    // Whether there is room for what a typed character may release. There is none between a tab that has released the
    // line and what its reader makes of it: preset(), or the next read. So no key overtakes a completion.
    bool has_room() const { return !completing_ && kQueueBytes - count_ > kReserve; }

    // The reader of a line that ended with a tab waits for more, without a preset().
    void read_on() { completing_ = false; }

    // Takes a typed character; there must be room, or output be stopped. Returns true for an interrupt: Ctrl-C.
    bool input(char c);

    // Whether output is stopped, by Ctrl-S. Any other character lets it go on.
    bool stopped() const { return stopped_; }

    uint32_t available() const { return count_; }
    char peek() const { return queue_[first_]; }
    char take();

    // Of what can be read, the last character stays: after an interrupt, the newline of the line that it gave up.
    void forget_earlier();

    // Whether a character that was read is the end of the data.
    bool is_end(char c) const { return c == kEnd && mode_ != Mode::kRaw; }

    Mode mode() const { return mode_; }
    bool ends_line(char c) const { return c == '\n' || (c == '\t' && tab_releases_); }
    void set_mode(Mode mode); // what has been typed of a line is released
    void set_echo(bool on) { echo_ = on; }

    // Makes what has been typed of a line available, and the next character as it is typed, without an echo.
    void release_next();

    // Tab releases the line, with the tab at its end, so that its reader can complete it and call preset().
    void set_tab(bool releases) { tab_releases_ = releases; }

    // Begins the line with this text, of which the first characters are on the screen already.
    void preset(std::string_view text, uint32_t shown);

    static constexpr char kEnd = 0x04; // Ctrl-D

private:
    static constexpr uint32_t kQueueBytes = 1024;
    static constexpr uint32_t kReserve = 2 * (kLineBytes + 1); // one line, and one when output was stopped

    const Sink &echo() const;
    bool stops_or_starts(char c);
    void edit(Key key, char c);
    void add(char c);
    void interrupt();
    void end_line(char c);
    void release_line();
    void put(char c);

    Sink screen_;
    EditLine line_{};
    KeySequence keys_{};
    std::array<char, kQueueBytes> queue_{};
    uint32_t first_ = 0;
    uint32_t count_ = 0;
    Mode mode_ = Mode::kCooked;
    bool echo_ = true;
    bool stopped_ = false;
    bool tab_releases_ = false;
    bool release_next_ = false;
    bool completing_ = false; // a tab has released the line
};

} // namespace detour
