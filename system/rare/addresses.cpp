// addresses.cpp - Internet addresses as text
#include "include/libc/stdio.h"

#include <xinu.h>

extern "C" {

[[gnu::weak]] uint32 dot2ip(const char *dotted, uint32 *address)
{
    uint32 result = 0;

    for (int part = 0; part < 4; part++) {
        uint32 number = 0;
        const char *const first = dotted;
        for (; *dotted >= '0' && *dotted <= '9' && number <= 255; dotted++)
            number = 10 * number + static_cast<uint32>(*dotted - '0');
        if (dotted == first || number > 255 || *dotted != (part < 3 ? '.' : NULLCH))
            return static_cast<uint32>(SYSERR);
        dotted++;
        result = result << 8 | number;
    }
    *address = result;
    return OK;
}

[[gnu::weak]] void ip2dot(uint32 address, char *dotted)
{
    sprintf(dotted, "%u.%u.%u.%u", address >> 24, address >> 16 & 0xFF, address >> 8 & 0xFF, address & 0xFF);
}
}
