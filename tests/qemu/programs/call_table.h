/*
 * call_table.h - calls with every argument at its edges: what they get, and what must be so after each
 *
 * A row is a call and the kinds of its arguments. All combinations of their edges are called, if there are at most
 * MOST_COMBINATIONS; else each edge of each argument, with the first edge of the others. Each call has a process of its
 * own, which may end by a fault or block. After it kcheck() must be NULL; a call that returns must have returned SYSERR
 * if one of its arguments is to be refused; and it must return then, unless an argument is an address without memory.
 */
#ifndef CALL_TABLE_H
#define CALL_TABLE_H

#include "call_edges.h"

#define MOST_COMBINATIONS 100
#define PATIENCE_MSEC 100
#define BELOW_MAIN (INITPRIO - 5)
#define VICTIMS (INITPRIO - 10)

/* ---- the call ---- */

static const struct row *row;
static int at[MOST_ARGUMENTS]; /* the edge of each argument */
static volatile uint32 result;
static volatile bool8 has_returned;
static int calls, faults, blocked, wrong; /* wrong: in this row */

static const struct edge *edge_of(int argument)
{
    return &edges[row->kinds[argument]][at[argument]];
}

static uint32 word_of(int argument)
{
    const struct edge *edge = edge_of(argument);

    if (edge->object != NULL)
        return edge->word ? *(const volatile uint32 *)edge->object : (uint32)edge->object;
    return edge->value == SELF ? (uint32)getpid() : edge->value;
}

static process caller(void)
{
    uint32 (*function)(uint32, uint32, uint32, uint32, uint32, uint32, uint32);

    function = (uint32(*)(uint32, uint32, uint32, uint32, uint32, uint32, uint32))row->function;
    result = function(word_of(0), word_of(1), word_of(2), word_of(3), word_of(4), word_of(5), word_of(6));
    has_returned = 1;
    return OK;
}

static process waits_for(sid32 sem)
{
    return wait(sem);
}

static process receives(void)
{
    return receive();
}

/* ---- what it gets ---- */

static bool8 process_at_first[NPROC], semaphore_at_first[NSEM];

static void remember_the_first(void)
{
    memset(long_text, 'a', sizeof long_text - 1);
    memcpy(last_text + 4091, "name", 5);
    own_queue = newqueue();
    own_pool = mkbufpool(64, 4);
    for (int i = 0; i < NPROC; i++)
        process_at_first[i] = !isbadpid(i);
    for (int i = 0; i < NSEM; i++)
        semaphore_at_first[i] = semtab[i].sstate == S_USED;
}

static uint32 free_id(bool8 (*is_free)(uint32), uint32 from)
{
    while (!is_free(from))
        from--;
    return from;
}

static bool8 is_free_process(uint32 pid)
{
    return proctab[pid].prstate == PR_FREE;
}

static bool8 is_free_semaphore(uint32 sem)
{
    return semtab[sem].sstate == S_FREE;
}

static bool8 is_free_port(uint32 port)
{
    return porttab[port].ptstate == PT_FREE;
}

static void begin_objects(void)
{
    memset(memory, 0, sizeof memory);
    own_sem = semcreate(1);
    held_sem = semcreate(0);
    own_port = ptcreate(1);
    ptsend(own_port, 7);
    own_block = (uint32)getmem(64);
    own_stack = (uint32)getstk(4096);
    own_buffer = semcount(buftab[own_pool].bpsem) > 0 ? (uint32)getbuf(own_pool) : 0;
    suspended = create(nothing, 4096, VICTIMS, "suspended", 0);
    resume(sleeping = create(sleepms, 4096, INITPRIO + 1, "sleeping", 1, 100000));
    resume(waiting = create(waits_for, 4096, INITPRIO + 1, "waiting", 1, held_sem));
    resume(receiving = create(receives, 4096, INITPRIO + 1, "receiving", 0));
    no_process = free_id(is_free_process, NPROC - 1);
    no_sem = free_id(is_free_semaphore, NSEM - 1);
    no_port = free_id(is_free_port, NPORTS - 1);
}

