// format_buffer.cpp - formatting into a buffer
#include "kernel/text/format.hpp"

namespace detour
{

namespace
{

// The buffer that vformat_to() writes into, and the length of the text so far.
struct BufferWriter {
    std::span<char> buffer;
    size_t length;

    static void put(void *context, char c)
    {
        auto &writer = *static_cast<BufferWriter *>(context);
        if (writer.length < writer.buffer.size())
            writer.buffer[writer.length] = c;
        ++writer.length;
    }
};

} // namespace

int vformat_to(std::span<char> buffer, const char *fmt, va_list arguments)
{
    BufferWriter writer{buffer, 0};
    const int length = format({BufferWriter::put, &writer}, fmt, arguments);
    if (!buffer.empty())
        buffer[writer.length < buffer.size() ? writer.length : buffer.size() - 1] = '\0';
    return length;
}

int format_to(std::span<char> buffer, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int length = vformat_to(buffer, fmt, arguments);
    va_end(arguments);
    return length;
}

} // namespace detour
