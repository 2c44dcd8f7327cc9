// count_plugin.cpp - counts the instructions of a run inside QEMU; tools/run/instructions.py compiles and loads it
//
// Arguments, after QEMU's `-plugin FILE`:
//   out=FILE                      the report, written when QEMU ends
//   from=HEX                      what is executed before this address, the entry of the image, does not count
//   mode=run                      how often each instruction was executed
//   mode=calls,begin=HEX,end=HEX[:HEX...]
//                                 the paths from an execution of begin to the next one of an end, both included
//   mode=masked                   the longest stretches of instructions with EFLAGS.IF clear
//
// The report has one line for each address, "ADDRESS COUNT" in hexadecimal and decimal; in the modes calls and masked a
// line "path TIMES" or "stretch LENGTH TIMES FIRST LAST" comes before those of each path or stretch. The addresses of a
// path are in the order of their execution and without a count.
//
// The declarations are those of QEMU's qemu-plugin.h, which Debian 12 does not package. The functions used are the same
// in all versions of the interface; the version itself, PLUGIN_VERSION, is set by the compiler's command line.
#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <dlfcn.h>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

struct qemu_plugin_tb;
struct qemu_plugin_insn;

struct ByteArray { // GLib's GByteArray
    uint8_t *data;
    unsigned length;
};

struct RegisterArray { // GLib's GArray of qemu_plugin_reg_descriptor
    struct Descriptor {
        void *handle;
        const char *name, *feature;
    } * data;
    unsigned length;
};

extern "C" {
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, void (*)(uint64_t id, qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn *, void (*)(unsigned cpu, void *), int flags, void *);
void qemu_plugin_register_atexit_cb(uint64_t id, void (*)(uint64_t id, void *), void *);
size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn *);
ByteArray *g_byte_array_new();
ByteArray *g_byte_array_set_size(ByteArray *, unsigned);

[[gnu::visibility("default")]] int qemu_plugin_version = PLUGIN_VERSION;
[[gnu::visibility("default")]] int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);
}

namespace
{

constexpr int kReadsRegisters = 1;           // QEMU_PLUGIN_CB_R_REGS
constexpr uint32_t kInterruptFlag = 1u << 9; // Intel SDM vol. 1, 3.4.3
constexpr int kEflagsNumber = 9;             // in the order of gdb's registers of an i386
constexpr size_t kLongestPath = 1u << 16;
constexpr size_t kPaths = 1u << 12;
constexpr size_t kStretches = 40;

// A translated instruction. QEMU may translate the same address several times; the reader adds them up.
struct Instruction {
    uint32_t address;
    uint64_t count = 0; // in the run, or in the stretch with this number
    uint64_t stretch = 0;
};

struct Stretch {
    uint64_t length = 0, times = 0;
    std::vector<std::pair<uint32_t, uint64_t>> counts; // of the longest
};

// The containers are never destroyed: exit() runs this file's destructors before it has QEMU call on_exit().

FILE *report;
uint32_t from_address, begin_address;
auto &end_addresses = *new std::set<uint32_t>;
auto &mode = *new std::string("run");
bool started;
auto &instructions = *new std::deque<Instruction>; // a deque never moves its elements

// ---- mode=calls

auto &path = *new std::vector<uint32_t>;
bool on_path;
auto &paths = *new std::map<std::vector<uint32_t>, uint64_t>;

void follow(uint32_t address)
{
    if (address == begin_address) { // again before an end: other processes' calls are not told apart
        on_path = true;
        path.clear();
    }
    if (!on_path)
        return;
    path.push_back(address);
    if (end_addresses.contains(address)) {
        on_path = false;
        if (paths.size() < kPaths || paths.contains(path))
            paths[path]++;
    } else if (path.size() == kLongestPath) {
        on_path = false;
    }
}

// ---- mode=masked

uint32_t (*read_eflags)();

ByteArray *bytes()
{
    static ByteArray *const array = g_byte_array_new();
    return g_byte_array_set_size(array, 0);
}

uint32_t word_of(const ByteArray *array)
{
    uint32_t word = 0;
    memcpy(&word, array->data, std::min<size_t>(sizeof word, array->length));
    return word;
}

// From version 2 of the interface on, a plugin may ask for registers.
RegisterArray *(*get_registers)();
int (*read_register)(void *handle, ByteArray *);

uint32_t eflags_of_interface()
{
    static void *handle = nullptr;
    if (handle == nullptr) {
        const RegisterArray *const all = get_registers();
        for (unsigned i = 0; i < all->length; i++)
            if (strcmp(all->data[i].name, "eflags") == 0)
                handle = all->data[i].handle;
    }
    ByteArray *const array = bytes();
    read_register(handle, array);
    return word_of(array);
}

// Before, there is what QEMU's gdb server calls, in builds that export it.
void *(*get_cpu)(int);
int (*gdb_read_register)(void *cpu, ByteArray *, int);

uint32_t eflags_of_gdb_server()
{
    ByteArray *const array = bytes();
    gdb_read_register(get_cpu(0), array, kEflagsNumber);
    return word_of(array);
}

template <typename Function> bool find(Function &function, const char *name)
{
    function = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
    return function != nullptr;
}

bool can_read_eflags()
{
    if (find(get_registers, "qemu_plugin_get_registers") && find(read_register, "qemu_plugin_read_register"))
        read_eflags = eflags_of_interface;
    else if (find(get_cpu, "qemu_get_cpu") && find(gdb_read_register, "x86_cpu_gdb_read_register"))
        read_eflags = eflags_of_gdb_server;
    return read_eflags != nullptr;
}

bool were_enabled; // once
uint64_t stretch_number = 1, length;
uint32_t first_address, last_address;
auto &touched = *new std::vector<Instruction *>;                    // in this stretch
using Stretches = std::map<std::pair<uint32_t, uint32_t>, Stretch>; // by first and last address
auto &stretches = *new Stretches;

void end_stretch()
{
    Stretch &stretch = stretches[{first_address, last_address}];
    stretch.times++;
    if (length > stretch.length) {
        stretch.length = length;
        stretch.counts.clear();
        for (const Instruction *instruction : touched)
            stretch.counts.emplace_back(instruction->address, instruction->count);
    }
    length = 0;
    touched.clear();
    stretch_number++;
}

void watch_mask(Instruction &instruction)
{
    if ((read_eflags() & kInterruptFlag) != 0) {
        were_enabled = true;
        if (length != 0)
            end_stretch();
        return;
    }
    if (!were_enabled)
        return;
    if (length++ == 0)
        first_address = instruction.address;
    last_address = instruction.address;
    if (instruction.stretch != stretch_number) {
        instruction.stretch = stretch_number;
        instruction.count = 0;
        touched.push_back(&instruction);
    }
    instruction.count++;
}

// ---- all modes

void on_execution(unsigned /*cpu*/, void *data)
{
    Instruction &instruction = *static_cast<Instruction *>(data);
    if (!started && instruction.address != from_address)
        return;
    started = true;
    if (mode == "calls")
        follow(instruction.address);
    else if (mode == "masked")
        watch_mask(instruction);
    else
        instruction.count++;
}

void on_translation(uint64_t /*id*/, qemu_plugin_tb *block)
{
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        qemu_plugin_insn *const instruction = qemu_plugin_tb_get_insn(block, i);
        instructions.push_back({static_cast<uint32_t>(qemu_plugin_insn_vaddr(instruction))});
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, on_execution, kReadsRegisters, &instructions.back());
    }
}

