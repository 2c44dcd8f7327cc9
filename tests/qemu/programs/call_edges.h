/*
 * call_edges.h - the kinds of arguments of calls, and the edges of each: values that are taken, that are refused, and
 * addresses that may fault
 */
#ifndef CALL_EDGES_H
#define CALL_EDGES_H

#include "check.h"

#define MOST_ARGUMENTS 7
#define MOST_EDGES 12
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
    PIPE_OR_LOCK, /* of a course: 0 is the first that the program has created, if it is not deleted */
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
    SIGNAL,
    DEFERRAL,
    LINE,
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
                GOOD(PIPE), GOOD(PIPE0), GOOD(RAM0)},
    [MOUNTED] = {GOOD(NULLDEV), GOOD(SYSERR), BAD(0x7FFFFFFF), BAD(0x80000000), BAD(NDEVS), GOOD(NAMESPACE)},
    [QUEUE] = {OF(own_queue), BAD(-1), BAD(0), BAD(NPROC), BAD(NPROC - 1), BAD(NQENT), BAD(NQENT - 1), BAD(0x7FFF),
               BAD(0x8000)},
    [POOL] = {OF(own_pool), BAD_IDS, BAD(NBPOOLS), BAD(NBPOOLS - 1)},
    [PIPE_OR_LOCK] = {GOOD(0), BAD_IDS, BAD(NPROC), BAD(-32768)},
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
    [SIGNAL] = {GOOD(1), GOOD(2), GOOD(3), GOOD(5), GOOD(6), GOOD(7), BAD(0), BAD(4), BAD(8), BAD(0xFFFF)},
    [DEFERRAL] = {GOOD(DEFER_START), BAD(DEFER_STOP), BAD(0), BAD_IDS},
    [LINE] = {GOOD(43), GOOD(47), BAD(31), BAD(32), BAD(34), BAD(36), BAD(46), BAD(48), BAD_IDS},
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

#endif
