// device.cpp - Xinu's device calls in ring 3, on its system calls read() and write()
#include <xinu.h>

devcall getc(did32 device)
{
    return device == CONSOLE ? kgetc() : SYSERR;
}

devcall putc(did32 device, char c)
{
    return write(device, &c, 1);
}

devcall fgetc(did32 device)
{
    return getc(device);
}

devcall fputc(int c, did32 device)
{
    return putc(device, static_cast<char>(c)) == OK ? c : SYSERR;
}

devcall fputs(const char *text, did32 device)
{
    return write(device, text, strlen(text));
}

char *fgets(char *text, int size, did32 device)
{
    if (size < 1)
        return nullptr;
    const devcall length = read(device, text, static_cast<uint32>(size - 1));
    if (length < 0)
        return nullptr;
    text[length] = '\0';
    return text;
}
