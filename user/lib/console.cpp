// console.cpp - console output and input; output takes a system call for each piece of text, not each character
#include "kernel/text/format.hpp"

#include <xinu.h>

namespace
{

constexpr size_t kPieceBytes = 128;

// Buffers the output of format(), and writes it when the buffer is full or goes out of scope.
class ConsoleWriter
{
public:
    ConsoleWriter() = default;
    ~ConsoleWriter() { flush(); }
    ConsoleWriter(const ConsoleWriter &) = delete;
    ConsoleWriter &operator=(const ConsoleWriter &) = delete;

    static void put(void *context, char c)
    {
        auto &writer = *static_cast<ConsoleWriter *>(context);
        writer.piece_[writer.length_++] = c;
        if (writer.length_ == kPieceBytes)
            writer.flush();
    }

private:
    void flush()
    {
        if (length_ != 0)
            write(CONSOLE, piece_, static_cast<uint32>(length_));
        length_ = 0;
    }

    char piece_[kPieceBytes];
    size_t length_ = 0;
};

int write_formatted(const char *fmt, va_list arguments)
{
    ConsoleWriter writer;
    return detour::format({ConsoleWriter::put, &writer}, fmt, arguments);
}

} // namespace

int kprintf(const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int written = write_formatted(fmt, arguments);
    va_end(arguments);
    return written;
}

extern "C" [[gnu::alias("kprintf")]] int printf(const char *fmt, ...);

int fprintf(did32 device, const char *fmt, ...)
{
    if (device != CONSOLE)
        return SYSERR;
    va_list arguments;
    va_start(arguments, fmt);
    const int written = write_formatted(fmt, arguments);
    va_end(arguments);
    return written;
}

syscall kputc(byte c)
{
    const char character = static_cast<char>(c);
    return write(CONSOLE, &character, 1);
}

syscall kgetc()
{
    char c = 0;
    return read(CONSOLE, &c, 1) == 1 ? static_cast<byte>(c) : EOF;
}

int putchar(int c)
{
    kputc(static_cast<byte>(c));
    return c;
}

int getchar()
{
    return kgetc();
}
