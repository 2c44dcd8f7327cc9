#include "kernel/device/edit_line.hpp"

#include <algorithm>

namespace detour
{

namespace
{

constexpr char kDelete = 0x7F;

bool is_control(char c)
{
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == kDelete;
}

// A byte of a UTF-8 character other than its first.
bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

uint32_t columns(std::string_view text)
{
    uint32_t sum = 0;
    for (const char c : text)
        sum += is_control(c) ? 2 : is_continuation(c) ? 0 : 1;
    return sum;
}

void show_text(const Sink &screen, std::string_view text)
{
    for (const char c : text)
        show(screen, c);
}

// A control sequence with a count of at most 3 digits; none for 0.
void control(const Sink &screen, uint32_t count, char final)
{
    if (count == 0)
        return;
    screen.put(screen.context, '\x1B');
    screen.put(screen.context, '[');
    for (uint32_t unit = count >= 100 ? 100 : count >= 10 ? 10 : 1; unit != 0; unit /= 10)
        screen.put(screen.context, static_cast<char>('0' + count / unit % 10));
    screen.put(screen.context, final);
}

// ECMA-48: CUB, CUF, ICH, DCH.
constexpr char kLeft = 'D';
constexpr char kRight = 'C';
constexpr char kInsert = '@';
constexpr char kRemove = 'P';

} // namespace

void show(const Sink &screen, char c)
{
    if (is_control(c)) {
        screen.put(screen.context, '^');
        c = static_cast<char>(c ^ 0x40);
    }
    screen.put(screen.context, c == '\t' ? ' ' : c);
}

uint32_t EditLine::before() const
{
    uint32_t at = cursor_;
    while (at != 0 && is_continuation(text_[--at])) {
    }
    return at;
}

uint32_t EditLine::after() const
{
    uint32_t at = cursor_ + 1;
    while (at < length_ && is_continuation(text_[at]))
        ++at;
    return std::min(at, length_);
}

void EditLine::insert(const Sink &screen, char c)
{
    if (cursor_ != length_) {
        control(screen, columns({&c, 1}), kInsert);
        std::copy_backward(text_.begin() + cursor_, text_.begin() + length_, text_.begin() + length_ + 1);
    }
    text_[cursor_++] = c;
    ++length_;
    show(screen, c);
}

// Removes the text from here to the cursor, which is on the screen at its end.
// Inline, for the sake of the stack: an interrupt edits the line.
[[gnu::always_inline]] inline void EditLine::remove(const Sink &screen, uint32_t from)
{
    const uint32_t width = columns(part(from, cursor_));
    for (uint32_t i = 0; i < width; ++i) // plain characters, which any terminal knows
        screen.put(screen.context, '\b');
    if (cursor_ != length_)
        control(screen, width, kRemove);
    else
        for (const char c : {' ', '\b'})
            for (uint32_t i = 0; i < width; ++i)
                screen.put(screen.context, c);
    std::copy(text_.begin() + cursor_, text_.begin() + length_, text_.begin() + from);
    length_ -= cursor_ - from;
    cursor_ = from;
}

void EditLine::erase_before(const Sink &screen)
{
    remove(screen, before());
}

void EditLine::erase_at(const Sink &screen)
{
    if (cursor_ == length_)
        return;
    right(screen);
    remove(screen, before());
}

void EditLine::erase_word(const Sink &screen)
{
    uint32_t from = cursor_;
    while (from != 0 && text_[from - 1] == ' ')
        --from;
    while (from != 0 && text_[from - 1] != ' ')
        --from;
    remove(screen, from);
}

void EditLine::erase_all(const Sink &screen)
{
    replace(screen, {});
}

void EditLine::left(const Sink &screen)
{
    const uint32_t to = before();
    control(screen, columns(part(to, cursor_)), kLeft);
    cursor_ = to;
}

void EditLine::right(const Sink &screen)
{
    const uint32_t to = after();
    control(screen, columns(part(cursor_, to)), kRight);
    cursor_ = to;
}

void EditLine::home(const Sink &screen)
{
    control(screen, columns(part(0, cursor_)), kLeft);
    cursor_ = 0;
}

void EditLine::end(const Sink &screen)
{
    control(screen, columns(part(cursor_, length_)), kRight);
    cursor_ = length_;
}

void EditLine::replace(const Sink &screen, std::string_view text)
{
    home(screen);
    control(screen, columns(this->text()), kRemove);
    set(text);
    show_text(screen, text);
}

void EditLine::older(const Sink &screen)
{
    if (history_.older())
        replace(screen, history_.shown());
}

void EditLine::newer(const Sink &screen)
{
    if (history_.newer())
        replace(screen, history_.steps() == 0 ? std::string_view{} : history_.shown());
}

void EditLine::remember()
{
    history_.add(text());
}

void EditLine::clear()
{
    history_.leave();
    length_ = cursor_ = 0;
}

void EditLine::set(std::string_view text)
{
    length_ = cursor_ = static_cast<uint32_t>(text.copy(text_.data(), kLineBytes - 1));
}

} // namespace detour
