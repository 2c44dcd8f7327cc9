/*
 * `int n` for all 256 vectors: those of the PIC are ignored, the NMI's shows the machine's state, all others end the
 * process, and only that.
 */
#include "check.h"

/* 256 functions of 4 bytes: int n; ret. */
extern const char stubs[];
asm(".text\n"
    "stubs:\n"
    "    .set n, 0\n"
    "    .rept 256\n"
    "    .byte 0xcd, n, 0xc3, 0x90\n"
    "    .set n, n + 1\n"
    "    .endr\n");

static volatile int returned;

static process raise(int vector)
{
    if (vector == 7)
        asm volatile("fnop"); /* with the floating-point unit closed, int $7 would only open it */
    ((void (*)(void))(stubs + 4 * vector))();
    returned++;
    return OK;
}

static process overflow(void)
{
    asm volatile("1: pushl %eax; jmp 1b");
    return OK;
}

static int has_gate(const byte *gate)
{
    return (gate[5] & 0x80) != 0;
}

process main(void)
{
    struct {
        unsigned short limit;
        const byte *base;
    } __attribute__((packed)) idt;
    asm volatile("sidt %0" : "=m"(idt));
    CHECK(idt.limit == 256 * 8 - 1);
    kprintf("stubs at %08x\n", (uint32)stubs);
    int gates = 0, wrong = 0;
    for (int vector = 0; vector < 256; vector++) {
        gates += has_gate(idt.base + 8 * vector);
        int before = returned;
        pid32 pid = create(raise, 4096, 30, "raiser", 1, vector);
        resume(pid);
        int expected = vector == 2 || (vector >= 32 && vector < 48);
        if (receive() != (umsg32)pid || proctab[pid].prstate != PR_FREE || (returned != before) != expected) {
            kprintf("vector %d\n", vector);
            wrong++;
        }
    }
    CHECK(gates == 256 && wrong == 0 && returned == 17 && prcount == 2);
    for (int i = 0; i < 50; i++) /* true double faults, among software ones that bring no error code */
        for (int k = 0; k < 2; k++) {
            pid32 pid = k ? create(overflow, 4096, 30, "overflow", 0) : create(raise, 4096, 30, "raiser", 1, 8);
            resume(pid);
            wrong += receive() != (umsg32)pid;
        }
    uint32 msec = clkcountermsec;
    CHECK(wrong == 0 && sleepms(10) == OK && clkcountermsec - msec == 10);
    checks_done();
    return OK;
}
