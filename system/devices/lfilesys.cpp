// lfilesys.cpp - the device LFILESYS: opens files, and controls those that are not open
#include "kernel/fs/open_files.hpp"
#include "kernel/fs/shared_files.hpp"
#include "system/devices/rows.hpp"

using namespace detour;

namespace
{

static_assert(kMostOpenFiles == Nlfl && kMostFiles == LF_NUM_DIR_ENT && kBlockBytes == LF_BLKSIZ);

// Returns false if the name is too long.
bool copy_name(FileName &copy, const char *name)
{
    for (char &c : copy) {
        c = *name;
        if (*name++ == '\0')
            return true;
    }
    return false;
}

int32 mode_bit(char c)
{
    switch (c) {
    case 'r':
        return F_MODE_R;
    case 'w':
        return F_MODE_W;
    case 'o':
        return F_MODE_O;
    case 'n':
        return F_MODE_N;
    default:
        return 0;
    }
}

} // namespace

int32 lfgetmode(const char *mode)
{
    int32 bits = 0;
    for (; *mode != '\0'; ++mode) {
        const int32 bit = mode_bit(*mode);
        if (bit == 0 || (bits & bit) != 0)
            return SYSERR;
        bits |= bit;
    }
    if ((bits & F_MODE_O) != 0 && (bits & F_MODE_N) != 0)
        return SYSERR;
    return (bits & F_MODE_RW) == 0 ? bits | F_MODE_RW : bits;
}

status lfscreate(did32 disk, ibid32, uint32)
{
    prepare_files();
    return make_files_anew(disk == LFILESYS) ? OK : SYSERR;
}

namespace detour
{

devcall lfs_open(dentry *, const char *name, const char *mode)
{
    FileName copy{};
    const int32 bits = lfgetmode(mode);
    if (bits == SYSERR || !copy_name(copy, name) || !prepare_files())
        return SYSERR;
    const int32 open = open_file(copy, bits);
    return open == SYSERR ? SYSERR : LFILE0 + open;
}

devcall lfs_control(dentry *, int32 function, int32 first, int32)
{
    FileName copy{};
    const bool has_name = function != F_CTL_SYNC && function != F_CTL_FREE;
    if (has_name && !copy_name(copy, reinterpret_cast<const char *>(first)))
        return SYSERR;
    return prepare_files() ? control_files(copy, function) : SYSERR;
}

} // namespace detour
