// file_cut_test.cpp - a power cut at each write, with any of the writes since the last flush lost
//
// The fake disk notes every write and flush of a workload, and the test notes, after each step, what the files contain.
// Then for each point of the workload, disks are made as a cut there can leave them. Each is mounted: the files must be
// consistent, and be those of a step between the last sync that had returned and the cut.
#include "tests/host/file_fixture.hpp"

#include <random>

namespace detour
{
namespace
{

using Sectors = std::vector<fake::Disk::Sector>;

class FileCutTest : public FileFixture
{
protected:
    struct Step {
        size_t events; // of the disk, when it had been done
        Model model;
        bool synced;
    };

    void step(bool synced = false) { steps.push_back({fake::machine.disk.events.size(), model, synced}); }

    uint32_t file_of(const std::string &name)
    {
        const uint32_t file = files->find(name.c_str());
        if (file != FileSystem::kNoFile)
            return file;
        model[name] = "";
        const uint32_t made = make(name);
        step();
        return made;
    }

    void put(const std::string &name, uint32_t offset, const std::string &text)
    {
        const uint32_t file = file_of(name);
        for (uint32_t done = 0; done < text.size();) { // a step for each block: a sync can come between them
            const uint32_t piece =
                std::min(static_cast<uint32_t>(text.size()) - done, kBlockBytes - (offset + done) % kBlockBytes);
            ASSERT_EQ(files->write(file, offset + done, text.data() + done, piece), FileStatus::kOk);
            std::string &content = model[name];
            content.resize(std::max<size_t>(content.size(), offset + done + piece));
            content.replace(offset + done, piece, text, done, piece);
            done += piece;
            step();
        }
    }

    void append(const std::string &name, const std::string &text) { put(name, files->entry(file_of(name)).size, text); }

    void truncate(const std::string &name)
    {
        files->truncate(file_of(name));
        model[name] = "";
        step();
    }

    void remove(const std::string &name)
    {
        files->remove(file_of(name));
        model.erase(name);
        step();
    }

    void sync()
    {
        ASSERT_EQ(files->sync(), FileStatus::kOk);
        step(true);
    }

    // From here on cuts are tried.
    void start()
    {
        sync();
        start_sectors = fake::machine.disk.sectors;
        start_events = fake::machine.disk.events.size();
        steps.clear();
        step(true);
    }

    // Whether the steps that a cut after so many events can leave include this state.
    bool is_possible(const Model &found, size_t events) const
    {
        for (size_t index = steps.size(); index-- > 0;) {
            const bool begun = index == 0 || steps[index - 1].events <= events;
            if (begun && steps[index].model == found)
                return true;
            if (steps[index].events <= events && steps[index].synced)
                return false;
        }
        return false;
    }

    void expect_consistent(const Sectors &sectors, size_t events)
    {
        ++disks;
        fake::machine.disk.sectors = sectors;
        auto after = std::make_unique<FileSystem>();
        ASSERT_EQ(after->mount(), MountStatus::kOk) << "cut after event " << events;
        ASSERT_TRUE(after->check()) << "cut after event " << events;
        ASSERT_TRUE(is_possible(contents(*after), events)) << "cut after event " << events;
    }

    // The disk with some of the pending writes: `lost(n)` tells whether the n-th of them is.
    template <typename Lost>
    static Sectors with(Sectors sectors, const std::vector<fake::Disk::Write> &pending, Lost lost)
    {
        for (size_t index = 0; index < pending.size(); ++index)
            if (!lost(index))
                sectors[pending[index].block] = pending[index].data;
        return sectors;
    }

    // The disk after a cut, with each write since the last flush lost at random.
    Sectors sectors_at(const std::vector<fake::Disk::Event> &events, size_t cut, std::mt19937 &random) const
    {
        Sectors sectors = start_sectors;
        std::vector<fake::Disk::Write> pending;
        for (size_t event = start_events; event < cut; ++event) {
            if (!events[event].flush) {
                pending.push_back(events[event].write);
                continue;
            }
            sectors = with(sectors, pending, [](size_t) { return false; });
            pending.clear();
        }
        return with(sectors, pending, [&](size_t) { return random() % 2 == 0; });
    }

