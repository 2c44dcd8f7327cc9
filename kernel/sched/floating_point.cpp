#include "kernel/sched/floating_point.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/process_table.hpp"

#include <array>
#include <new>

namespace detour
{

namespace
{

constexpr uint16_t kAllKinds = CB_ALARM | CB_MESSAGE;

struct Context {
    bool begun = false;             // it executed a floating-point instruction
    arch::FloatRegisters registers; // while another context has the unit
};

// By the kinds of callback that run. Those of which one is part of another began in this order and are all alive; any
// other is finished.
using Contexts = std::array<Context, kAllKinds + 1>;

constinit std::array<Contexts *, NPROC> contexts_of{};
constinit Context *owner = nullptr; // whose numbers the unit holds

// Of the current process, on its first floating-point instruction.
Contexts *new_contexts()
{
    const uint32_t memory = heap.getmem(sizeof(Contexts), current_id());
    if (memory == 0)
        return nullptr;
    current_process().prfloat = 1;
    return new (reinterpret_cast<void *>(uintptr_t{memory})) Contexts;
}

void end_context(Context &context)
{
    context.begun = false;
    if (owner == &context)
        owner = nullptr;
}

} // namespace

bool open_float()
{
    Contexts *&contexts = contexts_of[current_id()];
    if (contexts == nullptr)
        contexts = new_contexts();
    if (contexts == nullptr)
        return false;
    arch::permit_float();
    loaded_directory = kFloatOpen;
    Context &context = (*contexts)[current_process().prdetour.running & kAllKinds];
    if (owner == &context)
        return true;
    if (owner != nullptr)
        arch::save_float(owner->registers);
    arch::load_float(context.begun ? context.registers : arch::initial_float_registers);
    context.begun = true;
    owner = &context;
    return true;
}

void close_float()
{
    arch::forbid_float();
    loaded_directory = user_registers[current_id()].directory;
}

void float_callback_finished()
{
    Contexts *const contexts = contexts_of[current_id()];
    if (contexts == nullptr) // prfloat was written by a program
        return;
    const uint32_t running = current_process().prdetour.running;
    for (uint32_t kinds = 0; kinds <= kAllKinds; ++kinds)
        if ((kinds & ~running) != 0)
            end_context((*contexts)[kinds]);
    close_float();
}

void forget_float(ProcessId pid)
{
    Contexts *const contexts = contexts_of[pid];
    if (contexts == nullptr)
        return;
    for (Context &context : *contexts)
        end_context(context);
    contexts_of[pid] = nullptr;
}

} // namespace detour
