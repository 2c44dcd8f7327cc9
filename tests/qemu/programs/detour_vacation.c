/* detour_vacation.c - R20: dreamvac() */
#include "detour_trace.h"

/* A vacation that changes every register that it may, and leaves a value in EAX. */
void wrecking_vacation(void);
asm(".pushsection .text\n"
    "wrecking_vacation:\n\t"
    "call note_vacation\n\t"
    "movl $0x77777777, %eax\n\t"
    "movl $0x77777777, %ecx\n\t"
    "movl $0x77777777, %edx\n\t"
    "movl $0x77777777, %ebx\n\t"
    "movl $0x77777777, %esi\n\t"
    "movl $0x77777777, %edi\n\t"
    "movl $0x77777777, %ebp\n\t"
    "ret\n"
    ".popsection");

static void each_return(void)
{
    int i;

    hold_clock();
    CHECK(dreamvac(note_vacation) == OK);
    CHECK(trace_is(""));
    tick();
    yield();
    CHECK(trace_is("")); /* only sleepms() */
    CHECK(sleepms(0) == OK);
    CHECK(trace_is("v"));
    CHECK(sleepms(0) == OK);
    CHECK(trace_is("")); /* one-shot */
    for (i = 0; i < 3; i++) {
        dreamvac(wrecking_vacation);
        CHECK(sleepms(-1) == SYSERR);
        CHECK(trace_is("v"));
        dreamvac(wrecking_vacation);
        CHECK(sleepms(0) == OK);
        CHECK(trace_is("v"));
    }
    dreamvac(wrecking_vacation);
    CHECK(sleepms((int32)0x80000000) == SYSERR);
    CHECK(trace_is("v"));
    release_clock();
    dreamvac(wrecking_vacation);
    CHECK(sleepms(3) == OK);
    CHECK(trace_is("v"));
    dreamvac(wrecking_vacation);
    CHECK(sleep(0) == OK); /* through sleepms() */
    CHECK(trace_is("v"));
}

static void taken_back(void)
{
    hold_clock();
    CHECK(dreamvac(NULL) == OK); /* none is there */
    CHECK(dreamvac(note_vacation) == OK);
    CHECK(dreamvac(NULL) == OK);
    sleepms(0);
    CHECK(trace_is(""));
    CHECK(dreamvac(note_alarm) == OK);
    CHECK(dreamvac(note_vacation) == OK); /* the last one counts */
    sleepms(0);
    sleepms(0);
    CHECK(trace_is("v"));
    release_clock();
}

static void outside_text(void)
{
    static const uint32 valid[] = {1};
    const uint32 no_code[] = {1, (uint32)&text - 1, (uint32)&etext, (uint32)&data, (uint32)valid, 0xffffffff};
    struct procent before;
    uint32 i;

    dreamvac(note_vacation);
    before = *me;
    for (i = 0; i < sizeof no_code / sizeof no_code[0]; i++) {
        intmask mask = disable();

        before = *me;
        CHECK(dreamvac((callback)no_code[i]) == SYSERR);
        CHECK(memcmp(&before, me, sizeof before) == 0);
        restore(mask);
    }
    sleepms(0);
    CHECK(trace_is("v")); /* the first one is still there */
    CHECK(dreamvac((callback)((uint32)&etext - 1)) == OK);
    CHECK(dreamvac((callback)&text) == OK);
    CHECK(dreamvac(NULL) == OK);
    CHECK(outstanding(currpid, 0, 0));
}

/* It belongs to the calling process, not to the sleeper that returns next. */
static void sleeper(void)
{
    CHECK(sleepms(3) == OK);
    note('s');
}

static void calling_process_only(void)
{
    pid32 pid = start(sleeper);

    dreamvac(note_vacation);
    spin(6);
    CHECK(trace_is("s"));
    sleepms(1);
    CHECK(trace_is("v"));
    await_end(pid);
}

static void again(void)
{
    note('r');
    if (trace_length < 3)
        dreamvac(again);
}

static void from_inside(void)
{
    dreamvac(again);
    sleepms(0);
    CHECK(trace_is("r"));
    sleepms(0);
    CHECK(trace_is("r"));
    dreamvac(NULL);
    sleepms(0);
    CHECK(trace_is(""));
}

process main(void)
{
    start_and_await(each_return);
    start_and_await(taken_back);
    start_and_await(outside_text);
    calling_process_only();
    start_and_await(from_inside);
    rule_done("R20");
    return OK;
}
