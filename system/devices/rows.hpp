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

} // namespace detour
