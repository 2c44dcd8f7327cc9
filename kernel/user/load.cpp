#include "kernel/user/load.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/print.hpp"
#include "kernel/process/process.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/user/space.hpp"

#include <xinu/userspace.h>

#include <cstring>

namespace detour
{

namespace
{

constexpr AddressRange kProgramRange{USER_BEGIN, USER_HEAP_END};
constexpr uint32_t kKernelStackBytes = 2 * kPageBytes;

// The highest page of a new stack, mapped at its physical address for the kernel and just below USER_STACK_END for the
// process.
class StackPage
{
public:
    explicit StackPage(uint32_t physical) : physical_(physical) {}

    uint32_t top() const { return top_; }

    // The bytes begin at a whole word, which makes their copy fast.
    void push(const void *bytes, uint32_t count)
    {
        top_ = (top_ - count) & ~uint32_t{3};
        std::memcpy(reinterpret_cast<char *>(static_cast<uintptr_t>(physical_)) + top_ % kPageBytes, bytes, count);
    }
    void push(uint32_t word) { push(&word, sizeof word); }

private:
    uint32_t physical_;
    uint32_t top_ = USER_STACK_END;
};
static_assert(sizeof(Arguments::text) + (Arguments::kMaxCount + 4) * sizeof(uint32_t) < kPageBytes);

// From the top: the strings, argv[] with its terminating NULL, argv, argc. Returns the address of argc, which is the
// initial ESP.
uint32_t place_arguments(StackPage stack, const Arguments &arguments)
{
    stack.push(arguments.text, arguments.bytes);
    const uint32_t strings = stack.top();
    uint32_t pointers[Arguments::kMaxCount + 1] = {};
    for (uint32_t i = 0; i < arguments.count; ++i)
        pointers[i] = strings + arguments.offsets[i];
    stack.push(pointers, (arguments.count + 1) * sizeof pointers[0]);
    const uint32_t argv = stack.top();
    stack.push(argv);
    stack.push(arguments.count);
    return stack.top();
}

bool enter_ring3(ProcessId pid, const NewUserProcess &wanted, const Executable &executable)
{
    if (!build_user_space(pid, *wanted.program, executable, wanted.enabled))
        return false;
    procent &process = process_entry(pid);
    const uint32_t stack = place_arguments(StackPage(highest_stack_page(pid)), *wanted.arguments);
    process.prstkptr = arch::prepare_user_stack(process.prstkbase, executable.entry, stack);
    process.prring = 3;
    user_spaces[pid].capabilities = wanted.capabilities;
    return true;
}

} // namespace

bool Arguments::accept(uint32_t length)
{
    if (count == kMaxCount || length >= room().size())
        return false;
    offsets[count++] = static_cast<uint16_t>(bytes);
    bytes += length + 1;
    return true;
}

ProcessId begin_user_process(const NewUserProcess &wanted)
{
    Executable executable;
    if (const char *wrong = read_executable(wanted.program->file(), kProgramRange, executable)) {
        print("%s: %s\n", wanted.program->name, wrong);
        return kNoProcess;
    }
    let_interrupts_in(wanted.enabled);
    const ProcessId pid =
        prepare_process({kKernelStackBytes, wanted.priority, wanted.program->name, wanted.charging}, wanted.enabled);
    if (pid == kNoProcess)
        return kNoProcess;
    let_interrupts_in(wanted.enabled);
    if (!enter_ring3(pid, wanted, executable)) {
        discard_process(pid);
        return kNoProcess;
    }
    admit_process(pid);
    return pid;
}

} // namespace detour
