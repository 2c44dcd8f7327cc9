/* For tests/gdb: all ways into clkdisp, cbfmanager, cbfreturn, ctxsw and the entry stubs, in both rings. */
#include <xinu.h>

volatile int callbacks;

/* A callback that leaves no register as it was, which the kernel allows. */
void on_event(void);
__asm__(".pushsection .text\n"
        ".type on_event, @function\n"
        "on_event:\n"
        "    .cfi_startproc\n"
        "    incl callbacks\n"
        "    movl $1, %eax; movl $2, %ebx; movl $3, %ecx; movl $4, %edx; movl $5, %esi; movl $6, %edi; movl "
        "$7, %ebp\n"
        "    std\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".popsection");

static void on_message(void)
{
    recvclr();
    callbacks++;
}

/* A detour that begins at a clock interrupt. */
static void take_alarm(void)
{
    int before = callbacks;

    cbsignal(CB_ALARM, on_event, 1);
    while (callbacks == before) {
    }
}

/* One that begins at the return of sleepms(): planted by send(), with a vacation after it. */
static process receiver(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    dreamvac(on_event);
    sleepms(20);
    return OK;
}

static void take_message(void)
{
    pid32 pid = create(receiver, 4096, INITPRIO + 5, "receiver", 0);

    resume(pid);
    send(pid, 1);
    receive();
}

/* Interrupts with known registers, as an instruction makes them: the clock's, the UART's, a spurious one. */
void interrupt_all(void);
__asm__(".pushsection .text\n"
        "interrupt_all:\n"
        "    .cfi_startproc\n"
        "    pushal\n"
        "    .cfi_adjust_cfa_offset 32; .cfi_rel_offset ebp, 8\n"
        "    movl $0xa0a0a0a0, %eax; movl $0xb0b0b0b0, %ebx; movl $0xc0c0c0c0, %ecx; movl $0xd0d0d0d0, %edx\n"
        "    movl $0x51515151, %esi; movl $0xd1d1d1d1, %edi; movl $0xe0e0e0e0, %ebp\n"
        "    stc; std\n"
        "    int $32; int $36; int $39\n"
        "    cld\n"
        "    popal\n"
        "    .cfi_adjust_cfa_offset -32; .cfi_same_value ebp\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".popsection");

static process undefined_opcode(void)
{
    __asm__ volatile("ud2");
    return OK;
}

static process system_call(void)
{
    __asm__ volatile("int $0x30"); /* ring 0 has none */
    return OK;
}

static void run(pid32 pid)
{
    resume(pid);
    receive();
}

process main(void)
{
    static const char *const programs[] = {"alarm", "message", "vacation", "costs", "flags_sysenter"};

    take_alarm();
    take_message();
    interrupt_all();
    run(create(undefined_opcode, 4096, INITPRIO + 5, "opcode", 0));
    run(create(system_call, 4096, INITPRIO + 5, "system call", 0));
    for (int i = 0; i < 5; i++)
        run(upcreate(programs[i], INITPRIO + 5, 1, programs[i]));
    return OK;
}
