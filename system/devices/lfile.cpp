// lfile.cpp - the devices LFILE0 ...: files that are open
#include "kernel/fs/open_files.hpp"
#include "system/devices/rows.hpp"

#include <algorithm>

namespace detour
{

namespace
{

uint32_t number_of(const dentry *device)
{
    return static_cast<uint32_t>(device->dvminor);
}

} // namespace

devcall lfl_close(dentry *device)
{
    return close_file(number_of(device));
}

// Through the stack: the kernel's part of this does not touch the process's memory.
devcall lfl_read(dentry *device, void *buffer, uint32 count)
{
    std::array<char, kBlockBytes> piece;
    uint32 done = 0;
    while (done < count) {
        const int32 length = read_file(number_of(device), piece.data(), std::min(count - done, kBlockBytes));
        if (length <= 0)
            return done > 0 ? static_cast<devcall>(done) : length == 0 ? EOF : SYSERR;
        memcpy(static_cast<char *>(buffer) + done, piece.data(), static_cast<uint32>(length));
        done += static_cast<uint32>(length);
    }
    return static_cast<devcall>(done);
}

devcall lfl_write(dentry *device, const void *buffer, uint32 count)
{
    std::array<char, kBlockBytes> piece;
    uint32 done = 0;
    while (done < count) {
        const uint32 wanted = std::min(count - done, kBlockBytes);
        memcpy(piece.data(), static_cast<const char *>(buffer) + done, wanted);
        const int32 length = write_file(number_of(device), piece.data(), wanted);
        if (length <= 0)
            return done > 0 ? static_cast<devcall>(done) : SYSERR;
        done += static_cast<uint32>(length);
    }
    return static_cast<devcall>(done);
}

devcall lfl_seek(dentry *device, int32 position)
{
    return position < 0 ? SYSERR : seek_file(number_of(device), static_cast<uint32_t>(position));
}

devcall lfl_getc(dentry *device)
{
    char c = 0;
    const int32 length = read_file(number_of(device), &c, 1);
    return length == 1 ? static_cast<unsigned char>(c) : length == 0 ? EOF : SYSERR;
}

devcall lfl_putc(dentry *device, char c)
{
    return write_file(number_of(device), &c, 1) == 1 ? OK : SYSERR;
}

devcall lfl_control(dentry *device, int32 function, int32, int32)
{
    return control_file(number_of(device), function);
}

} // namespace detour
