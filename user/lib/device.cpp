// device.cpp - the device calls that differ between ring 3 and ring 0; the rest is system/lib/device_text.cpp
#include <xinu.h>

devcall putc(did32 device, char c)
{
    return write(device, &c, 1);
}
