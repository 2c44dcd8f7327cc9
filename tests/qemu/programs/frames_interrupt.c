/* The frame of a clock interrupt, word by word, and registers that survive interrupts and exceptions. */
#include "check.h"

extern void clkhandler(void);
extern const char spin_here[], spun[];

/* What the functions in assembly load: EAX, EBX, ECX, EDX, ESI, EDI, EBP. */
static const uint32 loaded[] = {0xa0a0a0a0, 0xb0b0b0b0, 0xc0c0c0c0, 0xd0d0d0d0, 0x51515151, 0xd1d1d1d1, 0xe0e0e0e0};
uint32 spin_esp, found[7], found_flags, found_esp;

#define LOAD                                                                                                           \
    "    movl $0xa0a0a0a0, %eax; movl $0xb0b0b0b0, %ebx; movl $0xc0c0c0c0, %ecx; movl $0xd0d0d0d0, %edx\n"             \
    "    movl $0x51515151, %esi; movl $0xd1d1d1d1, %edi; movl $0xe0e0e0e0, %ebp\n"
#define STORE                                                                                                          \
    "    movl %esp, found_esp\n"                                                                                       \
    "    pushfl; popl found_flags\n"                                                                                   \
    "    cld\n"                                                                                                        \
    "    movl %eax, found; movl %ebx, found + 4; movl %ecx, found + 8; movl %edx, found + 12\n"                        \
    "    movl %esi, found + 16; movl %edi, found + 20; movl %ebp, found + 24\n"

/* Spins with known registers, DF and CF set, until its EIP is changed to spun; keeps what it then finds. */
void spin(void);
/* The same for interrupts that come by an instruction. */
void trap_clock(void), trap_uart(void), trap_spurious(void);
#define TRAP(name, vector)                                                                                             \
#name ":\n    pushal\n" LOAD "    movl %esp, spin_esp\n    stc; std\n    int $" #vector "\n" STORE                 \
          "    popal\n    ret\n"
asm(".text\n"
    "spin:\n"
    "    pushal\n" LOAD "    movl %esp, spin_esp\n"
    "    stc; std\n"
    "spin_here:\n"
    "    jmp spin_here\n"
    "spun:\n" STORE "    popal\n"
    "    ret\n" TRAP(trap_clock, 32) TRAP(trap_uart, 36) TRAP(trap_spurious, 39));

static process spinner(void)
{
    spin();
    return OK;
}

static int registers_survived(void)
{
    return memcmp(found, loaded, sizeof loaded) == 0 && found_esp == spin_esp && (found_flags & 0x601) == 0x601;
}

static void check_clock_frame(void)
{
    pid32 pid = create(spinner, 4096, 10, "spinner", 0);
    resume(pid);
    sleepms(5); /* the tick that wakes us interrupts the spinner */
    uint32 *esp = (uint32 *)spin_esp;
    CHECK(proctab[pid].prstate == PR_READY && proctab[pid].prstkptr < (char *)esp);
    CHECK((esp[-1] & 0x601) == 0x601 && (esp[-2] & 0xffff) == 0x08 && esp[-3] == (uint32)spin_here);
    CHECK(esp[-4] == 0xa0a0a0a0 && esp[-5] == 0xc0c0c0c0 && esp[-6] == 0xd0d0d0d0 && esp[-7] == 0xb0b0b0b0);
    CHECK(esp[-8] == (uint32)&esp[-3] && esp[-9] == 0xe0e0e0e0 && esp[-10] == 0x51515151 && esp[-11] == 0xd1d1d1d1);
    byte *call = (byte *)esp[-12] - 5; /* no further word: next is the return address of clkdisp's call */
    CHECK(*call == 0xe8 && esp[-12] + *(uint32 *)(call + 1) == (uint32)clkhandler);
    esp[-3] = (uint32)spun;
    CHECK(receive() == (umsg32)pid && registers_survived());
}

static void check_trap(void (*trap)(void))
{
    memset(found, 0, sizeof found);
    trap();
    CHECK(registers_survived());
}

/* Two exceptions with known registers on a known stack: without and with an error code. */
void raise_opcode(void), raise_protection(void);
extern const char raised_opcode[], raised_protection[];
uint32 known_stack[256];
asm(".text\n"
    "raise_opcode:\n" LOAD "    movl $known_stack + 512, %esp\n    stc; std\n"
    "raised_opcode:\n    ud2\n"
    "raise_protection:\n" LOAD "    movl $known_stack + 516, %esp\n    stc; std\n"
    "raised_protection:\n    movl %eax, %gs\n"); /* the selector lies outside the GDT */

static void check_dump(void (*raise)(void), const char *eip, const void *esp)
{
    pid32 pid = create(raise, 4096, 30, "raiser", 0);
    kprintf("eip %08x esp %08x\n", (uint32)eip, (uint32)esp);
    resume(pid);
    CHECK(receive() == (umsg32)pid);
}

process main(void)
{
    check_clock_frame();
    check_trap(trap_clock);
    check_trap(trap_uart);
    check_trap(trap_spurious);
    check_dump(raise_opcode, raised_opcode, &known_stack[128]);
    check_dump(raise_protection, raised_protection, &known_stack[129]);
    sleepms(10); /* interrupts still come */
    checks_done();
    return OK;
}
