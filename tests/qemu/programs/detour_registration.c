/* detour_registration.c - R1: what cbsignal() accepts, and what it refuses */
#include "detour_counters.h"

/* A call that must be refused: SYSERR, no byte of the process's entry changed, the interrupt flag as it was.
 */
static int refused(uint32 etype, uint32 function, uint32 val)
{
    struct procent before;
    intmask mask = disable();
    syscall masked, unmasked;
    uint32 flags;
    int same;

    before = *me;
    masked = cbsignal((uint16)etype, (callback)function, val);
    same = memcmp(&before, me, sizeof before) == 0 && (eflags() & EFLAGS_IF) == 0;
    restore(mask);
    unmasked = cbsignal((uint16)etype, (callback)function, val);
    flags = eflags();
    return masked == SYSERR && unmasked == SYSERR && same && (flags & EFLAGS_IF) != 0;
}

static void arguments_out_of_range(void)
{
    static const uint16 no_event[] = {0, 3, 4, 255, 256, 257, 258, 0x8001, 0x8002, 65535};
    const uint32 no_code[] = {0,
                              1,
                              (uint32)&text - 1,
                              (uint32)&etext,
                              (uint32)&etext + 1,
                              (uint32)&data,
                              (uint32)&end,
                              (uint32)no_event,
                              0x7fffffff,
                              0x80000000,
                              0xffffffff};
    uint32 local, i;

    for (i = 0; i < sizeof no_event / sizeof no_event[0]; i++)
        CHECK(refused(no_event[i], (uint32)on_alarm, 5));
    for (i = 0; i < sizeof no_code / sizeof no_code[0]; i++) {
        CHECK(refused(CB_ALARM, no_code[i], 5));
        CHECK(refused(CB_MESSAGE, no_code[i], 5));
    }
    CHECK(refused(CB_ALARM, (uint32)&local, 5));
    CHECK(refused(CB_MESSAGE, (uint32)&local, 5));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 5001));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 65536));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 0x80000000));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 0xffffffff));
    CHECK(refused(CB_ALARM, 0, 5001));
    CHECK(refused(0, 0, 5001));
}

/* A process of its own for each: what it registers dies with it. */
static void first_byte_of_text(void)
{
    CHECK(cbsignal(CB_ALARM, (callback)&text, 5000) == 0);
    CHECK(cbsignal(CB_MESSAGE, (callback)&text, 0) == 0);
    CHECK(me->prcbf1 == (callback)&text && me->prcbf2 == (callback)&text);
}

static void last_byte_of_text(void)
{
    CHECK(cbsignal(CB_ALARM, (callback)((uint32)&etext - 1), 5000) == 0);
    CHECK(cbsignal(CB_MESSAGE, (callback)((uint32)&etext - 1), 0) == 0);
    CHECK(outstanding(currpid, 1, 1));
}

static void message_ignores_val(void)
{
    CHECK(cbsignal(CB_MESSAGE, on_message, 0xffffffff) == 0);
}

static void alarm_outstanding(void)
{
    intmask mask = disable();

    CHECK(cbsignal(CB_ALARM, on_alarm, 5000) == 0);
    CHECK(me->pralarmtime == clkcountermsec + 5000);
    restore(mask);
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 5000));
    CHECK(refused(CB_ALARM, (uint32)other, 0));
    CHECK(refused(CB_ALARM, 0, 5001));
    CHECK(refused(CB_MESSAGE, (uint32)&etext, 0));
    CHECK(cbsignal(CB_MESSAGE, on_message, 5001) == 0);
    CHECK(refused(CB_MESSAGE, (uint32)other, 0));
    CHECK(refused(CB_ALARM, (uint32)other, 1));
    CHECK(refused(3, (uint32)other, 1));
    CHECK(me->prcbf1 == on_alarm && me->prcbf2 == on_message);
}

static void message_outstanding(void)
{
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(refused(CB_MESSAGE, (uint32)other, 0));
    CHECK(refused(CB_ALARM, (uint32)on_alarm, 5001));
    CHECK(refused(CB_ALARM, (uint32)&etext, 5));
    CHECK(outstanding(currpid, 0, 1));
    CHECK(cbsignal(CB_ALARM, on_alarm, 4999) == 0);
}

process main(void)
{
    CHECK(outstanding(currpid, 0, 0));
    arguments_out_of_range();
    start_and_await(first_byte_of_text);
    start_and_await(last_byte_of_text);
    start_and_await(message_ignores_val);
    start_and_await(alarm_outstanding);
    start_and_await(message_outstanding);
    CHECK(alarms == 0 && messages == 0);
    rule_done("R01");
    return OK;
}
