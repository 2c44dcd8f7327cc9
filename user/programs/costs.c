/* costs.c - the costs of entering and leaving the kernel, in instructions (make bench) */
#include <xinu.h>

#define ROUNDS 200 /* as in apps/bench/bench.h */

/* Each reads the counter, does its work and reads it again. */
static uint32 nothing(void)
{
    uint32 cost;
    asm volatile("rdtsc\n\tmovl %%eax, %%esi\n\trdtsc\n\tsubl %%esi, %%eax" : "=a"(cost) : : "edx", "esi");
    return cost;
}

static uint32 by_interrupt(void)
{
    uint32 cost;
    asm volatile("rdtsc\n\tmovl %%eax, %%esi\n\t"
                 "movl $0, %%eax\n\tint $0x30\n\t"
                 "rdtsc\n\tsubl %%esi, %%eax"
                 : "=a"(cost)
                 :
                 : "edx", "esi");
    return cost;
}

static uint32 by_sysenter(void)
{
    uint32 cost;
    asm volatile("rdtsc\n\tmovl %%eax, %%esi\n\t"
                 "movl $0, %%eax\n\tmovl %%esp, %%ecx\n\tmovl $1f, %%edx\n\tsysenter\n"
                 "1:\trdtsc\n\tsubl %%esi, %%eax"
                 : "=a"(cost)
                 :
                 : "ecx", "edx", "esi");
    return cost;
}

/* One turn of each of two processes. */
static uint32 by_yield(void)
{
    uint32 cost;
    asm volatile("rdtsc\n\tmovl %%eax, %%esi\n\t"
                 "movl $5, %%eax\n\tint $0x30\n\t"
                 "rdtsc\n\tsubl %%esi, %%eax"
                 : "=a"(cost)
                 :
                 : "edx", "esi");
    return cost;
}

static uint32 least(uint32 (*measure)(void))
{
    uint32 best = ~0u, round;

    for (round = 0; round < ROUNDS; round++) { /* a clock interrupt may disturb one of them */
        uint32 cost = measure();
        if (cost < best)
            best = cost;
    }
    return best;
}

static void take_turns(void)
{
    for (;;)
        asm volatile("int $0x30" : : "a"(5) : "memory");
}

process main(int argc, char **argv)
{
    static char *const partner[] = {"costs", "partner"};
    struct spawnrequest request = {"costs", 0, 0, 2, partner};
    uint32 empty = least(nothing);
    pid32 other;

    if (argc > 1)
        take_turns();
    printf("null call: getpid in ring 3, by int $0x30: %u\n", least(by_interrupt) - empty);
    if (((struct windowheader *)USER_WINDOW)->has_sysenter)
        printf("null call: getpid in ring 3, by sysenter: %u\n", least(by_sysenter) - empty);
    request.priority = getprio(getpid());
    other = spawn(&request);
    printf("switch: yield in ring 3, between two address spaces: %u\n", (least(by_yield) - empty) / 2);
    kill(other);
    return OK;
}
