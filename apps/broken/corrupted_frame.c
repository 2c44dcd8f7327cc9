/* corrupted_frame.c - while the worker sleeps, main changes its saved stack, so that its sleepms() returns to
 * hook() */
#include <xinu.h>

volatile uint32 hooked, go_on_at;

/* Counts, and jumps to the original return address of sleepms(). */
void hook(void);
__asm__(".pushsection .text\n"
        ".type hook, @function\n"
        "hook: incl hooked\n"
        "jmp *go_on_at\n"
        ".size hook, . - hook\n"
        ".popsection");

static void plant(pid32 pid)
{
    uint32 *saved = (uint32 *)proctab[pid].prstkptr;
    uint32 *of_resched = (uint32 *)saved[SAVED_LINK];
    uint32 *of_sleepms = (uint32 *)of_resched[0];

    go_on_at = of_sleepms[0];
    of_sleepms[0] = (uint32)hook;
}

static process worker(void)
{
    int rounds = 0;

    while (rounds < 3) {
        sleepms(50);
        rounds++;
    }
    printf("%d rounds, hook() has run %u time(s)\n", rounds, hooked);
    return OK;
}

process main(void)
{
    pid32 pid = create(worker, 8192, INITPRIO + 1, "worker", 0);

    resume(pid);
    sleepms(70);
    plant(pid);
    sleepms(200);
    printf("main is done\n");
    return OK;
}
