/* Ports: order, blocking, counts, reset and deletion, what is refused. */
#include "check.h"

#define FIRST 0x1000 /* of the messages */

static volatile uint32 got, sent;
static volatile int refused;

static process receiver(int32 port, uint32 count)
{
    for (uint32 i = 0; i < count; i++) {
        uint32 message = ptrecv(port);
        if (message == (uint32)SYSERR) {
            refused++;
            return SYSERR;
        }
        got = got * 16 + message % 16;
    }
    return OK;
}

static process sender(int32 port, uint32 count)
{
    for (uint32 i = 0; i < count; i++) {
        if (ptsend(port, FIRST + i) == SYSERR) {
            refused++;
            return SYSERR;
        }
        sent++;
    }
    return OK;
}

static pid32 start(void *function, pri16 priority, int32 port, uint32 count)
{
    pid32 pid = create(function, 4096, priority, "other", 2, port, count);
    resume(pid);
    return pid;
}

/* Ten messages through a port of three, first in, first out; the sender waits whenever it is full. */
static void check_order(void)
{
    int32 port = ptcreate(3);

    CHECK(!isbadport(port) && porttab[port].ptstate == PT_ALLOC && porttab[port].ptmaxcnt == 3);
    start(sender, 30, port, 10);
    CHECK(sent == 3 && ptcount(port) == 3 && semcount(porttab[port].ptssem) == -1);
    CHECK(ptrecv(port) == FIRST && sent == 4);
    for (uint32 i = 1; i < 10; i++)
        CHECK(ptrecv(port) == FIRST + i);
    CHECK(sent == 10 && ptcount(port) == 0 && semcount(porttab[port].ptssem) == 3);
    start(receiver, 30, port, 4); /* waits for each */
    CHECK(ptcount(port) == -1 && got == 0);
    for (uint32 i = 1; i <= 4; i++)
        CHECK(ptsend(port, i) == OK);
    CHECK(got == 0x1234);
    CHECK(ptdelete(port, NULL) == OK && porttab[port].ptstate == PT_FREE);
}

static uint32 disposed;

static int32 dispose(int32 message)
{
    disposed += (uint32)message;
    CHECK(disable() != 0); /* interrupts were enabled */
    enable();
    return OK;
}

/* Who waits at a port that is reset or deleted gets SYSERR, and what waits in it is disposed of. */
static void check_reset(void)
{
    int32 port = ptcreate(2);

    start(sender, 30, port, 5);
    refused = 0;
    CHECK(ptreset(port, dispose) == OK && refused == 1 && disposed == 2 * FIRST + 1);
    CHECK(ptcount(port) == 0 && semcount(porttab[port].ptssem) == 2 && ptsend(port, 7) == OK && ptrecv(port) == 7);
    start(receiver, 30, port, 1);
    start(receiver, 30, port, 1);
    CHECK(ptcount(port) == -2 && ptreset(port, NULL) == OK && refused == 3 && ptcount(port) == 0);
    start(receiver, 10, port, 1); /* comes to run only when the port is in use again */
    sleepms(1);
    CHECK(ptcount(port) == -1 && ptreset(port, NULL) == OK && ptsend(port, 1) == OK && refused == 3);
    sleepms(1);
    CHECK(refused == 4 && ptcount(port) == 1 && ptrecv(port) == 1);
    start(receiver, 30, port, 1);
    CHECK(ptdelete(port, dispose) == OK && refused == 5 && disposed == 2 * FIRST + 1);
    CHECK(ptsend(port, 1) == SYSERR && ptrecv(port) == (uint32)SYSERR && ptcount(port) == SYSERR);
    CHECK(ptreset(port, NULL) == SYSERR && ptdelete(port, NULL) == SYSERR);
}

static void check_refusals(void)
{
    int32 ports[NPORTS], more;

    CHECK(ptcreate(0) == SYSERR && ptcreate(-1) == SYSERR && ptcreate(65536) == SYSERR);
    CHECK(ptsend(-1, 0) == SYSERR && ptrecv(NPORTS) == (uint32)SYSERR && ptcount(0x7fffffff) == SYSERR);
    for (int i = 0; i < NPORTS; i++)
        CHECK((ports[i] = ptcreate(65535)) != SYSERR);
    CHECK(ptcreate(1) == SYSERR && ptinit(10) == SYSERR);
    for (int i = 0; i < PT_MSGS; i++)
        CHECK(ptsend(ports[i % NPORTS], (uint32)i) == OK);
    more = ptsend(ports[0], 1);
    CHECK(more == SYSERR && ptfree == NULL && ptrecv(ports[0]) == 0 && ptsend(ports[0], 1) == OK);
    for (int i = 0; i < NPORTS; i++)
        CHECK(ptdelete(ports[i], NULL) == OK);
    CHECK(ptinit(0) == SYSERR && ptinit(65536) == SYSERR && ptinit(1) == OK);
    ports[0] = ptcreate(5);
    CHECK(ports[0] == 0 && ptsend(0, 9) == OK && ptsend(0, 9) == SYSERR && ptdelete(0, NULL) == OK);
}

/* What the ports need belongs to no process. */
static process makes_port(void)
{
    return ptinit(PT_MSGS);
}

static void check_owner(void)
{
    pid32 pid = create(makes_port, 4096, 30, "maker", 0);

    resume(pid);
    freepages(); /* nothing of it is left */
    int32 port = ptcreate(PT_MSGS);
    for (int i = 0; i < PT_MSGS; i++)
        CHECK(ptsend(port, (uint32)i) == OK);
    CHECK(ptdelete(port, NULL) == OK && kcheck() == NULL);
}

process main(void)
{
    uint32 pages;

    check_order();
    pages = freepages();
    check_reset();
    check_refusals();
    check_owner();
    CHECK(freepages() == pages);
    checks_done();
    return OK;
}