    void cut_everywhere()
    {
        const auto events = fake::machine.disk.events;
        Sectors safe = start_sectors;
        std::vector<fake::Disk::Write> pending;
        std::mt19937 random(1);
        for (size_t event = start_events; event <= events.size() && !HasFatalFailure(); ++event) {
            expect_consistent(with(safe, pending, [](size_t) { return false; }), event);
            for (size_t one = 0; one < pending.size(); ++one) { // all but one; only one
                expect_consistent(with(safe, pending, [&](size_t n) { return n == one; }), event);
                expect_consistent(with(safe, pending, [&](size_t n) { return n != one; }), event);
            }
            for (int subset = 0; subset < 4; ++subset)
                expect_consistent(with(safe, pending, [&](size_t) { return random() % 2 == 0; }), event);
            if (event == events.size())
                break;
            if (events[event].flush) {
                safe = with(safe, pending, [](size_t) { return false; });
                pending.clear();
            } else {
                pending.push_back(events[event].write);
            }
        }
    }

    Model model;
    std::vector<Step> steps;
    Sectors start_sectors;
    size_t start_events = 0;
    size_t disks = 0;
};

TEST_F(FileCutTest, EveryCutLeavesAConsistentStateWithWhatWasSynced)
{
    begin(128);
    put("kept", 0, text_of(1, 3000));
    put("changed", 0, text_of(2, 12000)); // with an indirect block
    start();
    append("log", "first line\n");
    sync();
    put("changed", 700, text_of(3, 6000));
    append("log", "second line\n");
    sync();
    truncate("changed");
    append("changed", text_of(4, 2000));
    remove("log");
    put("new", 0, text_of(5, 8000));
    sync();
    remove("changed");
    put("last", 0, text_of(6, 700));
    put("new", 300, text_of(7, 500));
    sync();
    append("last", "not synced");
    cut_everywhere();
    EXPECT_GT(disks, 500U);
}

// Twice the space of the disk is written: blocks are used again as soon as they may be, with syncs between the writes
// of one file.
TEST_F(FileCutTest, ACutOfAFullDiskIsNoDifferent)
{
    begin(96);
    put("other", 0, text_of(1, 4000));
    put("large", 0, text_of(2, 14000));
    start();
    put("large", 0, text_of(3, 14000));
    truncate("other");
    put("large", 100, text_of(4, 13000));
    append("other", text_of(5, 3000));
    sync();
    put("large", 0, text_of(6, 14000));
    cut_everywhere();
    EXPECT_GT(disks, 500U);
}

// A workload of its own for each seed, cut at a random place, gone on with from there, and so on.
TEST_F(FileCutTest, CutsOfRandomWorkloadsOneAfterTheOther)
{
    for (uint32_t seed = 0; seed < 5; ++seed) {
        std::mt19937 random(seed);
        begin(160);
        model.clear();
        for (int life = 0; life < 6; ++life) {
            start();
            for (int n = 0; n < 30; ++n) {
                const std::string name = "f" + std::to_string(random() % 5);
                const uint32_t size = files->entry(file_of(name)).size;
                const uint32_t choice = random() % 8;
                if (choice < 4)
                    put(name, size == 0 ? 0 : random() % size, text_of(random(), 1 + random() % 4000));
                else if (choice < 6)
                    sync();
                else if (choice == 6)
                    truncate(name);
                else
                    remove(name);
            }
            if (life == 5)
                break;
            const auto events = fake::machine.disk.events;
            const size_t cut = start_events + random() % (events.size() - start_events + 1);
            fake::machine.disk.sectors = sectors_at(events, cut, random);
            mount_again();
            model = contents(*files);
            ASSERT_TRUE(is_possible(model, cut)) << "seed " << seed << ", life " << life;
        }
        cut_everywhere();
        ASSERT_FALSE(HasFatalFailure()) << "seed " << seed;
    }
}

} // namespace
} // namespace detour
