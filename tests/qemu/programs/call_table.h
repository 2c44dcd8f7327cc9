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

#include "check.h"

#define MOST_ARGUMENTS 7
#define MOST_EDGES 12
#define MOST_COMBINATIONS 100
#define PATIENCE_MSEC 100
#define BELOW_MAIN (INITPRIO - 5)
#define VICTIMS (INITPRIO - 10)
#define SELF 0x5E1F /* as an edge of PID: the caller's own id */

enum kind {
    END, /* of the arguments */
    /* ids; of CHANGED_PID the null process is to be refused; of MOUNTED -1 is not */
    PID,
    CHANGED_PID,
    SEM,
    PORT,
    DEVICE,
    MOUNTED,
    QUEUE,
    POOL,
    /* numbers; LENGTH: of what fits into the buffer; NATURAL: 0 or more */
    SIZE,
    LENGTH,
    COUNT,
    NATURAL,
    NUMBER,
    CHARACTER,
    MSEC,
    SECONDS,
    PRIORITY,
    NEW_PRIORITY,
    EVENT,
    DEFERRAL,
    PORT_ROOM,
    BUFFER_SIZE,
    BUFFERS,
    FUNCTION,
    /* addresses; VECTOR: of addresses of texts */
    IN,
    OUT,
    TEXT,
    FORMAT,
    MODE,
    VECTOR,
    CODE,
    HANDLER,
    VACATION,
    DISPOSE,
    BLOCK,
    STACK,
    BUFFER,
    KINDS
};

struct edge {
    uint32 value;
    const void *object; /* if not NULL, its address or, if it is a word that changes, its value */
    bool8 used, refused, wild, word;
};

#define GOOD(v)                                                                                                        \
    {                                                                                                                  \
        .value = (uint32)(v), .used = 1                                                                                \
    }
#define BAD(v)                                                                                                         \
    {                                                                                                                  \
        .value = (uint32)(v), .used = 1, .refused = 1                                                                  \
    }
#define WILD(v)                                                                                                        \
    {                                                                                                                  \
        .value = (uint32)(v), .used = 1, .wild = 1                                                                     \
    }
#define AT(address)                                                                                                    \
    {                                                                                                                  \
        .object = (const void *)(address), .used = 1                                                                   \
    }
#define CODE_AT(address)                                                                                               \
    {                                                                                                                  \
        .object = (const void *)(address), .used = 1, .wild = 1                                                        \
    }
#define BAD_AT(address)                                                                                                \
    {                                                                                                                  \
        .object = (const void *)(address), .used = 1, .refused = 1                                                     \
    }
#define OF(variable)                                                                                                   \
    {                                                                                                                  \
        .object = &(variable), .used = 1, .word = 1                                                                    \
    }
#define BAD_OF(variable)                                                                                               \
    {                                                                                                                  \
        .object = &(variable), .used = 1, .refused = 1, .word = 1                                                      \
    }

struct row {
    const char *name;
    void *function;
    enum kind kinds[MOST_ARGUMENTS + 1];
};

