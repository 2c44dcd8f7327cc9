// calls.cpp - mode=calls,begin=HEX,end=HEX[:HEX...]: the paths from an execution of begin to the next one of an end,
// both included
//
// The report has a line "path TIMES" before the addresses of each path, which are in the order of their execution and
// without a count.
#include "mode.hpp"

#include <cinttypes>
#include <map>
#include <vector>

namespace
{

constexpr size_t kLongestPath = 1u << 16;
constexpr size_t kPaths = 1u << 12;

class Calls final : public Mode
{
public:
    bool take(const std::string &name, const std::string &value) override
    {
        if (name == "begin")
            begin = hexadecimal(value);
        else if (name == "end")
            ends = addresses(value);
        else
            return false;
        return true;
    }

    void execute(Instruction &instruction) override
    {
        if (instruction.address == begin) { // again before an end: other processes' calls are not told apart
            on_path = true;
            path.clear();
        }
        if (!on_path)
            return;
        path.push_back(instruction.address);
        if (ends.contains(instruction.address)) {
            on_path = false;
            if (paths.size() < kPaths || paths.contains(path))
                paths[path]++;
        } else if (path.size() == kLongestPath) {
            on_path = false;
        }
    }

    void report(FILE *file) override
    {
        for (const auto &[found, times] : paths) {
            fprintf(file, "path %" PRIu64 "\n", times);
            for (const uint32_t address : found)
                fprintf(file, "%x\n", address);
        }
    }

private:
    uint32_t begin = 0;
    std::set<uint32_t> ends;
    bool on_path = false;
    std::vector<uint32_t> path;
    std::map<std::vector<uint32_t>, uint64_t> paths;
};

} // namespace

Mode &mode_calls()
{
    static Calls &calls = *new Calls;
    return calls;
}
