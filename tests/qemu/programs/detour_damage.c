/*
 * detour_damage.c - a callback overwrites words of the frame that it returns by
 *
 * Each case is a process; the test that boots this knows which of them end with which report.
 */
#include "detour.h"

#define EFLAGS_FIXED 0x2
#define EFLAGS_RF 0x10000
#define EFLAGS_AC 0x40000
#define EFLAGS_ID 0x200000

/* The stack from the frame of a callback upwards: for an alarm; the others find fewer claimed words. */
enum { CALLERS_EBP, RETURN_ADDRESS, CLAIMED, FRAME_OF_ALARM = CLAIMED + 2 };
enum { FRAME_IP = 8, FRAME_CS, FRAME_EF, FRAME_WORDS };

enum { AT_TICK, AT_RETURN, BY_MESSAGE, ON_VACATION };

static const struct damage {
    const char *name;
    int way, word;
    uint32 keep, put; /* of the word in the frame */
    int survives;
} cases[] = {
    {"vm", AT_TICK, FRAME_EF, ~0U, 1 << 17, FALSE},
    {"vm_return", AT_RETURN, FRAME_EF, ~0U, 1 << 17, FALSE},
    {"vm_message", BY_MESSAGE, FRAME_EF, ~0U, 1 << 17, FALSE},
    {"vm_vacation", ON_VACATION, FRAME_EF, ~0U, 1 << 17, FALSE},
    {"nt", AT_TICK, FRAME_EF, ~0U, 1 << 14, FALSE},
    {"iopl", AT_TICK, FRAME_EF, ~0U, 1 << 13, FALSE},
    {"vif", AT_TICK, FRAME_EF, ~0U, 1 << 19, FALSE},
    {"vip", AT_TICK, FRAME_EF, ~0U, 1 << 20, FALSE},
    {"bit_31", AT_TICK, FRAME_EF, ~0U, 1U << 31, FALSE},
    {"bit_3", AT_TICK, FRAME_EF, ~0U, 1 << 3, FALSE},
    {"bit_1", AT_TICK, FRAME_EF, ~(uint32)EFLAGS_FIXED, 0, FALSE},
    {"flags_zero", AT_TICK, FRAME_EF, 0, 0, FALSE},
    {"flags_ones", AT_TICK, FRAME_EF, 0, ~0U, FALSE},
    {"stack_segment", AT_TICK, FRAME_CS, 0, 0x10, FALSE},
    {"ring_3", AT_TICK, FRAME_CS, 0, 0x1b, FALSE},
    {"null_segment", AT_RETURN, FRAME_CS, 0, 0, FALSE},
    {"all", AT_TICK, FRAME_WORDS, 0, ~0U, FALSE},
    {"wild_ip", AT_TICK, FRAME_IP, 0, 0xdead0000, FALSE},
    {"null_ip", AT_RETURN, FRAME_IP, 0, 0, FALSE},
    {"user_flags", AT_TICK, FRAME_EF, ~0U, EFLAGS_RF | EFLAGS_AC | EFLAGS_ID | EFLAGS_DF, TRUE},
    {"masked", AT_RETURN, FRAME_EF, ~(uint32)EFLAGS_IF, 0, TRUE},
    {"upper_half", AT_TICK, FRAME_CS, 0xffff, 0xdead0000, TRUE}, /* of CS: the CPU leaves it to chance */
};

static const struct damage *chosen;
static volatile int called, survived;
static uint32 flags_found;

static void overwrite(uint32 *frame)
{
    int word;

    called++;
    for (word = 0; word < FRAME_WORDS; word++)
        if (word == chosen->word || chosen->word == FRAME_WORDS)
            frame[word] = (frame[word] & chosen->keep) | chosen->put;
}

static void on_alarm(void)
{
    overwrite((uint32 *)__builtin_frame_address(0) + FRAME_OF_ALARM);
}

static void on_message(void)
{
    overwrite((uint32 *)__builtin_frame_address(0) + FRAME_OF_ALARM - 1);
}

static void on_vacation(void)
{
    overwrite((uint32 *)__builtin_frame_address(0) + FRAME_OF_ALARM - 2);
}

static process take_detour(int way)
{
    if (way == BY_MESSAGE) {
        cbsignal(CB_MESSAGE, on_message, 0);
        send(currpid, 1);
        recvclr();
    } else if (way == ON_VACATION) {
        dreamvac(on_vacation);
    } else {
        cbsignal(CB_ALARM, on_alarm, 0);
    }
    if (way == AT_TICK)
        tick();
    else
        sleepms(0);
    flags_found = eflags();
    asm volatile("cld; pushl $0x202; popfl");
    survived = TRUE;
    return OK;
}

process main(void)
{
    int i;
    pid32 pid;

    for (i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++) {
        chosen = &cases[i];
        called = survived = FALSE;
        flags_found = 0;
        pid = create(take_detour, STACK, PRIORITY_ABOVE, cases[i].name, 1, cases[i].way);
        kprintf("case %s %d\n", cases[i].name, pid);
        hold_clock();
        resume(pid);
        CHECK(called == 1 && survived == cases[i].survives);
        CHECK(isbadpid(pid));
        release_clock();
        recvclr();
        if (cases[i].survives && cases[i].word == FRAME_EF)
            CHECK((flags_found & ~EFLAGS_ARITHMETIC & ~EFLAGS_RF) ==
                  (((EFLAGS_FIXED | EFLAGS_IF) & cases[i].keep) | (cases[i].put & ~EFLAGS_RF)));
    }
    sleepms(3);
    CHECK(prcount == 2);
    kprintf("case end 0\n");
    checks_done();
    return OK;
}
