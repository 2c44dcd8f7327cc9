// null.cpp - the device that takes everything and holds nothing
#include "system/devices/rows.hpp"

namespace detour
{

devcall null_read(dentry *, void *, uint32)
{
    return EOF;
}

devcall null_getc(dentry *)
{
    return EOF;
}

} // namespace detour
