/* sleepms.c - task 3: processes that return from sleepms() by another way */
#include "hijacked.h"

static volatile int calls;

void check_find(void)
{
    uint32 i;

    for (i = 0; i < 3; i++) {
        pid32 pid = start_victim(i, 1000000);
        uint32 *found = sleepms_word(pid), *right = return_word(pid);

        if (found == NULL)
            report("victim %u: not found", i);
        else
            report("victim %u: %d bytes from the right word", i, (int)((uint32)found - (uint32)right));
        end_victim(pid);
    }
}

/* What any function may do to registers. */
static void behind_sleep(void)
{
    calls++;
    report("%s has slept until %u", me->prname, now());
    asm volatile("movl $0xdead0001, %%eax\n\t"
                 "movl $0xdead0002, %%ecx\n\t"
                 "movl $0xdead0003, %%edx"
                 :
                 :
                 : "eax", "ecx", "edx");
}

void check_divert(void)
{
    const uint32 *number = lab_given.number;
    uint32 msec = given(1, 10, 60);
    pid32 pid;

    loaded = (struct registers){.edi = number[6], .esi = number[7], .ebx = number[8]};
    begin();
    pid = start_victim(0, msec);
    report("divert: %s", verdict(divert(pid, behind_sleep)));
    await_end(pid);
    report("sleepms returns %d at %u; calls: %d", sleep_result, slept_until, calls);
    report("edi %08x esi %08x ebx %08x", stored.edi, stored.esi, stored.ebx);
    report("ebp is %d and esp %d bytes off", (int)(stored.ebp - loaded.ebp), (int)(stored.esp - loaded.esp));
}
