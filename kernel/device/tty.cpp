#include "kernel/device/tty.hpp"

#include <algorithm>
#include <cstddef>

namespace detour
{

namespace
{

constexpr char control(char letter)
{
    return static_cast<char>(letter & 0x1F);
}

constexpr char kInterrupt = control('C');
constexpr char kStop = control('S');
constexpr char kStart = control('Q');
constexpr char kEraseLine = control('U');
constexpr char kEraseWord = control('W');
constexpr char kBackspace = '\b';
constexpr char kRubout = 0x7F; // what most terminals send for the Backspace key

constexpr Sink kNowhere{[](void *, char) {}, nullptr};

} // namespace

const Sink &Tty::echo() const
{
    return echo_ ? screen_ : kNowhere;
}

void Tty::put(char c)
{
    queue_[(first_ + count_++) % kQueueBytes] = c;
}

char Tty::take()
{
    const char c = queue_[first_];
    first_ = (first_ + 1) % kQueueBytes;
    --count_;
    return c;
}

void Tty::release_line()
{
    for (const char c : line_.text())
        put(c);
    line_.clear();
}

void Tty::release_next()
{
    release_line();
    release_next_ = true;
    completing_ = false;
}

void Tty::set_mode(Mode mode)
{
    release_line();
    keys_.reset();
    completing_ = false;
    mode_ = mode;
    stopped_ &= mode != Mode::kRaw;
}

void Tty::preset(std::string_view text, uint32_t shown)
{
    completing_ = false;
    line_.clear();
    line_.set(text);
    text = line_.text();
    text.remove_prefix(std::min<std::size_t>(shown, text.size()));
    for (const char c : text)
        show(echo(), c);
}

// Ctrl-S, Ctrl-Q, and that any other character lets output go on.
bool Tty::stops_or_starts(char c)
{
    stopped_ = c == kStop;
    return c == kStop || c == kStart;
}

bool Tty::input(char c)
{
    if (mode_ == Mode::kRaw) {
        put(c);
        return false;
    }
    if (stops_or_starts(c))
        return false;
    if (c == kInterrupt) {
        interrupt();
        return true;
    }
    if (c == '\r') // what the Enter key sends
        c = '\n';
    if (release_next_) {
        release_next_ = false;
        put(c);
    } else if (mode_ == Mode::kCbreak) {
        put(c);
        c == '\n' ? echo().put(echo().context, c) : show(echo(), c);
    } else if (const Key key = keys_.next(c); key != Key::kNone) {
        edit(key, c);
    }
    return false;
}

void Tty::forget_earlier()
{
    first_ = (first_ + count_ - 1) % kQueueBytes;
    count_ = 1;
}

// The line is given up. What has been released may be data; whether it goes, too, is the console's decision.
void Tty::interrupt()
{
    show(echo(), kInterrupt);
    line_.clear();
    keys_.reset();
    end_line('\n');
}

void Tty::end_line(char c)
{
    if (c == '\n') {
        echo().put(echo().context, c);
        if (echo_) // what is typed without an echo is secret
            line_.remember();
    }
    release_line();
    put(c);
}

void Tty::edit(Key key, char c)
{
    switch (key) {
    case Key::kUp:
        return line_.older(echo());
    case Key::kDown:
        return line_.newer(echo());
    case Key::kLeft:
        return line_.left(echo());
    case Key::kRight:
        return line_.right(echo());
    case Key::kHome:
        return line_.home(echo());
    case Key::kEnd:
        return line_.end(echo());
    case Key::kDelete:
        return line_.erase_at(echo());
    default:
        return add(c);
    }
}

void Tty::add(char c)
{
    switch (c) {
    case kBackspace:
    case kRubout:
        return line_.erase_before(echo());
    case kEraseLine:
        return line_.erase_all(echo());
    case kEraseWord:
        return line_.erase_word(echo());
    case '\n':
    case kEnd:
        return end_line(c);
    default:
        if (c == '\t' && tab_releases_) {
            completing_ = true;
            return end_line(c);
        }
        line_.insert(echo(), c);
        if (line_.full()) // what is longer than a line can be is not lost, but cannot be changed any more
            release_line();
    }
}

} // namespace detour
