// device.cpp - what is another thing in ring 3 than in ring 0; the rest is system/lib/device_text.cpp
#include <xinu.h>

devcall putc(did32 device, char c)
{
    return write(device, &c, 1);
}
