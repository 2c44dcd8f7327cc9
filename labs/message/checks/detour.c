/* detour.c - tasks 5 and 6: the way of the receiver through the callback */
#include "message.h"

static volatile int calls;

static void on_message(void)
{
    calls++;
    report("callback in %s at %u, message %u", me->prname, now(), recvclr());
}

/* Lets a sleeper sleep from msec 0 on, sends in the middle of it, and waits for its end. */
static void send_to(struct sleeper *how)
{
    pid32 pid;

    begin();
    pid = start_sleeper(how, PRIORITY_ABOVE);
    spin_until(how->msec / 2);
    send(pid, given(5, 1, 1000000));
    await_end(pid);
}

void check_deliver(void)
{
    struct sleeper how = {on_message, given(0, 10, 60), given(1, 0, 9)};

    send_to(&how);
    report("sleepms returns at %u; callbacks: %d", slept_until, calls);
}

static void load_numbers(void)
{
    const uint32 *number = lab_given.number;

    loaded =
        (struct registers){.edi = number[6], .esi = number[7], .ebx = number[8], .edx = number[9], .ecx = number[10]};
}

/* What any function may do to registers and flags. */
static void on_message_with_registers(void)
{
    calls++;
    asm volatile("movl $0xdead0001, %%eax\n\t"
                 "movl $0xdead0002, %%ecx\n\t"
                 "movl $0xdead0003, %%edx\n\t"
                 "cmpl %%edx, %%ecx"
                 :
                 :
                 : "eax", "ecx", "edx", "cc");
}

static void report_registers(void)
{
    report("eax, the result of sleepms(): %d", (int)stored.eax);
    report("ebx %08x", stored.ebx);
    report("esi %08x", stored.esi);
    report("edi %08x", stored.edi);
    report("ebp is %d bytes off", (int)(stored.ebp - loaded.ebp));
    report("esp is %d bytes off", (int)(stored.esp - loaded.esp));
}

void check_registers(void)
{
    struct sleeper how = {on_message_with_registers, given(0, 10, 60), given(1, 0, 9)};

    load_numbers();
    send_to(&how);
    report("callbacks: %d", calls);
    report_registers();
}

static void on_message_with_fields(void)
{
    report_fields("in the callback:", getpid());
}

/* The receiver wakes up while another process has the CPU. */
void check_late(void)
{
    struct sleeper how = {on_message_with_fields, given(0, 10, 60), given(1, 0, 9)};
    pid32 pid;

    begin();
    pid = start_sleeper(&how, PRIORITY_BELOW);
    spin_until(how.msec / 2);
    report_fields("before send:", pid);
    send(pid, 1);
    report_fields("after send:", pid);
    spin_until(how.msec + 4);
    report_fields("it is awake, and not current:", pid);
    await_end(pid);
}
