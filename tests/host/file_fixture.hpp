// file_fixture.hpp - files on the fake disk, and a model of what is in them
#pragma once

#include "tests/host/fake_arch.hpp"

#include "kernel/fs/file_system.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <string>

namespace detour
{

using Model = std::map<std::string, std::string>; // names and contents

class FileFixture : public testing::Test
{
protected:
    // A disk of this many blocks, formatted.
    void begin(uint32_t blocks)
    {
        fake::machine.disk = {};
        fake::machine.disk.sectors.resize(blocks);
        EXPECT_EQ(files->mount(), MountStatus::kBlank);
        EXPECT_EQ(files->format(), FileStatus::kOk);
    }

    void TearDown() override { fake::machine.disk = {}; }

    uint32_t make(const std::string &name)
    {
        const uint32_t file = files->create(name.c_str());
        EXPECT_NE(file, FileSystem::kNoFile);
        return file;
    }

    // Writes block by block, as the system call does; returns how much of it there was room for.
    uint32_t write(uint32_t file, uint32_t offset, const std::string &text)
    {
        uint32_t done = 0;
        while (done < text.size()) {
            const uint32_t left = static_cast<uint32_t>(text.size()) - done;
            const uint32_t piece = std::min(left, kBlockBytes - (offset + done) % kBlockBytes);
            if (files->write(file, offset + done, text.data() + done, piece) != FileStatus::kOk)
                break;
            done += piece;
        }
        return done;
    }

    static std::string content(FileSystem &files, uint32_t file)
    {
        std::string text(files.entry(file).size, '\0');
        for (uint32_t at = 0; at < text.size(); at += kBlockBytes) {
            const uint32_t piece = std::min(kBlockBytes, static_cast<uint32_t>(text.size()) - at);
            EXPECT_EQ(files.read(file, at, text.data() + at, piece), FileStatus::kOk);
        }
        return text;
    }

    static Model contents(FileSystem &files)
    {
        Model found;
        for (uint32_t file = 0; file < kMostFiles; ++file)
            if (files.entry(file).name[0] != '\0')
                found[files.entry(file).name.data()] = content(files, file);
        return found;
    }

    // As after a boot.
    void mount_again(MountStatus expected = MountStatus::kOk)
    {
        files = std::make_unique<FileSystem>();
        ASSERT_EQ(files->mount(), expected);
        EXPECT_TRUE(files->check());
    }

    std::unique_ptr<FileSystem> files = std::make_unique<FileSystem>();
};

// Text that tells where it is.
inline std::string text_of(uint32_t seed, uint32_t length)
{
    std::string text;
    for (uint32_t word = 0; text.size() < length; ++word)
        text += std::to_string(seed) + ":" + std::to_string(word) + " ";
    text.resize(length);
    return text;
}

} // namespace detour