/* Also what the call has made, and what it has left in a device. */
static void end_objects(void)
{
    for (int pid = 1; pid < NPROC; pid++)
        if (!process_at_first[pid] && !isbadpid(pid))
            kill(pid);
    for (int device = 0; device < NDEVS; device++)
        if ((device >= LFILE0 && device <= LFILE7) || (device >= PIPE0 && device <= PIPE3))
            while (close(device) == OK)
                ;
    for (int port = 0; port < NPORTS; port++)
        ptdelete(port, NULL);
    for (int sem = 0; sem < NSEM; sem++)
        if (!semaphore_at_first[sem])
            semdelete(sem);
    freebuf((char *)own_buffer);
    freemem((char *)own_block, 64);
    freestk((char *)own_stack, 4096);
    init(NAMESPACE);
    control(CONSOLE, TC_MODEC, 0, 0);
    control(CONSOLE, TC_INTR, 0, 0);
    control(CONSOLE, TC_TAB, 0, 0);
    recvclr();
}

/* ---- one call, a row, the table ---- */

static void says_wrong(const char *what)
{
    kprintf("%s(", row->name);
    for (int i = 0; row->kinds[i] != END; i++)
        kprintf(i == 0 ? "%d" : ", %d", at[i]);
    kprintf("): %s\n", what);
    wrong++;
}

static bool8 any_edge(bool8 refused)
{
    for (int i = 0; row->kinds[i] != END; i++)
        if (refused ? edge_of(i)->refused : edge_of(i)->wild)
            return TRUE;
    return FALSE;
}

/* Waits for its end; what blocks is ended. */
static void run(pid32 pid)
{
    uint32 birth = proctab[pid].prbirth;

    resume(pid);
    while (proctab[pid].prstate != PR_FREE && proctab[pid].prbirth == birth) {
        if (recvtime(PATIENCE_MSEC) != (umsg32)TIMEOUT)
            continue;
        blocked++;
        if (proctab[pid].prstate == PR_READY)
            says_wrong("does not end");
        kill(pid);
        return;
    }
    faults += !has_returned;
}

static void call_once(void)
{
    const char *error;
    pid32 pid = create(caller, 8192, BELOW_MAIN, "caller", 0);

    calls++;
    begin_objects();
    has_returned = 0;
    run(pid);
    if ((error = kcheck()) != NULL)
        says_wrong(error);
    if (any_edge(TRUE) && has_returned && (int16)result != SYSERR) /* a result of 16 bits is the lower half */
        says_wrong("is not refused");
    if (any_edge(TRUE) && !has_returned && !any_edge(FALSE))
        says_wrong("does not return");
    end_objects();
    if ((error = kcheck()) != NULL)
        says_wrong(error);
}

static int edges_of(int argument)
{
    int count = 0;

    while (count < MOST_EDGES && edges[row->kinds[argument]][count].used)
        count++;
    return count;
}

/* The next combination; FALSE behind the last. */
static bool8 next_combination(void)
{
    for (int i = 0; row->kinds[i] != END; i++) {
        if (++at[i] < edges_of(i))
            return TRUE;
        at[i] = 0;
    }
    return FALSE;
}

static void call_row(void)
{
    int combinations = 1;

    for (int i = 0; row->kinds[i] != END; i++)
        combinations *= edges_of(i);
    memset(at, 0, sizeof at);
    if (combinations <= MOST_COMBINATIONS) {
        do
            call_once();
        while (next_combination());
        return;
    }
    for (int i = 0; row->kinds[i] != END; i++) {
        for (at[i] = i == 0 ? 0 : 1; at[i] < edges_of(i); at[i]++)
            call_once();
        at[i] = 0;
    }
}

static void call_table(const struct row *rows, int count)
{
    remember_the_first();
    for (row = rows; row < rows + count; row++) {
        wrong = 0;
        call_row();
        check(wrong == 0, row->name, row - rows);
    }
    kprintf("%d rows, %d calls: %d ended by a fault or by themselves, %d blocked\n", count, calls, faults, blocked);
    checks_done();
}

#endif
