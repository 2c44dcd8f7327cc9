/*
 * Local arrays that are larger than the stack: each ends its own process with a stack overflow, however far below the
 * stack the array ends, and no other process is harmed.
 */
#include "check.h"

#define KIB 1024
#define MIB (1024 * KIB)
#define NEIGHBOURS 8

extern uint32 touch(volatile char *array); /* the compiler must not know that only one byte is used */
asm(".pushsection .text\n"
    "touch:\n\t"
    "movl 4(%esp), %ecx\n\t"
    "movb $1, (%ecx)\n\t"
    "movl $1, %eax\n\t"
    "ret\n"
    ".popsection");

/* The lowest byte is written; in between nothing is. */
#define ARRAY(name, bytes, level)                                                                                      \
    __attribute__((optimize(level))) static process name(void)                                                         \
    {                                                                                                                  \
        volatile char array[bytes];                                                                                    \
        return touch(array);                                                                                           \
    }
ARRAY(page, 4 * KIB, 0)
ARRAY(pages, 16 * KIB, 0)
ARRAY(many_pages, 64 * KIB, 0)
ARRAY(mebibyte, 1 * MIB, 0)
ARRAY(hundred, 100 * MIB, 0)
ARRAY(page_fast, 4 * KIB, 2)
ARRAY(pages_fast, 16 * KIB, 2)
ARRAY(many_fast, 64 * KIB, 2)
ARRAY(mebi_fast, 1 * MIB, 2)
ARRAY(hundred_fast, 100 * MIB, 2)

static process variable(uint32 bytes)
{
    volatile char array[bytes];
    return touch(array);
}

static process allocated(uint32 bytes)
{
    return touch(__builtin_alloca(bytes));
}

/* A frame that is read, not written, and whose function calls nothing. */
static process only_read(void)
{
    char array[1 * MIB];
    const volatile char *lowest = array;

    asm("" : "+r"(lowest)); /* the compiler must not know that nothing was written */
    return *lowest;
}

static const struct {
    const char *name;
    void *function;
    uint32 bytes;
} cases[] = {
    {"page", page, 0},
    {"pages", pages, 0},
    {"many_pages", many_pages, 0},
    {"mebibyte", mebibyte, 0},
    {"hundred", hundred, 0},
    {"page_fast", page_fast, 0},
    {"pages_fast", pages_fast, 0},
    {"many_fast", many_fast, 0},
    {"mebi_fast", mebi_fast, 0},
    {"hundred_fast", hundred_fast, 0},
    {"variable", variable, 64 * KIB},
    {"variable_huge", variable, 100 * MIB},
    {"allocated", allocated, 64 * KIB},
    {"allocated_huge", allocated, 100 * MIB},
    {"only_read", only_read, 0},
};

static volatile int unhurt;

/* What it has on its stack, over its whole length, is there after its sleep. */
static process neighbour(uint32 seed)
{
    volatile uint32 words[700];
    uint32 i, wrong = 0;

    for (i = 0; i < 700; i++)
        words[i] = seed + i;
    suspend(getpid());
    for (i = 0; i < 700; i++)
        wrong += words[i] != seed + i;
    unhurt += wrong == 0;
    return OK;
}

static void run_case(int i)
{
    pid32 neighbours[NEIGHBOURS], pid = SYSERR;
    uint32 pages_before = freepages();
    int n;

    for (n = 0; n < NEIGHBOURS; n++) {
        if (n == NEIGHBOURS / 2)
            pid = create(cases[i].function, 4096, 30, cases[i].name, 1, cases[i].bytes);
        neighbours[n] = create(neighbour, 4096, 30, "neighbour", 1, n * 1000);
        resume(neighbours[n]);
    }
    kprintf("case %s %d\n", cases[i].name, pid);
    resume(pid);
    CHECK(isbadpid(pid) && kcheck() == NULL);
    unhurt = 0;
    for (n = 0; n < NEIGHBOURS; n++)
        resume(neighbours[n]);
    CHECK(unhurt == NEIGHBOURS && prcount == 2);
    CHECK(freepages() == pages_before);
    recvclr();
}

process main(void)
{
    for (int i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++)
        run_case(i);
    kprintf("case end 0\n");
    checks_done();
    return OK;
}
