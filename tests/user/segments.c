/* segments.c - segment registers are preserved: `segments KEEP` in processes that take turns,
 * `segments calls` across system calls that do not exist */
#include <xinu.h>

#define CODE 0x1b
#define DATA 0x23
#define ROUNDS 10

/* The values of the two registers are swapped from one process to the next. */
static void keep(uint32 fs_kept, uint32 gs_kept)
{
    uint32 round, fs, gs, wrong = 0;

    asm volatile("movl %0, %%fs; movl %1, %%gs" : : "r"(fs_kept), "r"(gs_kept));
    for (round = 0; round < ROUNDS; round++) {
        sleepms(1);
        asm volatile("movl %%fs, %0; movl %%gs, %1" : "=r"(fs), "=r"(gs));
        wrong += (fs & 0xffff) != fs_kept || (gs & 0xffff) != gs_kept;
    }
    printf("segments: FS and GS were others %u times\n", wrong);
}

/* A trap with null DS and ES leaves them on the kernel stack. The next call enters by sysenter and, since its
 * number is unknown, returns by iret, which loads DS and ES from there: they must not be null. */
static uint32 changed_by(uint32 number)
{
    uint32 ds, es;

    asm volatile("pushl %%ebx\n\t"
                 "pushl %2\n\t"
                 "xorl %%ecx, %%ecx\n\t"
                 "movl %%ecx, %%ds\n\t"
                 "movl %%ecx, %%es\n\t"
                 "xorl %%eax, %%eax\n\t" /* getpid(), which always exists */
                 "int $0x30\n\t"
                 "movl %3, %%ecx\n\t"
                 "movl %%ecx, %%ds\n\t"
                 "movl %%ecx, %%es\n\t"
                 "popl %%eax\n\t"
                 "movl %%esp, %%ecx\n\t"
                 "movl $1f, %%edx\n\t"
                 "sysenter\n"
                 "1:\tmovl %%ds, %%eax\n\t"
                 "movl %%es, %%edx\n\t"
                 "movl %3, %%ecx\n\t"
                 "movl %%ecx, %%ds\n\t"
                 "movl %%ecx, %%es\n\t"
                 "popl %%ebx"
                 : "=&a"(ds), "=&d"(es)
                 : "S"(number), "i"(DATA)
                 : "ecx", "memory", "cc");
    return (ds & 0xffff) != DATA || (es & 0xffff) != DATA;
}

int main(int argc, char *argv[])
{
    uint32 round, changed = 0;

    if (argc > 1 && strcmp(argv[1], "calls") == 0) {
        for (round = 0; round < ROUNDS; round++)
            changed += changed_by(SYSTEM_CALL_COUNT);
        printf("segments: DS and ES were others %u times\n", changed);
    } else if (argc > 1 && strcmp(argv[1], "one") == 0) {
        keep(CODE, DATA);
    } else {
        keep(DATA, CODE);
    }
    return OK;
}
