// file_system.hpp - files in blocks of a disk, which survive a power cut at any time
//
// No block that a superblock on the disk leads to is ever overwritten: what changes goes to a free block, and so do the
// blocks that lead to it, up to the directory. A sync writes all of them, waits until the disk has them, and only then
// replaces the older superblock by one that leads to them. So the disk always holds the state of the last sync and that
// of the one before, complete, whatever was written since and in whichever order. docs/files.md has the pictures.
//
// Called with interrupts masked, by one process at a time. A call waits for the disk at some places; at each the files
// are consistent, so that a process may be ended there.
#pragma once

#include "kernel/fs/block_cache.hpp"
#include "kernel/fs/block_map.hpp"
#include "kernel/fs/layout.hpp"

#include <optional>

namespace detour
{

enum class FileStatus : uint8_t {
    kOk,
    kFull,       // no room: the disk for data, or the directory for files
    kDiskFailed, // the disk has reported an error
};

enum class MountStatus : uint8_t {
    kOk,
    kOneSuperblock, // so, too; but only one superblock leads to intact files, and it may be that before the last sync
    kNoDisk,        // or one with fewer than kLeastBlocks
    kBlank,         // all of it is zero
    kForeign,       // something else is on it
    kDamaged,       // there is a superblock, but none leads to intact files
    kDiskFailed,
};

// Files are numbered from 0; an operation on a file expects that it exists.
class FileSystem
{
public:
    static constexpr uint32_t kNoFile = kMostFiles;

    // Takes up what is on the disk. Files can be used after kOk and kOneSuperblock.
    MountStatus mount();

    // Makes a file system without files on the disk, and mounts it.
    FileStatus format();

    // Whether this can be a name: 1 to kNameBytes - 1 printable characters, none of them a space.
    static bool is_name(const char *name);

    // The file of this name, or kNoFile.
    uint32_t find(const char *name) const;

    // A new file, of size 0, with this name, which no other has; kNoFile: the directory is full.
    uint32_t create(const char *name);

    const DirectoryEntry &entry(uint32_t file) const { return directory_[file]; }

    // Copies `count` bytes from or to `offset` of the file. They lie in one block of it, and, to be read, within its
    // size; a write begins within it, and may make it larger.
    FileStatus read(uint32_t file, uint32_t offset, char *to, uint32_t count);
    FileStatus write(uint32_t file, uint32_t offset, const char *from, uint32_t count);

    void truncate(uint32_t file); // to size 0
    void remove(uint32_t file);

    // When this has returned kOk, a cut does not lose what was done before.
    FileStatus sync();

    // Blocks for data, and for indirect blocks, that are free, or will be after a sync.
    uint32_t free_blocks() const { return capacity_ - used_; }
    uint32_t blocks() const { return blocks_; }

    // Whether each file has exactly the blocks of its size, no block is in two files, and none is lost. Reads all
    // indirect blocks. For tests.
    bool check();

private:
    // At most so many blocks are new when a part of a file is written.
    static constexpr uint32_t kPathBlocks = 3;
    // So many blocks are free, or would be if only the present state were kept: for the next sync, and for one write.
    static constexpr uint32_t kReserve = kDirectoryBlocks + kPathBlocks;

    // Which pointers lead from a file's entry to a block of its data.
    struct Path {
        uint32_t length;
        std::array<uint32_t, kPathBlocks> pointers;
    };
    struct Fetched {
        uint32_t count;    // the blocks of the path that exist
        CachedBlock *last; // the last of them
    };
    static Path path_to(uint32_t index);
    std::optional<Fetched> fetch(const DirectoryEntry &entry, const Path &path);
    CachedBlock &own(DirectoryEntry &entry, const Path &path);
    CachedBlock &own_block(uint32_t &pointer);
    void touch(uint32_t file) { changed_ |= 1U << file / kFilesPerBlock; }

    template <typename Visit> bool walk(const BlockPointers &blocks, uint32_t size, Visit visit);
    template <uint32_t kHeight, typename Visit>
    bool walk_below(uint32_t block, uint32_t first, uint32_t count, Visit &visit);
    void release_doomed();

    void begin(uint32_t blocks);
    bool read_superblocks(std::array<bool, kSuperblocks> &valid);
    MountStatus mount_newest(uint32_t newest, bool other_valid);
    MountStatus what_else_is_there();
    bool load(uint32_t slot);
    bool read_directory(const Superblock &superblock);
    bool collect(BlockSet &found, uint32_t &used);

    bool keep_reserve();
    bool commit();
    bool place_directory();
    bool write_directory();
    bool write_superblock();

    std::array<DirectoryEntry, kMostFiles> directory_{};
    std::array<uint32_t, kDirectoryBlocks> places_{}; // the blocks of the parts of the directory; 0: not on the disk
    std::array<Superblock, kSuperblocks> superblocks_{};
    BlockMap map_;
    BlockSet found_; // for check()
    BlockCache cache_;
    BlockPointers doomed_{}; // blocks that are in no file any more, to be released
    uint32_t doomed_size_ = 0;
    uint32_t changed_ = 0;    // bit n: part n of the directory has changed since the last sync
    uint32_t slot_ = 0;       // of the superblock of the last sync
    uint32_t generation_ = 0; // of the newest superblock that was written, whether or not the disk has it
    uint32_t blocks_ = 0;
    uint32_t capacity_ = 0; // blocks that files can have
    uint32_t used_ = 0;     // and do have
};

} // namespace detour
