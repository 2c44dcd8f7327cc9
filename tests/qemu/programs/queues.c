/* Xinu's queues, and the views of what is ready and of free memory, as course code walks along them. */
#include "check.h"

static process idler(void)
{
    return OK;
}

static pid32 idle(pri16 priority)
{
    return create(idler, 4096, priority, "idler", 0);
}

/* Whether the queue has exactly these processes, forwards and backwards. */
static int32 has(qid16 queue, int32 count, const pid32 *pids)
{
    qid16 at = firstid(queue);
    int32 i;

    for (i = 0; i < count; i++, at = queuetab[at].qnext)
        if (at != pids[i])
            return FALSE;
    if (at != queuetail(queue))
        return FALSE;
    for (i = count, at = lastid(queue); i > 0; i--, at = queuetab[at].qprev)
        if (at != pids[i - 1])
            return FALSE;
    return at == queuehead(queue);
}

static void check_fifo(const pid32 *pid)
{
    qid16 queue = newqueue(), other = newqueue();

    CHECK(!isbadqid(queue) && !isbadqid(other) && queue != other && isempty(queue) && !nonempty(queue));
    CHECK(dequeue(queue) == EMPTY && getfirst(queue) == EMPTY && getlast(queue) == EMPTY);
    CHECK(enqueue(pid[0], queue) == pid[0] && enqueue(pid[1], queue) == pid[1] && enqueue(pid[2], queue) == pid[2]);
    CHECK(has(queue, 3, pid) && nonempty(queue));
    CHECK(enqueue(pid[3], other) == pid[3] && has(other, 1, pid + 3) && has(queue, 3, pid));
    CHECK(enqueue(pid[1], other) == pid[1] && firstid(queue) == pid[0] && lastid(queue) == pid[2]);
    CHECK(queuetab[pid[0]].qnext == pid[2] && lastid(other) == pid[1]);
    CHECK(dequeue(queue) == pid[0] && getlast(other) == pid[1] && getitem(pid[3]) == pid[3] && isempty(other));
    CHECK(getitem(pid[3]) == SYSERR && getitem(pid[0]) == SYSERR && dequeue(queue) == pid[2] && isempty(queue));
}

static void check_keys(const pid32 *pid)
{
    qid16 queue = newqueue();
    pid32 order[] = {pid[2], pid[0], pid[3], pid[1]};

    CHECK(insert(pid[0], queue, 7) == OK && insert(pid[1], queue, -5) == OK && insert(pid[2], queue, 9) == OK &&
          insert(pid[3], queue, 7) == OK);
    CHECK(has(queue, 4, order) && firstkey(queue) == 9 && lastkey(queue) == -5);
    CHECK(dequeue(queue) == pid[2] && getlast(queue) == pid[1] && firstkey(queue) == 7);
    queue = newqueue();
    CHECK(insertd(pid[0], queue, 10) == OK && insertd(pid[1], queue, 4) == OK && insertd(pid[2], queue, 25) == OK);
    CHECK(firstid(queue) == pid[1] && firstkey(queue) == 4 && queuetab[pid[0]].qkey == 6 &&
          queuetab[pid[2]].qkey == 15);
    CHECK(insertd(pid[3], queue, 10) == OK && queuetab[pid[3]].qkey == 0 && queuetab[pid[0]].qnext == pid[3]);
}

static void check_refused(const pid32 *pid)
{
    qid16 queue = newqueue(), next;

    CHECK(enqueue(pid[0], (qid16)(queue + 1)) == SYSERR && enqueue(pid[0], 0) == SYSERR &&
          enqueue(pid[0], -1) == SYSERR);
    CHECK(enqueue(pid[0], readylist) == SYSERR && dequeue(readylist) == SYSERR &&
          insert(pid[0], readylist, 1) == SYSERR);
    CHECK(enqueue(-1, queue) == SYSERR && enqueue(NPROC, queue) == SYSERR && enqueue(NULLPROC, queue) == SYSERR);
    CHECK(enqueue(NPROC - 1, queue) == SYSERR && isempty(queue) && getitem(-1) == SYSERR && getitem(NPROC) == SYSERR);
    CHECK(dequeue(NQENT) == SYSERR && dequeue(32767) == SYSERR && getlast(-32768) == SYSERR);
    enqueue(pid[0], queue);
    enqueue(pid[1], queue);
    queuetab[pid[0]].qnext = 32000; /* what a program wrote leads nowhere */
    CHECK(enqueue(pid[2], queue) == pid[2] && dequeue(queue) == pid[0]);
    CHECK(insert(pid[3], queue, 5) == OK && kcheck() == NULL);
    while ((next = newqueue()) != SYSERR)
        CHECK(!isbadqid(next) && isempty(next));
}

