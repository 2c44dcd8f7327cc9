#include "tests/qemu/harness.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace detour::test
{
namespace
{

namespace fs = std::filesystem;

// A folder of this run's own, since tests run in parallel.
class TemporaryFolder
{
public:
    TemporaryFolder()
    {
        std::string pattern = (fs::temp_directory_path() / "detour-test-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("cannot make a folder like " + pattern);
        }
        path_ = pattern;
    }
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;
    ~TemporaryFolder()
    {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string file(const char *name) const { return (path_ / name).string(); }

private:
    fs::path path_;
};

std::string contents(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Runs a program with its output and its messages in two files; returns its exit code, or -1 if a signal ended it.
int execute(const std::vector<std::string> &command, const std::string &output, const std::string &messages)
{
    std::vector<char *> arguments;
    for (const std::string &word : command) {
        arguments.push_back(const_cast<char *>(word.c_str()));
    }
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    const int error = posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) {
        throw std::runtime_error("cannot start " + command[0]);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The image to boot; an ISO image is made from it where the test asks for one.
std::string image_of(const std::string &program, const Options &options, const TemporaryFolder &folder)
{
    const std::string elf = std::string(DETOUR_PROGRAMS) + "/" + program + ".elf";
    if (!options.iso) {
        return elf;
    }
    const std::string iso = folder.file("image.iso");
    const std::string log = folder.file("iso.log");
    const std::string script = std::string(DETOUR_SOURCE) + "/tools/build/iso.sh";
    if (execute({"sh", script, elf, iso}, log, log) != 0) {
        throw std::runtime_error("tools/build/iso.sh failed: " + contents(log));
    }
    return iso;
}

} // namespace

bool on_bochs()
{
    const char *const machine = std::getenv("DETOUR_MACHINE");
    return machine != nullptr && std::string(machine) == "bochs";
}

namespace
{

constexpr double kBochsSeconds = 120; // more than in QEMU: its BIOS and GRUB come first

std::vector<std::string> bochs_command(const std::string &program, const Options &options)
{
    return {DETOUR_PYTHON,
            std::string(DETOUR_SOURCE) + "/tools/run/bochs.py",
            "--memory",
            std::to_string(options.memory),
            "--timeout",
            std::to_string(options.timeout + kBochsSeconds),
            std::string(DETOUR_PROGRAMS) + "/" + program + ".elf"};
}

std::vector<std::string> qemu_command(const std::string &program, const Options &options, const TemporaryFolder &folder)
{
    std::vector<std::string> command = {DETOUR_PYTHON,
                                        std::string(DETOUR_SOURCE) + "/tools/run/run.py",
                                        options.count   ? "--count"
                                        : options.sweep ? "--sweep"
                                                        : "--deterministic",
                                        "--memory",
                                        std::to_string(options.memory),
                                        "--timeout",
                                        std::to_string(options.timeout)};
    if (options.single) {
        command.emplace_back("--single");
    }
    if (options.seed != 0) {
        command.insert(command.end(), {"--seed", std::to_string(options.seed)});
    }
    if (!options.disk.empty())
        command.insert(command.end(), {"--disk", options.disk});
    if (options.limit != 0) {
        command.insert(command.end(), {"--limit", std::to_string(options.limit)});
    }
    if (options.input) {
        const std::string input = folder.file("input");
        std::ofstream(input, std::ios::binary) << *options.input;
        command.insert(command.end(), {"--input", input});
    } else {
        command.emplace_back("--no-input");
    }
    command.push_back(image_of(program, options, folder));
    command.emplace_back("--");
    command.insert(command.end(), options.emulator.begin(), options.emulator.end());
    return command;
}

} // namespace

Outcome boot(const std::string &program, const Options &options)
{
    const TemporaryFolder folder;
    const std::vector<std::string> command =
        on_bochs() ? bochs_command(program, options) : qemu_command(program, options, folder);
    const std::string console = folder.file("console");
    const std::string messages = folder.file("messages");
    const int exit_code = execute(command, console, messages);
    return {exit_code, contents(console), contents(messages)};
}

} // namespace detour::test