#define CALL(name, ...)                                                                                                \
    {                                                                                                                  \
#name, (void *)name,                                                                                           \
        {                                                                                                              \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }

/* What a call gets, anew for each. */
static volatile uint32 suspended, sleeping, waiting, receiving, no_process; /* processes */
static volatile uint32 own_sem, held_sem, no_sem, own_port, no_port, own_queue;
static volatile uint32 own_block, own_stack, own_pool, own_buffer; /* the pool stays */
static char memory[5 * 4096] __attribute__((aligned(4096)));       /* where calls may write */
static const char *const vector[] = {"name", NULL};
static char long_text[600], last_text[4096] __attribute__((aligned(4096)));

static void nothing(void) {}

#define UNMAPPED 0xFFFFF000
#define WILD_ADDRESSES WILD(0), WILD(3), WILD(UNMAPPED), WILD(0xFFFFFFFF), WILD(USER_BEGIN)
#define BAD_IDS BAD(-1), BAD(0x7FFFFFFF), BAD(0x80000000)

static const struct edge edges[KINDS][MOST_EDGES] = {
    [PID] = {OF(suspended), BAD_OF(no_process), BAD_IDS, BAD(NPROC), GOOD(NULLPROC), GOOD(SELF), OF(sleeping),
             OF(waiting), OF(receiving)},
    [CHANGED_PID] = {OF(suspended), BAD_OF(no_process), BAD_IDS, BAD(NPROC), BAD(NULLPROC), GOOD(SELF), OF(sleeping),
                     OF(waiting), OF(receiving)},
    [SEM] = {OF(own_sem), OF(held_sem), BAD_OF(no_sem), BAD_IDS, BAD(NSEM)},
    [PORT] = {OF(own_port), BAD_OF(no_port), BAD_IDS, BAD(NPORTS)},
    [DEVICE] = {GOOD(NULLDEV), BAD_IDS, BAD(NDEVS), GOOD(CONSOLE), GOOD(LFILESYS), GOOD(LFILE0), GOOD(NAMESPACE),
                GOOD(PIPE), GOOD(PIPE0)},
    [MOUNTED] = {GOOD(NULLDEV), GOOD(SYSERR), BAD(0x7FFFFFFF), BAD(0x80000000), BAD(NDEVS), GOOD(NAMESPACE)},
    [QUEUE] = {OF(own_queue), BAD(-1), BAD(0), BAD(NPROC), BAD(NPROC - 1), BAD(NQENT), BAD(NQENT - 1), BAD(0x7FFF),
               BAD(0x8000)},
    [POOL] = {OF(own_pool), BAD_IDS, BAD(NBPOOLS), BAD(NBPOOLS - 1)},
    [SIZE] = {GOOD(64), GOOD(0), GOOD(1), GOOD(4096), GOOD(0x7FFFFFFF), GOOD(0x80000000), GOOD(0xFFFFFFF8),
              GOOD(0xFFFFFFFF)},
    [LENGTH] = {GOOD(8), GOOD(0), GOOD(1), GOOD(4096)},
    [COUNT] = {GOOD(1), GOOD(0), GOOD(-1), GOOD(0x7FFFFFFF), GOOD(0x80000000)},
    [NATURAL] = {GOOD(1), GOOD(0), GOOD(0x7FFFFFFE), BAD(-1), BAD(0x80000000)},
    [NUMBER] = {GOOD(1), GOOD(0), GOOD(2), GOOD(-1), GOOD(0x7FFFFFFF), GOOD(0x80000000)},
    [MSEC] = {GOOD(1), GOOD(0), GOOD(0x7FFFFFFF), BAD(-1), BAD(0x80000000)},
    [SECONDS] = {GOOD(1), GOOD(0), GOOD(MAXSECONDS), BAD(MAXSECONDS + 1), BAD(-1), BAD(0x7FFFFFFF), BAD(0x80000000)},
    [PRIORITY] = {GOOD(1), GOOD(MAXPRIO), BAD(0), BAD(-1), BAD(-32768)},
    [NEW_PRIORITY] = {GOOD(1), GOOD(0), GOOD(MAXPRIO), BAD(-1), BAD(-32768)},
    [EVENT] = {GOOD(CB_ALARM), GOOD(CB_MESSAGE), BAD(0), BAD(3), BAD(0xFFFF)},
    [DEFERRAL] = {GOOD(DEFER_START), BAD(DEFER_STOP), BAD(0), BAD_IDS},
    [PORT_ROOM] = {GOOD(1), GOOD(65535), BAD(0), BAD(65536), BAD_IDS},
    [BUFFER_SIZE] = {GOOD(BP_MINB), GOOD(BP_MAXB), BAD(BP_MINB - 1), BAD(BP_MAXB + 1), BAD(0), BAD_IDS},
    [BUFFERS] = {GOOD(1), GOOD(BP_MAXN), BAD(0), BAD(BP_MAXN + 1), BAD_IDS},
    [IN] = {AT(memory), AT(memory + 1), AT(memory + 4095), CODE_AT(&text), WILD_ADDRESSES},
    [OUT] = {AT(memory), AT(memory + 1), AT(memory + 4095), CODE_AT(&text), WILD_ADDRESSES},
    [TEXT] = {AT("name"), AT(""), AT(long_text), AT(last_text + 4091), CODE_AT(&text), WILD_ADDRESSES},
    [FORMAT] = {AT("name"), AT(""), AT(last_text + 4091), WILD_ADDRESSES},
    [MODE] = {AT("rw"), AT(""), AT("rr"), AT("on"), AT(long_text), CODE_AT(&text), WILD_ADDRESSES},
    [VECTOR] = {AT(vector), AT(memory), AT(&text), WILD_ADDRESSES},
    [CODE] = {AT(nothing), BAD(0), AT(memory), WILD(UNMAPPED)},
    [HANDLER] = {AT(nothing), BAD(0), BAD_AT(memory), BAD_AT(&etext), BAD(1), BAD(UNMAPPED), BAD(0xFFFFFFFF)},
    [VACATION] = {AT(nothing), GOOD(0), BAD_AT(memory), BAD_AT(&etext), BAD(1), BAD(UNMAPPED), BAD(0xFFFFFFFF)},
    [DISPOSE] = {AT(nothing), GOOD(0), AT(memory), WILD(UNMAPPED)},
    [BLOCK] = {OF(own_block), BAD_AT(memory), BAD_AT(memory + 4095), BAD_AT(&text), BAD(0), BAD(3), BAD(UNMAPPED),
               BAD(0xFFFFFFFF), BAD(USER_BEGIN)},
    [STACK] = {OF(own_stack), BAD_AT(memory), BAD_AT(memory + 4095), BAD_AT(&text), BAD(0), BAD(3), BAD(UNMAPPED),
               BAD(0xFFFFFFFF), BAD(USER_BEGIN)},
    [BUFFER] = {OF(own_buffer), BAD_AT(memory), BAD_AT(memory + 4095), BAD_AT(&text), BAD(0), BAD(3), BAD(UNMAPPED),
                BAD(0xFFFFFFFF), BAD(USER_BEGIN)},
    [FUNCTION] = {GOOD(1), GOOD(2), GOOD(3), GOOD(5), GOOD(6), GOOD(7), GOOD(TC_INTR), GOOD(TC_TAB), GOOD(TC_LINE),
                  GOOD(-1), GOOD(0), GOOD(8)},
    [CHARACTER] = {GOOD('x'), GOOD(0), GOOD(255), GOOD(-1), GOOD('\n')},
};

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
