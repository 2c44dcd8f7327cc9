#include "kernel/fs/open_files.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/fs/shared_files.hpp"

#include <xinu/types.h>

#include <algorithm>
#include <cstring>

namespace detour
{

namespace
{

// An open file. `file` is kNoFile for the directory; `position` then is the number of the next file.
struct OpenFile {
    bool used;
    int32 mode;
    uint32_t file;
    uint32_t position;
};
constinit std::array<OpenFile, kMostOpenFiles> open_files{};

constexpr FileName kDirectory{"."};

OpenFile *find_open(uint32_t open)
{
    return open_files[open].used ? &open_files[open] : nullptr;
}

bool is_open(uint32_t file)
{
    return std::ranges::any_of(open_files, [&](const OpenFile &open) { return open.used && open.file == file; });
}

uint32_t size_of(const OpenFile &open)
{
    return shared_files.entry(open.file).size;
}

int32 result(FileStatus status)
{
    return status == FileStatus::kOk ? OK : SYSERR;
}

// The file of this name, which is made if the mode allows it and there is none; or kNoFile.
uint32_t find_or_make(const FileName &name, int32 mode)
{
    const uint32_t file = shared_files.find(name.data());
    if (file == FileSystem::kNoFile)
        return (mode & F_MODE_O) != 0 ? file : shared_files.create(name.data());
    return (mode & F_MODE_N) != 0 || is_open(file) ? FileSystem::kNoFile : file;
}

// The next file's entry for the reader of the directory; 0 if there is none, or no room for it.
int32 read_directory(OpenFile &open, char *to, uint32_t count)
{
    while (open.position < kMostFiles && shared_files.entry(open.position).name[0] == '\0')
        ++open.position;
    if (open.position == kMostFiles || count < sizeof(ldentry))
        return 0;
    const DirectoryEntry &from = shared_files.entry(open.position++);
    ldentry entry{from.size, static_cast<ibid32>(from.blocks[0]), {}};
    std::ranges::copy(from.name, entry.ld_name);
    std::memcpy(to, &entry, sizeof entry);
    return sizeof entry;
}

uint32_t piece_of(const OpenFile &open, uint32_t count)
{
    return std::min(count, kBlockBytes - open.position % kBlockBytes);
}

} // namespace

bool make_files_anew(bool any)
{
    const FilesGuard guard;
    if (std::ranges::any_of(open_files, &OpenFile::used))
        return false;
    return format_shared_files(any);
}

int32 open_file(const FileName &name, int32 mode)
{
    const FilesGuard guard;
    const auto open = std::ranges::find(open_files, false, &OpenFile::used);
    if (open == open_files.end())
        return SYSERR;
    if (name == kDirectory) {
        if ((mode & F_MODE_N) != 0)
            return SYSERR;
        *open = {true, F_MODE_R, FileSystem::kNoFile, 0};
    } else {
        const uint32_t file = FileSystem::is_name(name.data()) ? find_or_make(name, mode) : FileSystem::kNoFile;
        if (file == FileSystem::kNoFile)
            return SYSERR;
        *open = {true, mode, file, 0};
    }
    return static_cast<int32>(open - open_files.begin());
}

int32 close_file(uint32_t number)
{
    const FilesGuard guard;
    OpenFile *open = find_open(number);
    if (open == nullptr)
        return SYSERR;
    open->used = false;
    return result(shared_files.sync());
}

int32 read_file(uint32_t number, char *to, uint32_t count)
{
    const FilesGuard guard;
    OpenFile *open = find_open(number);
    if (open == nullptr || (open->mode & F_MODE_R) == 0)
        return SYSERR;
    if (open->file == FileSystem::kNoFile)
        return read_directory(*open, to, count);
    const uint32_t piece = std::min(piece_of(*open, count), size_of(*open) - open->position);
    if (piece != 0 && shared_files.read(open->file, open->position, to, piece) != FileStatus::kOk)
        return SYSERR;
    open->position += piece;
    return static_cast<int32>(piece);
}

int32 write_file(uint32_t number, const char *from, uint32_t count)
{
    const FilesGuard guard;
    OpenFile *open = find_open(number);
    if (open == nullptr || (open->mode & F_MODE_W) == 0)
        return SYSERR;
    const uint32_t piece = piece_of(*open, count);
    if (shared_files.write(open->file, open->position, from, piece) != FileStatus::kOk)
        return SYSERR;
    open->position += piece;
    return static_cast<int32>(piece);
}

int32 seek_file(uint32_t number, uint32_t position)
{
    const FilesGuard guard;
    OpenFile *open = find_open(number);
    if (open == nullptr || position > (open->file == FileSystem::kNoFile ? 0 : size_of(*open)))
        return SYSERR;
    open->position = position;
    return OK;
}

int32 control_file(uint32_t number, int32 function)
{
    const FilesGuard guard;
    OpenFile *open = find_open(number);
    if (open == nullptr || open->file == FileSystem::kNoFile)
        return SYSERR;
    switch (function) {
    case F_CTL_SIZE:
        return static_cast<int32>(size_of(*open));
    case F_CTL_TRUNC:
        if ((open->mode & F_MODE_W) == 0)
            return SYSERR;
        open->position = 0;
        shared_files.truncate(open->file);
        return OK;
    case F_CTL_SYNC:
        return result(shared_files.sync());
    default:
        return SYSERR;
    }
}

int32 control_files(const FileName &name, int32 function)
{
    const FilesGuard guard;
    if (function == F_CTL_SYNC)
        return result(shared_files.sync());
    if (function == F_CTL_FREE)
        return static_cast<int32>(shared_files.free_blocks() * kBlockBytes);
    const uint32_t file = FileSystem::is_name(name.data()) ? shared_files.find(name.data()) : FileSystem::kNoFile;
    if (file == FileSystem::kNoFile)
        return SYSERR;
    if (function == F_CTL_SIZE)
        return static_cast<int32>(shared_files.entry(file).size);
    if (is_open(file) || (function != F_CTL_DEL && function != F_CTL_TRUNC))
        return SYSERR;
    function == F_CTL_DEL ? shared_files.remove(file) : shared_files.truncate(file);
    return result(shared_files.sync());
}

} // namespace detour
