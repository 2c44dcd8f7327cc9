/* stacks.c - tasks 2 to 4: invented stacks, damaged ones, and those of processes in other states */
#include <slot.h>

#define WORDS 1024

static uint32 *invented;

static uint32 find_below(uint32 count, uint32 saved)
{
    struct stack_view stack = {(uint32)invented, invented, count};
    struct code_range resched = {(uint32)resched_text, (uint32)resched_etext};
    struct code_range sleepms = {(uint32)sleepms_text, (uint32)sleepms_etext};
    uint32 found = find_sleepms_slot(stack, saved, resched, sleepms);

    return found == 0 ? 0 : (found - (uint32)invented) / sizeof(uint32);
}

static void put_frame(uint32 at, uint32 caller, const byte *function)
{
    invented[at + FRAME_LINK] = (uint32)&invented[caller];
    invented[at + FRAME_RETURN] = (uint32)function + 8;
}

/* Frames that begin at these words of a stack, below which there is no memory. Other words look like frames, too. */
static uint32 invent(uint32 saved, uint32 first, uint32 second)
{
    uint32 i;

    if (invented == NULL)
        invented = (uint32 *)getstk(WORDS * sizeof(uint32)) + 1 - WORDS;
    for (i = 0; i < WORDS; i++)
        invented[i] = i % 2 ? (uint32)sleepms_text + 4 : (uint32)&invented[i + 1 < WORDS ? i + 1 : i];
    put_frame(saved + SAVED_LINK, first, resched_text);
    put_frame(first, second, sleepms_text);
    put_frame(second, WORDS - 2, (const byte *)sleep_with_registers);
    return (uint32)&invented[saved];
}

void check_frames(void)
{
    uint32 i;

    for (i = 0; i < 4; i++) {
        uint32 saved = given(3 * i, 0, 200), first = saved + SAVED_WORDS + given(3 * i + 1, 0, 300);
        uint32 second = first + 2 + given(3 * i + 2, 0, 300);

        report("found in word %u", find_below(WORDS, invent(saved, first, second)));
    }
}

/* With as few words as that, all frames are on the stack; with fewer, one is not, or not as a whole. */
void check_ends(void)
{
    uint32 first = SAVED_WORDS + given(0, 0, 300), second = first + 2 + given(1, 0, 300);
    uint32 saved = invent(0, first, second), low = (uint32)invented, count, least = 0;

    for (count = WORDS; count > 0; count--)
        if (find_below(count, saved) != 0)
            least = count;
    report("needs %u words", least);
    report("saved stack pointer 0: word %u", find_below(WORDS, 0));
    report("a page below the stack: word %u", find_below(WORDS, low - 4096));
    report("at its end: word %u", find_below(WORDS, low + 4 * WORDS));
    report("2 words before its end: word %u", find_below(WORDS, low + 4 * WORDS - 8));
    report("0xffffffdc: word %u", find_below(WORDS, 0xffffffdc));
    report("0xfffffffc: word %u", find_below(WORDS, 0xfffffffc));
    report("unaligned: word %u", find_below(WORDS, low + given(2, 1, 3)));
}

static volatile int calls;

static void on_message(void)
{
    calls++;
}

static volatile int calls_at_end;

static process sleeper_that_stays(const struct sleeper *how)
{
    sleeper(how);
    enable(); /* whether they are is of another check */
    spin_until(now() + 3);
    calls_at_end = calls;
    return OK;
}

/* Sends while this word of the sleeper's stack is another one. */
static void damaged(const char *what, uint32 *(*frame)(pid32), uint32 offset, uint32 wrong)
{
    struct sleeper how = {on_message, given(0, 10, 40), given(1, 1, 9)};
    pid32 pid = create(sleeper_that_stays, STACK, PRIORITY_ABOVE, "sleeper", 1, &how);
    uint32 *word, *right, old;

    calls = 0;
    begin();
    resume(pid);
    right = return_word(pid);
    word = &frame(pid)[offset];
    old = *word;
    if (wrong == 1)
        wrong = *sleepms_frame(pid); /* a frame, and even the next one, but not that of sleepms() */
    *word = wrong;
    copy_stack(pid);
    send(pid, 1);
    report_changed(what, pid, right);
    *word = old;
    await_end(pid);
    report("sleepms returns at %u; callbacks: %d", slept_until, calls_at_end);
}

void check_alone(void)
{
    damaged("ctxsw called by another function", ctxsw_frame, FRAME_RETURN, (uint32)receive + 8);
    damaged("resched called by another function", resched_frame, FRAME_RETURN, (uint32)receive + 8);
    damaged("resched's frame nowhere", ctxsw_frame, FRAME_LINK, 0);
    damaged("sleepms's frame nowhere", resched_frame, FRAME_LINK, 0);
    damaged("the word not that of this sleepms()", resched_frame, FRAME_LINK, 1);
}

static sid32 semaphore;

static process waiter(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    wait(semaphore);
    return OK;
}

static void spinner(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    for (;;)
        ;
}

static void send_and_report(const char *what, pid32 pid)
{
    uint32 *word = return_word(pid);

    copy_stack(pid);
    send(pid, 1);
    report_changed(what, pid, word);
    kill(pid);
    recvclr();
}

void check_states(void)
{
    struct sleeper how = {on_message, given(0, 4, 20), given(1, 0, 9)};
    pid32 pid;

    semaphore = semcreate(0);
    begin();
    pid = start_sleeper(&how, PRIORITY_BELOW);
    spin_until(now() + how.msec + 3);
    send_and_report("awake and ready", pid);

    pid = start_sleeper(&how, PRIORITY_BELOW);
    spin_until(now() + how.msec + 3);
    suspend(pid);
    send_and_report("awake and suspended", pid);

    send_and_report("waiting for a semaphore", start(waiter, PRIORITY_ABOVE, "waiter"));

    pid = start(spinner, PRIORITY_BELOW, "spinner");
    sleepms(2);
    send_and_report("interrupted by the clock", pid);
}

/* Other code writes its own address into the planted word: here, the one that was there. */
void check_displaced(void)
{
    struct sleeper how = {on_message, given(0, 10, 40), given(1, 0, 9)};
    pid32 pid = create(sleeper_that_stays, STACK, PRIORITY_ABOVE, "sleeper", 1, &how);
    uint32 *word;

    begin();
    resume(pid);
    word = return_word(pid);
    copy_stack(pid);
    send(pid, 1);
    report_changed("send", pid, word);
    *word = (uint32)behind_sleepms;
    await_end(pid);
    report("sleepms returns at %u; callbacks: %d", slept_until, calls_at_end);
}
