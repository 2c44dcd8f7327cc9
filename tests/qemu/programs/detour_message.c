/* detour_message.c - R18: the message and the planted detour stay as they are until they are taken */
#include "detour_mailbox.h"

static volatile umsg32 received;
static struct stack_copy copy;

static void taking_callback(void)
{
    on_message();
    CHECK(send(currpid, 99) == SYSERR); /* it is still in the mailbox */
    received = receive();
    CHECK(!me->prhasmsg);
}

static void take_in_callback(void)
{
    hold_clock();
    cbsignal(CB_MESSAGE, taking_callback, 0);
    send(currpid, 41);
    CHECK(send(currpid, 42) == SYSERR);
    tick();
    CHECK(received == 41 && recvclr() == OK);
    release_clock();
}

static void take_later(void)
{
    hold_clock();
    cbsignal(CB_MESSAGE, on_message, 0);
    send(currpid, 43);
    tick();
    CHECK(mailbox_full_in_callback && mailbox_in_callback == 43);
    CHECK(me->prhasmsg && send(currpid, 44) == SYSERR);
    tick();
    CHECK(receive() == 43);
    CHECK(recvclr() == OK);
    release_clock();
}

static volatile int returns;

static void planted_sleeper(void)
{
    intmask mask = disable();
    syscall slept;
    int before = events;

    cbsignal(CB_MESSAGE, on_message, 0);
    slept = sleepms(10);
    returns++;
    CHECK(slept == OK);
    CHECK(events == before + 1);
    CHECK(outstanding(currpid, 0, 0));
    tick();
    tick();
    CHECK(events == before + 1);
    received = recvclr();
    restore(mask);
}

static void second_send(int emptied)
{
    pid32 pid = start(planted_sleeper);
    uint32 *word;
    int i;

    returns = 0;
    CHECK(send(pid, 45) == OK);
    copy_stack(&copy, pid);
    for (i = 0; i < 3; i++) {
        if (emptied)
            proctab[pid].prhasmsg = FALSE;
        CHECK(send(pid, 46 + i) == (emptied ? OK : SYSERR));
        CHECK(changed_words(&copy, &word) == 0);
    }
    CHECK(proctab[pid].prmsg == (emptied ? 48 : 45) && proctab[pid].prhasmsg);
    await_end(pid);
    CHECK(returns == 1);
    CHECK(received == (emptied ? 48 : 45));
}

/*
 * Other code displaces the planted word of a sleeper: it puts diversion's address there, and diversion goes on to the
 * word that it found. Until then nothing is planted, whatever is due; then the sleeper must arrive where it was to
 * return to in the first place.
 */
uint32 found_word;
void diversion(void);
asm(".pushsection .text\n"
    "diversion:\n\t" /* entered by the ret of sleepms(), whose result is in EAX */
    "pushal\n\t"
    "call diverted\n\t"
    "popal\n\t"
    "jmp *found_word\n"
    ".popsection");

static volatile int vacations, returns_diverted;

static void on_vacation(void)
{
    vacations++;
}

__attribute__((used)) static void diverted(void)
{
    CHECK(dreamvac(on_vacation) == OK);
    CHECK(sleepms(1) == OK && sleepms(0) == OK && vacations == 0);
    spin(2);
    CHECK(events == 1); /* by the clock (R16) */
    recvclr();
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(sleepms(10) == OK); /* meanwhile another send(), which plants nothing either */
    spin(2);
    CHECK(events == 2);
    recvclr();
    returns_diverted++;
}

static void diverted_sleeper(void)
{
    events = 0;
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(sleepms(3) == OK);
    CHECK(returns_diverted == 1 && vacations == 1);
    CHECK(events == 2 && me->pretype == 0);
    CHECK(dreamvac(on_vacation) == OK && sleepms(0) == OK && vacations == 2);
    CHECK(cbsignal(CB_MESSAGE, on_message, 0) == 0);
    CHECK(sleepms(10) == OK);
    CHECK(events == 3);
    recvclr();
}

static uint32 *slot_of(pid32 pid)
{
    return callers_frame(pid) + FRAME_RETURN;
}

static void planted_word_taken(void)
{
    pid32 pid = start(diverted_sleeper);
    uint32 home = *slot_of(pid), *word;

    CHECK(send(pid, 51) == OK);
    found_word = *slot_of(pid);
    *slot_of(pid) = (uint32)diversion;
    CHECK(found_word != home);
    while (events == 0 || !proctab[pid].prmsgreg)
        sleepms(1);
    CHECK(proctab[pid].prstate == PR_SLEEP);
    copy_stack(&copy, pid);
    CHECK(send(pid, 52) == OK); /* rewrites nothing, as long as the first address is not back */
    CHECK(changed_words(&copy, &word) == 0);
    while (returns_diverted == 0)
        sleepms(1);
    CHECK(proctab[pid].prstate == PR_SLEEP);
    copy_stack(&copy, pid);
    CHECK(send(pid, 53) == OK); /* rewrites again */
    CHECK(changed_words(&copy, &word) == 1 && word == slot_of(pid) && *word == found_word);
    await_end(pid);
}

process main(void)
{
    start_and_await(take_in_callback);
    start_and_await(take_later);
    second_send(FALSE);
    second_send(TRUE);
    planted_word_taken();
    rule_done("R18");
    return OK;
}
