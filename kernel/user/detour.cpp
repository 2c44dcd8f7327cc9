#include "kernel/user/detour.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/sched/print_ended.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/user/access.hpp"

#include <xinu/stackroom.h>
#include <xinu/userspace.h>

#include <algorithm>
#include <utility>

namespace detour
{

namespace
{

constexpr std::array<uint32_t, 3> kKinds{CB_ALARM, CB_MESSAGE, 0};

[[noreturn]] void end_for_bad_stack(uint32_t stack_pointer)
{
    constexpr uint32_t kStackBegin = USER_STACK_END - USER_STACK_BYTES;
    constexpr uint32_t kMargin = sizeof(DetourRecord) + CALLBACK_STACK_ROOM;
    if (stack_pointer >= kStackBegin && stack_pointer < kStackBegin + kMargin)
        print_ended("its stack is too full for an event callback (%u bytes must be free)", CALLBACK_STACK_ROOM);
    else
        print_ended("its stack pointer 0x%08x is no place for an event callback", stack_pointer);
    end_current_process();
}

[[noreturn]] void end_for_bad_record(uint32_t stack_pointer)
{
    print_ended("its stack pointer 0x%08x is not where its event callback began", stack_pointer);
    end_current_process();
}

// The index of the first callback that has not finished; claimed.size() if there is none.
std::size_t first_claimed(const DetourRecord &record)
{
    const auto found = std::find_if(record.claimed.begin(), record.claimed.end(), [](uint32_t f) { return f != 0; });
    return static_cast<std::size_t>(found - record.claimed.begin());
}

// The address for the record. Ends the process if its stack has no room for the record and a callback, or is not its
// own memory.
uint32_t place_of_record(const arch::UserFrame &frame)
{
    const uint32_t stack_pointer = arch::user_stack_pointer(frame);
    const uint32_t record = stack_pointer - sizeof(DetourRecord);
    if (!is_user_range(record - CALLBACK_STACK_ROOM, CALLBACK_STACK_ROOM + sizeof(DetourRecord), true))
        end_for_bad_stack(stack_pointer);
    return record;
}

// Returns the first callback, for the process's EAX.
uint32_t begin_detour(arch::UserFrame &frame, const ClaimedOnReturn &claimed, uint32_t place)
{
    const DetourRecord record{
        {address_of(claimed.events.alarm), address_of(claimed.events.message), address_of(claimed.vacation)},
        arch::save_user_context(frame)};
    write_user(place, record);
    const uint32_t first = record.claimed[first_claimed(record)];
    arch::redirect_user(frame, USER_CBFMANAGER, place, first);
    return first;
}

} // namespace

uint32_t user_detour_at_return(arch::UserFrame &frame, uint32_t result, bool vacation)
{
    procent &process = current_process();
    arch::set_user_result(frame, result);
    const bool on_vacation = vacation && process.prdetour.vacation != nullptr;
    if (!on_vacation && !anything_due(process))
        return result;
    const uint32_t place = place_of_record(frame);
    ClaimedOnReturn claimed{};
    claim_due(process, claimed.events);
    if (on_vacation)
        claimed.vacation = std::exchange(process.prdetour.vacation, nullptr);
    return begin_detour(frame, claimed, place);
}

uint32_t next_user_callback(arch::UserFrame &frame)
{
    const uint32_t place = arch::user_stack_pointer(frame);
    DetourRecord record;
    if (!read_user(record, place))
        end_for_bad_record(place);
    const std::size_t finished = first_claimed(record);
    if (finished < record.claimed.size()) {
        detour_finished(kKinds[finished]);
        record.claimed[finished] = 0;
    }
    const std::size_t next = first_claimed(record);
    if (next == record.claimed.size()) {
        arch::restore_user_context(frame, record.context, place + sizeof record);
        return arch::user_result_register(frame);
    }
    if (!write_user(place, record.claimed))
        end_for_bad_record(place);
    arch::redirect_user(frame, USER_CBFMANAGER, place, record.claimed[next]); // with DF clear again (R9)
    return record.claimed[next];
}

} // namespace detour

void user_detour_at_tick(detour::arch::UserFrame &frame)
{
    using namespace detour;
    procent &process = current_process();
    if (!anything_due(process))
        return;
    const uint32_t place = place_of_record(frame);
    ClaimedOnReturn claimed{};
    claim_due(process, claimed.events);
    begin_detour(frame, claimed, place);
}
