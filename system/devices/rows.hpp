// rows.hpp - for the rows of devtab: the calls of each device, and what stands where a device has no call
#pragma once

#include <xinu.h>

namespace detour
{

// Converts to a function of each type that a row has.
template <devcall (*kAnswer)()> struct Constant {
    template <typename... Arguments> using Call = devcall (*)(dentry *, Arguments...);

    template <typename... Arguments> constexpr operator Call<Arguments...>() const
    {
        return [](dentry *, Arguments...) { return kAnswer(); };
    }
};
constexpr Constant<ionull> kNothing; // done by doing nothing: OK
constexpr Constant<ioerr> kNoCall;   // SYSERR

// null.cpp
devcall null_read(dentry *, void *buffer, uint32 count);
devcall null_getc(dentry *);

// lfilesys.cpp
devcall lfs_open(dentry *, const char *name, const char *mode);
devcall lfs_control(dentry *, int32 function, int32 name, int32);

// lfile.cpp
devcall lfl_close(dentry *);
devcall lfl_read(dentry *, void *buffer, uint32 count);
devcall lfl_write(dentry *, const void *buffer, uint32 count);
devcall lfl_seek(dentry *, int32 position);
devcall lfl_getc(dentry *);
devcall lfl_putc(dentry *, char c);
devcall lfl_control(dentry *, int32 function, int32, int32);

// namespace.cpp
devcall nam_init(dentry *);
devcall nam_open(dentry *, const char *name, const char *mode);

} // namespace detour
