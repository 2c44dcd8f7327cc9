#include "tests/host/file_fixture.hpp"

#include <random>

namespace detour
{
namespace
{

class FileTest : public FileFixture
{
};

constexpr uint32_t kDiskBlocks = 2048;

TEST_F(FileTest, KeepsFilesOfAllSizes)
{
    begin(16384);
    Model model;
    for (const uint32_t size :
         {0U, 1U, 511U, 512U, 513U, 9 * 512U, 9 * 512U + 1, 137 * 512U, 137 * 512U + 1, 1000000U}) {
        const std::string name = "size" + std::to_string(size);
        model[name] = text_of(size, size);
        EXPECT_EQ(write(make(name), 0, model[name]), size);
    }
    EXPECT_EQ(contents(*files), model);
    EXPECT_TRUE(files->check());
    EXPECT_EQ(files->sync(), FileStatus::kOk);
    mount_again();
    EXPECT_EQ(contents(*files), model);
}

TEST_F(FileTest, LosesWhatWasNotSyncedAndNothingElse)
{
    begin(kDiskBlocks);
    const uint32_t file = make("a");
    write(file, 0, text_of(1, 100000));
    EXPECT_EQ(files->sync(), FileStatus::kOk);
    write(file, 5000, text_of(2, 50000));
    make("b");
    files->remove(file);
    mount_again();
    EXPECT_EQ(contents(*files), (Model{{"a", text_of(1, 100000)}}));
}

TEST_F(FileTest, NamesArePrintableAndFit)
{
    for (const char *good : {"a", "fifteen.letters", "/dev/x", "~!"})
        EXPECT_TRUE(FileSystem::is_name(good)) << good;
    for (const char *bad : {"", "sixteen.letters.", "a b", "tab\t", "\x80", "\x7f", "line\n"})
        EXPECT_FALSE(FileSystem::is_name(bad)) << bad;
}

TEST_F(FileTest, FindsNamesAndReusesEntries)
{
    begin(kDiskBlocks);
    for (uint32_t file = 0; file < kMostFiles; ++file)
        EXPECT_EQ(make("f" + std::to_string(file)), file);
    EXPECT_EQ(files->create("more"), FileSystem::kNoFile);
    EXPECT_EQ(files->find("f127"), 127U);
    EXPECT_EQ(files->find("f1"), 1U);
    EXPECT_EQ(files->find("f128"), FileSystem::kNoFile);
    files->remove(77);
    EXPECT_EQ(files->find("f77"), FileSystem::kNoFile);
    EXPECT_EQ(files->create("more"), 77U);
    EXPECT_EQ(files->sync(), FileStatus::kOk);
    mount_again();
    EXPECT_EQ(contents(*files).size(), kMostFiles);
}

TEST_F(FileTest, AFullDiskTakesNoMoreAndLosesNothing)
{
    begin(256);
    const uint32_t room = files->free_blocks();
    const uint32_t file = make("large");
    const std::string text = text_of(3, 256 * 512);
    const uint32_t written = write(file, 0, text);
    EXPECT_EQ(files->free_blocks(), 0U);
    EXPECT_EQ(written, (room - 3) * kBlockBytes) << "an indirect block, a double indirect one, and one below that";
    EXPECT_EQ(files->entry(file).size, written);
    EXPECT_EQ(files->sync(), FileStatus::kOk);
    for (uint32_t round = 4; round < 8; ++round) // what is there can be overwritten, and synced
        EXPECT_EQ(write(file, 0, text_of(round, written)), written);
    EXPECT_EQ(files->sync(), FileStatus::kOk);
    EXPECT_EQ(files->write(file, written, "x", 1), FileStatus::kFull);
    mount_again();
    EXPECT_EQ(contents(*files), (Model{{"large", text_of(7, written)}}));
    files->remove(file);
    EXPECT_EQ(files->free_blocks(), room);
    EXPECT_EQ(write(make("next"), 0, text), written);
    EXPECT_TRUE(files->check());
}

TEST_F(FileTest, TakesNoDiskForWhatItIsNot)
{
    EXPECT_EQ(files->mount(), MountStatus::kNoDisk);
    fake::machine.disk.sectors.resize(kLeastBlocks - 1);
    EXPECT_EQ(files->mount(), MountStatus::kNoDisk);
    fake::machine.disk.sectors.resize(kDiskBlocks);
    EXPECT_EQ(files->mount(), MountStatus::kBlank);
    for (const uint32_t block : {0U, 1U, 2U, kDiskBlocks - 1}) {
        fake::machine.disk.sectors[block][511] = 1;
        EXPECT_EQ(files->mount(), MountStatus::kForeign);
        fake::machine.disk.sectors[block][511] = 0;
    }
    EXPECT_EQ(fake::machine.disk.events.size(), 0U) << "nothing is written before format()";
}

TEST_F(FileTest, OneDamagedSuperblockIsNoLoss)
{
    for (const uint32_t slot : {0U, 1U}) {
        begin(kDiskBlocks);
        write(make("a"), 0, text_of(1, 20000));
        EXPECT_EQ(files->sync(), FileStatus::kOk);
        const Model before = contents(*files);
        write(0, 10000, text_of(2, 20000));
        EXPECT_EQ(files->sync(), FileStatus::kOk);
        const Model last = contents(*files);
        files->truncate(0); // and uses the disk, without a sync
        write(0, 0, text_of(3, 200000));
        fake::machine.disk.sectors[slot][9] ^= 4;
        mount_again(MountStatus::kOneSuperblock);
        const Model found = contents(*files);
        EXPECT_TRUE(found == before || found == last);
        EXPECT_EQ(files->sync(), FileStatus::kOk);
    }
    fake::machine.disk.sectors[0][10] ^= 4;
    fake::machine.disk.sectors[1][10] ^= 4;
    EXPECT_EQ(files->mount(), MountStatus::kDamaged);
    EXPECT_NE(fake::machine.disk.sectors[0][0], 0) << "and still nothing is written";
}

// Whatever is on the disk: an answer, and no block is used twice.
TEST_F(FileTest, ADamagedDirectoryIsNoticed)
{
    begin(kDiskBlocks);
    for (uint32_t file = 0; file < 8; ++file)
        write(make("f" + std::to_string(file)), 0, text_of(file, 9000 * file));
    EXPECT_EQ(files->sync(), FileStatus::kOk);
    const auto intact = fake::machine.disk.sectors;
    std::mt19937 random(1);
    uint32_t noticed = 0;
    for (int round = 0; round < 500; ++round) {
        fake::machine.disk.sectors = intact;
        const uint32_t block = 2 + random() % 200;
        fake::machine.disk.sectors[block][random() % 512] = static_cast<char>(random());
        files = std::make_unique<FileSystem>();
        const MountStatus status = files->mount();
        noticed += status != MountStatus::kOk;
        const bool mounted = status == MountStatus::kOk || status == MountStatus::kOneSuperblock;
        EXPECT_TRUE(!mounted || files->check());
    }
    EXPECT_GT(noticed, 0U);
}

// A failing disk: each call says so, and once it works again nothing is inconsistent.
TEST_F(FileTest, SurvivesAFailingDisk)
{
    std::mt19937 random(2);
    for (uint32_t first = 0; first < 300; first += 9) {
        begin(256);
        fake::machine.disk.fails_from = fake::machine.disk.commands + first;
        fake::machine.disk.fails_to = fake::machine.disk.fails_from + 1 + random() % 3;
        bool failed = false;
        for (uint32_t step = 0; step < 40; ++step) {
            const std::string name = "f" + std::to_string(random() % 3);
            uint32_t file = files->find(name.c_str());
            if (file == FileSystem::kNoFile)
                file = make(name);
            const std::string text = text_of(step, static_cast<uint32_t>(random() % 20000));
            failed |= write(file, 0, text) != text.size();
            if (step % 5 == 0)
                failed |= files->sync() != FileStatus::kOk;
            if (step % 7 == 0)
                files->remove(file);
        }
        fake::machine.disk.fails_from = UINT32_MAX;
        EXPECT_EQ(files->sync(), FileStatus::kOk);
        const Model last = contents(*files);
        mount_again();
        EXPECT_EQ(contents(*files), last);
    }
}

} // namespace
} // namespace detour
