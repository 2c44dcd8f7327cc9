// device_text.cpp - characters and lines on top of the device calls; compiled for ring 0 and for ring 3
#include <xinu.h>

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
