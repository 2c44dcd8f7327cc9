// table.cpp - the switch: a row for each device of <xinu/conf.h>, in the order of their numbers
#include "system/devices/rows.hpp"

using namespace detour;

namespace
{

constexpr dentry open_pipe_row(int32 minor, const char *name)
{
    return {PIPE0 + minor, minor,     name,      kNothing, kNoCall, pipe_close, pipe_read, pipe_write,
            kNoCall,       pipe_getc, pipe_putc, kNoCall,  nullptr, nullptr,    0};
}

constexpr dentry open_file_row(int32 minor, const char *name)
{
    return {LFILE0 + minor, minor,    name,     kNothing,    kNoCall, lfl_close, lfl_read, lfl_write,
            lfl_seek,       lfl_getc, lfl_putc, lfl_control, nullptr, nullptr,   0};
}

} // namespace

// clang-format off
constinit dentry devtab[NDEVS] = {
    // number, minor, name, init, open, close, read, write, seek, getc, putc, control, registers, handler, line
    {CONSOLE, 0, "CONSOLE", kNothing, kNothing, kNothing, ttyread, ttywrite, kNoCall, ttygetc, ttyputc, ttycontrol,
     nullptr, nullptr, 36},
    {NULLDEV, 0, "NULLDEV", kNothing, kNothing, kNothing, null_read, kNothing, kNothing, null_getc,
     kNothing, kNoCall, nullptr, nullptr, 0},
    {LFILESYS, 0, "LFILESYS", kNothing, lfs_open, kNoCall, kNoCall, kNoCall, kNoCall, kNoCall,
     kNoCall, lfs_control, nullptr, nullptr, 0},
    open_file_row(0, "LFILE0"), open_file_row(1, "LFILE1"), open_file_row(2, "LFILE2"), open_file_row(3, "LFILE3"),
    open_file_row(4, "LFILE4"), open_file_row(5, "LFILE5"), open_file_row(6, "LFILE6"), open_file_row(7, "LFILE7"),
    {NAMESPACE, 0, "NAMESPACE", nam_init, nam_open, kNoCall, kNoCall, kNoCall, kNoCall, kNoCall,
     kNoCall, kNoCall, nullptr, nullptr, 0},
    {PIPE, 0, "PIPE", kNothing, pipe_open, kNoCall, kNoCall, kNoCall, kNoCall, kNoCall,
     kNoCall, kNoCall, nullptr, nullptr, 0},
    open_pipe_row(0, "PIPE0"), open_pipe_row(1, "PIPE1"), open_pipe_row(2, "PIPE2"), open_pipe_row(3, "PIPE3"),
    {RAM0, 0, "RAM0", kNothing, kNothing, kNothing, ramread, ramwrite, kNoCall, kNoCall,
     kNoCall, kNoCall, nullptr, nullptr, 0},
};
// clang-format on
