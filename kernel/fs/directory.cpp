// directory.cpp - the names of files, and their end
#include "kernel/fs/walk.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace detour
{

namespace
{

std::string_view name_of(const DirectoryEntry &entry)
{
    return entry.name.data();
}

} // namespace

bool FileSystem::is_name(const char *name)
{
    const std::string_view text(name, strnlen(name, kNameBytes));
    return !text.empty() && text.size() < kNameBytes &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

uint32_t FileSystem::find(const char *name) const
{
    const std::string_view wanted = name;
    return static_cast<uint32_t>(std::ranges::find(directory_, wanted, name_of) - directory_.begin());
}

uint32_t FileSystem::create(const char *name)
{
    const uint32_t file = find("");
    if (file == kNoFile)
        return kNoFile;
    std::ranges::copy(std::string_view(name), directory_[file].name.begin());
    touch(file);
    return file;
}

// The blocks leave the file at once, and are released afterwards, as that has to read the indirect ones.
void FileSystem::truncate(uint32_t file)
{
    DirectoryEntry &entry = directory_[file];
    release_doomed();
    doomed_ = entry.blocks;
    doomed_size_ = entry.size;
    entry.size = 0;
    entry.blocks = {};
    touch(file);
    release_doomed();
}

void FileSystem::remove(uint32_t file)
{
    directory_[file].name = {};
    truncate(file);
}

// If a process is ended here, the next one starts again. If the disk fails, the blocks are lost until the next mount.
void FileSystem::release_doomed()
{
    walk(doomed_, doomed_size_, [this](uint32_t block) {
        if (map_.current.contains(block)) {
            map_.release(block);
            --used_;
        }
        return true;
    });
    doomed_ = {};
    doomed_size_ = 0;
}

} // namespace detour
