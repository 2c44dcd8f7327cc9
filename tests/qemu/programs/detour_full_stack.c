/*
 * detour_full_stack.c - R21: a detour that does not fit the stack ends the process, and nothing else
 *
 * The test that boots this counts the messages on the console.
 */
#include "detour.h"

#include <xinu/stackroom.h>

#define FRAMES (15 * 4) /* 11 words of the interrupt's frame, 3 callbacks, 1 return address */

/*
 * Puts ESP `room` bytes above the lower bound of the stack, calls sleepms(msec) there, or takes a clock interrupt if
 * msec is negative; and comes back.
 */
uint32 low, room, esp_in_callback;
int msec, sleep_result;
volatile int callbacks;
void call_with_room(void);
asm(".pushsection .text\n"
    "call_with_room:\n\t"
    "pushal\n\t"
    "movl %esp, %ebx\n\t"
    "movl low, %esp\n\t"
    "addl room, %esp\n\t"
    "movl msec, %eax\n\t"
    "movl %eax, (%esp)\n\t"
    "testl %eax, %eax\n\t"
    "jns 1f\n\t"
    "int $32\n\t"
    "jmp 2f\n"
    "1:\tcall sleepms\n\t"
    "movl %eax, sleep_result\n"
    "2:\tmovl %ebx, %esp\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");

void small_callback(void); /* needs no stack of its own */
asm(".pushsection .text\n"
    "small_callback:\n\t"
    "movl %esp, esp_in_callback\n\t"
    "incl callbacks\n\t"
    "ret\n"
    ".popsection");

enum { ALARM_AT_TICK, MESSAGE_AT_TICK, ALL_AT_TICK, ALARM_AT_RETURN, MESSAGE_AT_RETURN, VACATION, ALL_AT_RETURN, WAYS };

static volatile int survived;
static int killed; /* each with a message */

static void take_detour(int way)
{
    low = (uint32)me->prstkbase + 4 - me->prstklen;
    if (way == ALARM_AT_TICK || way == ALARM_AT_RETURN || way == ALL_AT_TICK || way == ALL_AT_RETURN)
        cbsignal(CB_ALARM, small_callback, 0);
    if (way == MESSAGE_AT_TICK || way == MESSAGE_AT_RETURN || way == ALL_AT_TICK || way == ALL_AT_RETURN) {
        cbsignal(CB_MESSAGE, small_callback, 0);
        send(currpid, 1);
    }
    if (way == VACATION || way == ALL_AT_RETURN)
        dreamvac(small_callback);
    msec = way >= ALARM_AT_RETURN ? 0 : -1;
    call_with_room();
    survived = TRUE;
}

#define MOST (CALLBACK_STACK_ROOM + FRAMES + 24)
#define LEAST (MOST - 40)

/* With less and less room, a process each time: up to some point all detours work, and from there on none
 * does. */
static void less_and_less(int way, int expected_callbacks)
{
    int threshold = MOST, wrong = 0;
    uint32 room_at_threshold = 0;

    for (room = MOST; room >= LEAST; room -= 4) {
        pid32 pid = create(take_detour, STACK, PRIORITY_ABOVE, "full", 1, way);

        hold_clock();
        callbacks = survived = 0;
        sleep_result = OK;
        resume(pid);
        release_clock();
        if (survived && callbacks == expected_callbacks && sleep_result == OK) {
            wrong += (int)room != threshold; /* worked again after it failed */
            room_at_threshold = esp_in_callback - low;
            threshold = room - 4;
        } else {
            wrong += survived || callbacks != 0;
            killed++;
        }
        wrong += !isbadpid(pid);
        recvclr();
    }
    CHECK(wrong == 0);
    CHECK(threshold < MOST && threshold >= LEAST);
    CHECK(room_at_threshold >= CALLBACK_STACK_ROOM && room_at_threshold <= CALLBACK_STACK_ROOM + 16);
    CHECK(threshold + 4 == CALLBACK_STACK_ROOM + FRAMES);
}

/* A message is planted while the process sleeps, and the room is missed when it wakes up. */
static void sleep_with_room(void)
{
    low = (uint32)me->prstkbase + 4 - me->prstklen;
    cbsignal(CB_MESSAGE, small_callback, 0);
    msec = 3;
    call_with_room();
    survived = TRUE;
}

static void planted(uint32 bytes, int expected)
{
    pid32 pid;

    room = bytes;
    callbacks = survived = 0;
    pid = start(sleep_with_room);
    CHECK(send(pid, 1) == OK);
    sleepms(5);
    CHECK(isbadpid(pid));
    CHECK(survived == expected && callbacks == expected);
    killed += !survived;
    recvclr();
}

/* On a stack that the process allocated itself, whose bounds the kernel does not know, detours are not
 * refused. */
static uint32 own_stack[256];

static void elsewhere(void)
{
    low = (uint32)own_stack;
    room = 1000;
    msec = -1;
    cbsignal(CB_ALARM, small_callback, 0);
    call_with_room();
    msec = 0;
    cbsignal(CB_ALARM, small_callback, 0);
    call_with_room();
    survived = TRUE;
}

static volatile int ticks_of_other;

static void count_ticks(void)
{
    for (;;) {
        sleepms(1);
        ticks_of_other++;
    }
}

process main(void)
{
    pid32 other = start(count_ticks);
    int before, processes = prcount;

    less_and_less(ALARM_AT_TICK, 1);
    less_and_less(MESSAGE_AT_TICK, 1);
    less_and_less(ALL_AT_TICK, 2);
    less_and_less(ALARM_AT_RETURN, 1);
    less_and_less(MESSAGE_AT_RETURN, 1);
    less_and_less(VACATION, 1);
    less_and_less(ALL_AT_RETURN, 3);
    planted(CALLBACK_STACK_ROOM + FRAMES, TRUE);
    planted(CALLBACK_STACK_ROOM + FRAMES - 4, FALSE);
    survived = callbacks = 0;
    start_and_await(elsewhere);
    CHECK(survived && callbacks == 2);

    before = ticks_of_other;
    sleepms(5);
    CHECK(ticks_of_other - before >= 4);
    CHECK(prcount == processes);
    kill(other);
    kprintf("killed: %d\n", killed);
    rule_done("R21");
    return OK;
}
