/* sleepms.c - task 3: stacks to be left alone */
#include <hijacked.h>

static volatile int calls;

static void function(void)
{
    calls++;
}

static void report_diverted(const char *who, pid32 pid)
{
    uint32 *word = return_word(pid), *found = sleepms_word(pid);
    syscall result;

    copy_stack(pid);
    result = divert(pid, function);
    report("%s: word %s, divert %s", who, found == NULL ? "NULL" : found == word ? "found" : "wrong", verdict(result));
    report_changed(who, pid, word);
}

void check_alone(void)
{
    pid32 pid = start_victim(0, 10);

    report("itself: word %s, divert %s", sleepms_word(getpid()) == NULL ? "NULL" : "found",
           verdict(divert(getpid(), function)));
    report("-1: word %s, divert %s", sleepms_word(-1) == NULL ? "NULL" : "found", verdict(divert(-1, function)));
    report_diverted("waiting", waiting_victim());
    report_diverted("ready", ready_victim());
    report_diverted("new", new_victim());
    report_diverted("sleeping", pid);
    copy_stack(pid);
    report("a second time: divert %s", verdict(divert(pid, function)));
    report_changed("a second time", pid, NULL);
    await_end(pid);
    report("sleepms returns %d; calls: %d", sleep_result, calls);
}

static void damaged(const char *what, pid32 pid, uint32 *word, uint32 wrong)
{
    uint32 old = *word;

    *word = wrong;
    copy_stack(pid);
    report("%s: word %s, divert %s", what, sleepms_word(pid) == NULL ? "NULL" : "found",
           verdict(divert(pid, function)));
    report_changed(what, pid, NULL);
    *word = old;
}

void check_verify(void)
{
    pid32 pid = start_victim(0, 1000000);
    uint32 *saved = (uint32 *)proctab[pid].prstkptr, *second = (uint32 *)saved[SAVED_LINK];
    uint32 base = (uint32)proctab[pid].prstkbase;

    report("as it is: word %s", sleepms_word(pid) == return_word(pid) ? "found" : "not found");
    damaged("ctxsw called elsewhere", pid, &saved[SAVED_RETURN], (uint32)receive + 8);
    damaged("resched called elsewhere", pid, &second[FRAME_RETURN], (uint32)receive + 8);
    damaged("a frame at 0", pid, &saved[SAVED_LINK], 0);
    damaged("a frame above the stack", pid, &saved[SAVED_LINK], base + 4 * given(1, 1, 99));
    damaged("an unaligned frame", pid, &second[FRAME_LINK], second[FRAME_LINK] + given(2, 1, 3));
    damaged("a frame that is below", pid, &second[FRAME_LINK], (uint32)second - 8);
    damaged("the end of the stack", pid, &second[FRAME_LINK], base - 4);
}
