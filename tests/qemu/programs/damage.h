/*
 * damage.h - next to programs that write where they should not: a heartbeat, and checks that nothing else was damaged
 *
 * A subject runs below the main process, which does the damage while the subject is switched out.
 */
#ifndef DAMAGE_H
#define DAMAGE_H

#include "check.h"

#define SUBJECT 10 /* priorities */
#define HEART 25

static volatile uint32 beats;
static volatile int steps; /* of the subject */
static sid32 sem;

static process heart(void)
{
    for (;;) {
        sleepms(1);
        beats++;
    }
    return OK;
}

static void begin_damage(void)
{
    sem = semcreate(0);
    resume(create(heart, 4096, HEART, "heart", 0));
}

/* A subject that is suspended, with stack to spare. */
static inline pid32 subject(void *function)
{
    steps = 0;
    return create(function, 8192, SUBJECT, "subject", 0);
}

static inline void let_it_run(void)
{
    sleepms(5);
}

#define CHECK_ALIVE()                                                                                                  \
    do {                                                                                                               \
        uint32 before = beats;                                                                                         \
        sleepms(4);                                                                                                    \
        CHECK(beats - before >= 3);                                                                                    \
        const char *broken = kcheck();                                                                                 \
        CHECK(broken == NULL);                                                                                         \
        if (broken != NULL)                                                                                            \
            kprintf("kcheck: %s\n", broken);                                                                           \
    } while (0)

/* The subject has ended, or does so now. */
#define CHECK_GONE(pid)                                                                                                \
    do {                                                                                                               \
        if (proctab[pid].prstate != PR_FREE)                                                                           \
            CHECK(kill(pid) == OK);                                                                                    \
        CHECK(receive() == (umsg32)(pid) && prcount == 3);                                                             \
        CHECK_ALIVE();                                                                                                 \
    } while (0)

#endif
