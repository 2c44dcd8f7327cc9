// files_test.cpp - files in memory and on a disk
#include "tests/qemu/harness.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace detour::test
{
namespace
{

// The image of a disk, in a folder of its own.
struct Disk {
    Disk()
    {
        char name[] = "/tmp/detour-disk-XXXXXX";
        folder = mkdtemp(name);
        path = folder / "disk.img";
    }
    ~Disk() { std::filesystem::remove_all(folder); }

    Outcome boot_with(const std::string &program, Options options = {}) const
    {
        options.disk = path;
        return boot(program, options);
    }

    // Boots it in real time, and cuts the power after this many lines of the console; returns these.
    std::string first_lines(const std::string &program, int lines) const
    {
        const std::string command =
            DETOUR_PYTHON " " DETOUR_SOURCE "/tools/run/run.py --no-input --timeout 60 --disk " + path.string() +
            " " DETOUR_PROGRAMS "/" + program + ".elf 2>&1 | head -n " + std::to_string(lines);
        std::string console;
        FILE *const pipe = popen(command.c_str(), "r");
        for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe))
            console += static_cast<char>(c);
        pclose(pipe);
        return console;
    }

    void overwrite(std::streamoff offset, const std::string &bytes) const
    {
        std::fstream image(path, std::ios::in | std::ios::out | std::ios::binary);
        image.seekp(offset);
        image << bytes;
    }

    std::string content() const
    {
        std::ifstream image(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(image), {}};
    }

    std::filesystem::path folder, path;
};

// The number behind the last of these words that is followed by a whole line; -1 if there is none.
int last_number(const std::string &console, const std::string &word)
{
    const size_t end = console.rfind('\n');
    const size_t at = end == std::string::npos ? end : console.rfind(word + " ", end);
    return at == std::string::npos ? -1 : std::stoi(console.substr(at + word.size() + 1));
}

TEST(Files, InMemory)
{
    const Outcome run = boot("files");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find("checks: 60 passed, 0 failed\n"), std::string::npos) << run.console;
}

TEST(Files, ProcessesThatEndLeaveThemUsable)
{
    const Outcome run = boot("files_wait", {.memory = 4});
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find(" 0 failed\n"), std::string::npos) << run.console;
}

TEST(Files, OthersRunWhileTheDiskWorks)
{
    const Disk disk;
    const Outcome run = disk.boot_with("files_wait");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_NE(run.console.find("others ran: yes\n"), std::string::npos) << run.console;
    EXPECT_NE(run.console.find(" 0 failed\n"), std::string::npos) << run.console;
}

// The same image again and again, with QEMU ended at some line of the console: what was synced by then is there the
// next time.
TEST(Files, SurviveCuts)
{
    const Disk disk;
    int synced = 0;
    for (int cut = 0; cut < 6; ++cut) {
        const std::string console = disk.first_lines("files_disk", 4 + cut);
        EXPECT_GE(last_number(console, "found"), synced) << console;
        EXPECT_GT(last_number(console, "synced"), synced) << console;
        EXPECT_EQ(console.find("does not hold"), std::string::npos) << console;
        synced = last_number(console, "synced");
    }
    const Outcome run = disk.boot_with("files_disk");
    EXPECT_EQ(run.exit_code, kPoweredOff) << run.reason;
    EXPECT_GE(last_number(run.console, "found"), synced) << run.console;
    EXPECT_NE(run.console.find(" 0 failed\n"), std::string::npos) << run.console;
}

TEST(Files, ADamagedSuperblockDoesNoHarm)
{
    const Disk disk;
    EXPECT_EQ(disk.boot_with("files_disk").exit_code, kPoweredOff);
    disk.overwrite(30, "damage");
    Outcome run = disk.boot_with("files_disk");
    EXPECT_NE(run.console.find("files: one of the two superblocks of the disk is damaged"), std::string::npos);
    EXPECT_GE(last_number(run.console, "found"), 100) << run.console;
    EXPECT_NE(run.console.find(" 0 failed\n"), std::string::npos) << run.console;

    disk.overwrite(30, "damage");
    disk.overwrite(512 + 30, "damage");
    const std::string before = disk.content();
    run = disk.boot_with("files_disk");
    EXPECT_NE(run.console.find("files: the files on the disk are damaged; use another one"), std::string::npos)
        << run.console;
    EXPECT_EQ(disk.content(), before);
}

TEST(Files, ADiskWithSomethingElseIsLeftAlone)
{
    const Disk disk;
    std::ofstream(disk.path, std::ios::binary) << std::string(65536, '\0') << "letter" << std::string(506, '\0');
    const std::string before = disk.content();
    const Outcome run = disk.boot_with("files_disk");
    EXPECT_NE(run.console.find("files: the disk holds something else; use another one"), std::string::npos)
        << run.console;
    EXPECT_EQ(disk.content(), before);
}

} // namespace
} // namespace detour::test
