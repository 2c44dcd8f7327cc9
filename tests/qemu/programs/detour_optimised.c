/* detour_optimised.c - R23: code that is interrupted at -O0 and at -O2 */
#include "detour.h"

static volatile int interruptions;

static void alarm_again(void)
{
    volatile char scratch[64];
    int i;

    for (i = 0; i < 64; i++)
        scratch[i] = i;
    interruptions++;
    cbsignal(CB_ALARM, alarm_again, 0);
    interruptions += scratch[0];
}

__attribute__((optimize("O2"))) static void alarm_again_o2(void)
{
    interruptions++;
    cbsignal(CB_ALARM, alarm_again_o2, 0);
}

/* A computation that depends on flags (compare and jump, carries), on DF, and on every register. */
static inline __attribute__((always_inline)) uint32 compute(uint32 seed)
{
    static uint32 words[64], copy[64];
    uint64 product = 1;
    uint32 crc = seed, carries = 0, i, k;

    for (i = 0; i < 64; i++) {
        uint32 bit;

        crc ^= i;
        for (bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        words[i] = crc;
        product = product * 6364136223846793005ULL + crc;
        carries += (uint32)product + crc < crc;
    }
    for (i = 1; i < 64; i++) /* insertion sort */
        for (k = i; k > 0 && words[k - 1] > words[k]; k--) {
            uint32 swap = words[k];

            words[k] = words[k - 1];
            words[k - 1] = swap;
        }
    asm volatile("pushl %%ecx\n\t" /* downwards, DF set all the time */
                 "std\n\t"
                 "rep movsl\n\t"
                 "cld\n\t"
                 "popl %%ecx"
                 : "+&S"((uint32 *){words + 63}), "+&D"((uint32 *){copy + 63})
                 : "c"(64)
                 : "memory", "cc");
    asm volatile("xorl %%eax, %%eax\n\t" /* a chain of carries across a loop whose counter leaves CF alone */
                 "1:\tmovl -4(%2,%1,4), %%edx\n\t"
                 "adcl %%edx, %0\n\t"
                 "leal -1(%1), %1\n\t"
                 "jecxz 2f\n\t"
                 "jmp 1b\n"
                 "2:\tadcl $0, %0"
                 : "+&b"(carries), "+&c"((uint32){64})
                 : "r"(copy)
                 : "eax", "edx", "memory", "cc");
    for (i = 0; i < 64; i++)
        crc = (crc << 5 | crc >> 27) + copy[i] + (copy[i] > words[63 - i] ? carries : 1);
    return crc ^ (uint32)(product >> 32) ^ carries;
}

__attribute__((noinline)) static uint32 compute_o0(uint32 seed)
{
    return compute(seed);
}
__attribute__((noinline, optimize("O2"))) static uint32 compute_o2(uint32 seed)
{
    return compute(seed);
}
__attribute__((noinline, optimize("O2", "omit-frame-pointer"))) static uint32 compute_no_frame(uint32 seed)
{
    return compute(seed);
}

static void undisturbed(uint32 (*function)(uint32), callback again)
{
    uint32 expected[8], i, wrong = 0, begin;

    for (i = 0; i < 8; i++)
        expected[i] = function(i);
    interruptions = 0;
    cbsignal(CB_ALARM, again, 0);
    begin = clkcountermsec;
    for (i = 0; clkcountermsec - begin < 120; i++)
        wrong += function(i % 8) != expected[i % 8];
    CHECK(wrong == 0);
    CHECK(interruptions >= 115);
    CHECK(expected[0] != expected[1]);
}

/* Each in a process of its own: its last registration dies with it. */
static void interrupt_o0(void)
{
    undisturbed(compute_o0, alarm_again);
}
static void interrupt_o2(void)
{
    undisturbed(compute_o2, alarm_again);
}
static void interrupt_no_frame(void)
{
    undisturbed(compute_no_frame, alarm_again);
}
static void interrupt_by_o2(void)
{
    undisturbed(compute_o2, alarm_again_o2);
}

process main(void)
{
    start_and_await(interrupt_o0);
    start_and_await(interrupt_o2);
    start_and_await(interrupt_no_frame);
    start_and_await(interrupt_by_o2);
    CHECK(compute_o0(9) == compute_o2(9) && compute_o0(9) == compute_no_frame(9));
    rule_done("R23");
    return OK;
}
