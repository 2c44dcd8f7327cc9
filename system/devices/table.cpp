// table.cpp - the switch: a row for each device of <xinu/conf.h>, in the order of their numbers
#include "system/devices/rows.hpp"

using namespace detour;

// clang-format off
constinit dentry devtab[NDEVS] = {
    // number, minor, name, init, open, close, read, write, seek, getc, putc, control, registers, handler, line
    {CONSOLE, 0, "CONSOLE", kNothing, kNothing, kNothing, ttyread, ttywrite, kNoCall, ttygetc, ttyputc, ttycontrol,
     nullptr, nullptr, 4},
    {NULLDEV, 0, "NULLDEV", kNothing, kNothing, kNothing, null_read, kNothing, kNothing, null_getc,
     kNothing, kNoCall, nullptr, nullptr, 0},
};
// clang-format on
