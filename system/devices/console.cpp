// console.cpp - CONSOLE: lines of typed characters in, text out
#include "system/devices/rows.hpp"

namespace detour
{

devcall console_getc(dentry *)
{
    return kgetc();
}

devcall console_putc(dentry *, char c)
{
    return kputc(static_cast<byte>(c));
}

devcall console_read(dentry *, void *buffer, uint32 count)
{
    auto *const to = static_cast<char *>(buffer);
    uint32 length = 0;
    while (length < count && (length == 0 || to[length - 1] != '\n')) {
        const syscall c = kgetc();
        if (c == EOF && length == 0)
            return EOF;
        if (c == EOF)
            break;
        to[length++] = static_cast<char>(c);
    }
    return static_cast<devcall>(length);
}

devcall console_write(dentry *, const void *buffer, uint32 count)
{
    const auto *from = static_cast<const char *>(buffer);
    for (; count > 0; --count)
        kputc(static_cast<byte>(*from++));
    return OK;
}

} // namespace detour
