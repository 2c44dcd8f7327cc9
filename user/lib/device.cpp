// device.cpp - the device calls that differ between ring 3 and ring 0; the rest is system/lib/device_text.cpp
#include <xinu.h>

extern "C" signed char *xinu_descriptors()
{
    static signed char console[3] = {CONSOLE, CONSOLE, CONSOLE};
    return console;
}

devcall getc(did32 device)
{
    return device == CONSOLE ? kgetc() : SYSERR;
}

devcall putc(did32 device, char c)
{
    return write(device, &c, 1);
}