void report_paths()
{
    for (const auto &[addresses, times] : paths) {
        fprintf(report, "path %" PRIu64 "\n", times);
        for (const uint32_t address : addresses)
            fprintf(report, "%x\n", address);
    }
}

void report_stretches()
{
    std::vector<Stretches::value_type *> longest;
    for (auto &entry : stretches)
        longest.push_back(&entry);
    std::sort(longest.begin(), longest.end(),
              [](const auto *left, const auto *right) { return left->second.length > right->second.length; });
    longest.resize(std::min(longest.size(), kStretches));
    for (const auto *entry : longest) {
        const Stretch &stretch = entry->second;
        fprintf(report, "stretch %" PRIu64 " %" PRIu64 " %x %x\n", stretch.length, stretch.times, entry->first.first,
                entry->first.second);
        for (const auto &[address, count] : stretch.counts)
            fprintf(report, "%x %" PRIu64 "\n", address, count);
    }
}

void on_exit(uint64_t /*id*/, void * /*data*/)
{
    if (mode == "calls")
        report_paths();
    else if (mode == "masked")
        report_stretches();
    else
        for (const Instruction &instruction : instructions)
            if (instruction.count != 0)
                fprintf(report, "%x %" PRIu64 "\n", instruction.address, instruction.count);
    fclose(report);
}

uint32_t hexadecimal(const std::string &text)
{
    return static_cast<uint32_t>(strtoul(text.c_str(), nullptr, 16));
}

bool take(const std::string &name, const std::string &value)
{
    if (name == "out")
        report = fopen(value.c_str(), "w");
    else if (name == "from")
        from_address = hexadecimal(value);
    else if (name == "begin")
        begin_address = hexadecimal(value);
    else if (name == "end")
        for (size_t at = 0; at < value.size(); at = std::min(value.find(':', at), value.size() - 1) + 1)
            end_addresses.insert(hexadecimal(value.substr(at)));
    else if (name == "mode")
        mode = value;
    else
        return false;
    return true;
}

} // namespace

int qemu_plugin_install(uint64_t id, const void * /*info*/, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        const std::string argument = argv[i];
        const size_t equals = std::min(argument.find('='), argument.size() - 1);
        if (!take(argument.substr(0, equals), argument.substr(equals + 1))) {
            fprintf(stderr, "count_plugin: unknown argument %s\n", argument.c_str());
            return 1;
        }
    }
    if (report == nullptr) {
        fprintf(stderr, "count_plugin: cannot write the report\n");
        return 1;
    }
    if (mode == "masked" && !can_read_eflags()) {
        fprintf(stderr,
                "count_plugin: this QEMU does not show EFLAGS to plugins; Debian 12's 7.2 and QEMU from 9.0 on do\n");
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
    qemu_plugin_register_atexit_cb(id, on_exit, nullptr);
    return 0;
}
