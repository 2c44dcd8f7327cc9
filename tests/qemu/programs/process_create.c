/* create(): the first stack, names and ids, and the requests that it must refuse without leaving a trace. */
#include "check.h"

#define MOST_WORDS 64

static volatile uint32 words[MOST_WORDS]; /* the stack of record() from its saved EBP up to its highest word */
static volatile uint32 count;

static process record(void)
{
    uint32 *frame = __builtin_frame_address(0);
    uint32 *base = (uint32 *)proctab[getpid()].prstkbase;
    for (count = 0; &frame[count] <= base && count < MOST_WORDS; count++)
        words[count] = frame[count];
    return OK;
}

/* Runs a process of record() to its end, and checks what it found: the arguments are 100, 101, ... */
static void run(pid32 pid, uint32 nargs)
{
    uint32 base = (uint32)proctab[pid].prstkbase;
    CHECK(pid > 0 && resume(pid) == INITPRIO);
    CHECK(count == nargs + 3);
    CHECK(words[0] == base && words[1] == (uint32)userret && words[nargs + 2] == STACKMAGIC);
    for (uint32 i = 0; i < nargs; i++)
        CHECK(words[2 + i] == 100 + i);
    CHECK(proctab[pid].prstate == PR_FREE && receive() == (umsg32)pid);
}

static void check_arguments(void)
{
    run(create(record, 4096, INITPRIO, "none", 0), 0);
    run(create(record, 4096, INITPRIO, "one", 1, 100), 1);
    run(create(record, 1, INITPRIO, "two", 2, 100, 101), 2);
    run(create(record, 65536, INITPRIO, "thirty", 30, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112,
               113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129),
        30);
}

static void check_entry(void)
{
    pid32 pid = create(record, 4097, 7, "fifteen letters", 0);
    struct procent *entry = &proctab[pid];
    CHECK(entry->prstate == PR_SUSP && entry->prprio == 7 && entry->prparent == getpid());
    CHECK(entry->prstklen == 4104 && (uint32)entry->prstkbase % 4096 == 4092);
    CHECK(entry->prhasmsg == 0 && entry->prsem == -1 && entry->pretype == 0);
    CHECK(strcmp(entry->prname, "fifteen letters") == 0);
    CHECK(prcount == 3 && kill(pid) == OK && prcount == 2 && receive() == (umsg32)pid);
    pid = create(record, 0, 32767, "a name that is longer than that", 0);
    CHECK(strcmp(proctab[pid].prname, "a name that is ") == 0 && proctab[pid].prstklen == MINSTK);
    CHECK(getprio(pid) == 32767 && kill(pid) == OK && receive() == (umsg32)pid);
    pid = create(record, 400, 1, "", 0);
    CHECK(pid > 0 && proctab[pid].prname[0] == '\0' && kill(pid) == OK && receive() == (umsg32)pid);
}

/* The largest block that getmem() would give now, in pages: less if anything was kept. */
static uint32 free_run(void)
{
    uint32 fits = 0, too_many = 0x40000;
    while (too_many - fits > 1) {
        uint32 pages = (fits + too_many) / 2;
        char *block = getmem(pages * 4096);
        if (block == (char *)SYSERR) {
            too_many = pages;
        } else {
            fits = pages;
            freemem(block, pages * 4096);
        }
    }
    return fits;
}

static struct procent before[NPROC];

static int table_is_unchanged(void)
{
    for (pid32 pid = 0; pid < NPROC; pid++) {
        if (proctab[pid].prstate != before[pid].prstate)
            return FALSE;
        if (proctab[pid].prstate != PR_FREE && memcmp(&proctab[pid], &before[pid], sizeof before[pid]) != 0)
            return FALSE;
    }
    return TRUE;
}

static void check_refusals(void)
{
    uint32 pages = free_run();
    memcpy(before, proctab, sizeof before);
    CHECK(create(NULL, 4096, 20, "x", 0) == SYSERR);
    CHECK(create(record, 4096, 20, NULL, 0) == SYSERR);
    CHECK(create(record, 4096, 0, "x", 0) == SYSERR);
    CHECK(create(record, 4096, -1, "x", 0) == SYSERR);
    CHECK(create(record, 4096, -32768, "x", 0) == SYSERR);
    CHECK(create(record, 0xffffffff, 20, "x", 0) == SYSERR);
    CHECK(create(record, 0xfffff001, 20, "x", 0) == SYSERR);
    CHECK(create(record, 0x80000000, 20, "x", 0) == SYSERR);
    CHECK(create(record, (pages + 1) * 4096, 20, "x", 0) == SYSERR);
    CHECK(create(record, 4096, 20, "x", 0xffffffff) == SYSERR);
    CHECK(create(record, 4096, 20, "x", 0x40000000) == SYSERR);
    CHECK(create(record, 4096, 20, "x", 1024) == SYSERR); /* would fill the stack */
    CHECK(table_is_unchanged() && prcount == 2 && free_run() == pages);
    pid32 pid = create(record, pages * 4096, 20, "all there is", 0);
    CHECK(pid > 0 && free_run() <= 16 && kill(pid) == OK && receive() == (umsg32)pid);
    CHECK(free_run() == pages);
}

/* More arguments than the caller's stack has words: they cannot have been passed. Above nothing is mapped. */
static void check_more_arguments_than_stack(void)
{
    uint32 pages = free_run();
    pid32 above[8];
    for (int i = 0; i < 8; i++)
        above[i] = create(record, 4096, 1, "above", 0);
    CHECK(create(record, 1 << 20, 20, "x", 100000) == SYSERR);
    CHECK(create(record, 1 << 20, 20, "x", 16384) == SYSERR);
    for (int i = 0; i < 8; i++)
        kill(above[i]);
    recvclr();
    CHECK(free_run() == pages);
}

static void check_full_table(void)
{
    static byte used[NPROC];
    uint32 pages = free_run();
    for (int round = 0; round < 2; round++) {
        memset(used, 0, sizeof used);
        int created = 0;
        for (pid32 pid = create(record, 400, 1, "filler", 0); pid != SYSERR;
             pid = create(record, 400, 1, "filler", 0)) {
            created++;
            used[pid]++;
        }
        CHECK(created == NPROC - 2 && prcount == NPROC);
        uint32 left = free_run();
        CHECK(create(record, 400, 1, "one more", 0) == SYSERR && prcount == NPROC && free_run() == left);
        int once = 0;
        for (pid32 pid = 1; pid < NPROC; pid++) {
            if (pid == getpid())
                continue;
            once += used[pid] == 1;
            kill(pid);
        }
        CHECK(once == NPROC - 2 && prcount == 2);
        recvclr();
        CHECK(free_run() == pages);
    }
}

process main(void)
{
    CHECK(strcmp(proctab[currpid].prname, "Main process") == 0 && proctab[currpid].prprio == INITPRIO);
    CHECK(proctab[currpid].prstklen == INITSTK && NPROC == 100 && QUANTUM == 2 && INITPRIO == 20 && INITSTK == 65536);
    freepages(); /* the startup process is gone altogether */
    CHECK(prcount == 2 && proctab[NULLPROC].prprio == 0 && currpid == getpid());
    check_arguments();
    check_entry();
    check_refusals();
    check_more_arguments_than_stack();
    check_full_table();
    checks_done();
    return OK;
}