/* As a course's resched() or its tests look at it. */
static void check_ready(void)
{
    pid32 low = idle(5), high = idle(9), equal = idle(9), order[4];
    qid16 at;
    int32 count = 0;

    CHECK(firstid(readylist) == NULLPROC && lastid(readylist) == NULLPROC && firstkey(readylist) == 0);
    resume(low);
    resume(high);
    resume(equal);
    order[0] = high, order[1] = equal, order[2] = low, order[3] = NULLPROC;
    CHECK(has(readylist, 4, order) && firstkey(readylist) == 9 && queuetab[low].qkey == 5);
    for (at = firstid(readylist); queuetab[at].qkey >= 5; at = queuetab[at].qnext)
        count++;
    CHECK(count == 3 && at == NULLPROC);
    suspend(high);
    CHECK(firstid(readylist) == equal);
    kill(high);
    sleepms(1);
    CHECK(firstid(readylist) == NULLPROC && isbadpid(low) && isbadpid(equal));
}

static uint32 sum_of_free(void)
{
    struct memblk *block;
    uint32 sum = 0;

    for (block = memlist.mnext; block != NULL; block = block->mnext) {
        if (block->mnext != NULL && (char *)block + block->mlength >= (char *)block->mnext)
            return 0;
        sum += block->mlength;
    }
    return sum;
}

static void check_memory(void)
{
    char *large, *block;
    uint32 before;

    freepages(); /* nothing of an ended process is left */
    before = memlist.mlength;
    CHECK(before == sum_of_free() && before == 4096 * freepages());
    CHECK((char *)memlist.mnext >= (char *)minheap && (char *)minheap >= (char *)&end && minheap < maxheap);
    large = getmem(50000);
    CHECK(before - memlist.mlength == 53248 && sum_of_free() == memlist.mlength);
    for (block = (char *)memlist.mnext; block != NULL; block = (char *)((struct memblk *)block)->mnext)
        CHECK(block + ((struct memblk *)block)->mlength <= large || block >= large + 53248);
    memset(large, 1, 50000);
    CHECK(freemem(large, 50000) == OK && memlist.mlength == before && kcheck() == NULL);
}

static void check_date(void)
{
    char text[32];
    uint32 now = 0, later = 0;

    CHECK(gettime(&now) == OK && now / 86400 == 18262); /* of a machine whose clock begins with 2020 */
    sleep(3);
    CHECK(getutime(&later) == OK && later - now >= 2 && later - now <= 4 && getutime(NULL) == SYSERR);
    CHECK(ascdate(0, text) == OK && strcmp(text, "Jan 1, 1970 00:00:00") == 0);
    CHECK(ascdate(951827696, text) == OK && strcmp(text, "Feb 29, 2000 12:34:56") == 0);
    CHECK(ascdate(0xFFFFFFFF, text) == OK && strcmp(text, "Feb 7, 2106 06:28:15") == 0 && ascdate(0, NULL) == SYSERR);
}

process main(void)
{
    pid32 pid[4];
    int32 i;

    check_ready();
    for (i = 0; i < 4; i++)
        pid[i] = idle(1);
    check_fifo(pid);
    check_keys(pid);
    check_refused(pid);
    check_memory();
    check_date();
    for (i = 0; i < 4; i++)
        kill(pid[i]);
    checks_done();
    return OK;
}
