// layout.hpp - what lies where on a disk with files
//
//   block    0            1            2 ...
//         +------------+------------+--------------------------------------------------+
//         | superblock | superblock | parts of the directory, blocks of files, free    |
//         +------------+------------+--------------------------------------------------+
//
// A superblock leads to the parts of the directory; an entry of the directory leads to the blocks of its file: the
// first ones directly, the next ones through an indirect block, the rest through a double indirect one:
//
//   superblock --> part of the directory --> entry --> data
//                                               |---> indirect --> data
//                                               +---> double indirect --> indirect --> data
//
// There is no list of free blocks: what neither superblock reaches is free. Numbers are little-endian, block number 0
// stands for "none".
#pragma once

#include <array>
#include <cstdint>

namespace detour
{

constexpr uint32_t kBlockBytes = 512;                           // a sector: a disk writes it as a whole or not at all
constexpr uint32_t kPointersPerBlock = kBlockBytes / 4;         // block numbers in an indirect block
constexpr uint32_t kMostBlocks = 8 * 1024 * 1024 / kBlockBytes; // 8 MiB; what a disk has beyond is not used
constexpr uint32_t kLeastBlocks = 64;

constexpr uint32_t kSuperblocks = 2;
constexpr uint32_t kDirectoryBlocks = 16;
constexpr uint32_t kDirectBlocks = 9;
constexpr uint32_t kNameBytes = 16; // with the final NUL

// Where a file's blocks are: kDirectBlocks data blocks, an indirect block, a double indirect block.
using BlockPointers = std::array<uint32_t, kDirectBlocks + 2>;

// A file; an entry without a name is free, and all of it is zero. The pointers to exactly as many data blocks as `size`
// needs are not 0, and so are those of the indirect blocks above these.
struct DirectoryEntry {
    std::array<char, kNameBytes> name; // NUL-terminated
    uint32_t size;                     // in bytes
    BlockPointers blocks;
};
static_assert(sizeof(DirectoryEntry) == 64);

constexpr uint32_t kFilesPerBlock = kBlockBytes / sizeof(DirectoryEntry);
constexpr uint32_t kMostFiles = kDirectoryBlocks * kFilesPerBlock;

// The state of all files at a sync. Of two valid superblocks, the one with the larger generation is the newer.
struct Superblock {
    uint32_t magic;
    uint32_t blocks;                                     // of the disk, at most kMostBlocks
    uint32_t generation;                                 // counts the syncs
    std::array<uint32_t, kDirectoryBlocks> directory;    // its parts; 0: all entries of this one are free
    std::array<uint32_t, kBlockBytes / 4 - 20> reserved; // 0
    uint32_t checksum;                                   // of the words before
};
static_assert(sizeof(Superblock) == kBlockBytes);

constexpr uint32_t kSuperblockMagic = 0x31534644; // "DFS1"

static_assert((kDirectBlocks + kPointersPerBlock + kPointersPerBlock * kPointersPerBlock) >= kMostBlocks,
              "a file can fill the disk");

} // namespace detour
