/* exact.c - tasks 5 and 6: registers and flags behind a detour, several callbacks in one, and stacks without room */
#include <message.h>

static volatile int calls;

/* Notes EFLAGS at its first instruction; leaves every register but ESP changed, DF set, and NT. */
void on_wild_message(void);
int wild_calls;
asm(".pushsection .text\n"
    "on_wild_message:\n\t"
    "pushfl\n\t"
    "popl first_flags\n\t"
    "incl wild_calls\n\t" WRECK_REGISTERS "pushl $0x4602\n\t" /* NT DF IF */
    "popfl\n\t"
    "ret\n"
    ".popsection");

static void send_to(const struct sleeper *how)
{
    pid32 pid;

    begin();
    pid = start_sleeper(how, PRIORITY_ABOVE);
    spin_until(how->msec / 2);
    send(pid, 1);
    await_end(pid);
}

void check_wild(void)
{
    struct sleeper how = {on_wild_message, given(0, 10, 60), given(1, 0, 9)};
    const uint32 *number = lab_given.number;

    loaded = (struct registers){.edi = number[6], .esi = number[7], .ebx = number[8]};
    send_to(&how);
    report("callbacks: %d", wild_calls);
    report("eax %d ebx %08x esi %08x edi %08x", (int)stored.eax, stored.ebx, stored.esi, stored.edi);
    report("ebp %d and esp %d bytes off, DF %s", (int)(stored.ebp - loaded.ebp), (int)(stored.esp - loaded.esp),
           stored.flags & FLAGS_DF ? "set" : "clear");
}

static process masked_sleeper(const struct sleeper *how)
{
    disable();
    return sleeper(how);
}

static void report_masks(const char *who, void *function)
{
    struct sleeper how = {note_flags, given(0, 10, 40), given(1, 0, 9)};
    pid32 pid = create(function, STACK, PRIORITY_ABOVE, "sleeper", 1, &how);

    first_flags = FLAGS_DF;
    begin();
    resume(pid);
    spin_until(how.msec / 2);
    send(pid, 1);
    await_end(pid);
    report("%s: the callback begins with IF %s and DF %s, the caller goes on with IF %s", who,
           first_flags & FLAGS_IF ? "set" : "clear", first_flags & FLAGS_DF ? "set" : "clear",
           stored.flags & FLAGS_IF ? "set" : "clear");
}

void check_masks(void)
{
    report_masks("enabled", sleeper);
    report_masks("masked", masked_sleeper);
}

static void on_alarm(void)
{
    report("alarm at %u", now());
}

static void on_message(void)
{
    calls++;
    report("message at %u", now());
}

static void on_vacation(void)
{
    report("vacation at %u", now());
}

static process everything(uint32 msec)
{
    cbsignal(CB_ALARM, on_alarm, msec / 2);
    cbsignal(CB_MESSAGE, on_message, 0);
    dreamvac(on_vacation);
    sleepms(msec);
    report("sleepms returns at %u", now());
    sleepms(5);
    report("sleepms returns at %u", now());
    return OK;
}

void check_both(void)
{
    uint32 msec = given(0, 10, 40);
    pid32 pid = create(everything, STACK, PRIORITY_ABOVE, "everything", 1, msec);

    begin();
    resume(pid);
    spin_until(msec - 3);
    send(pid, 1);
    await_end(pid);
}

/* Nothing but the return of sleepms() can deliver: interrupts are masked. */
void check_returning(void)
{
    intmask mask;
    int after;

    begin();
    mask = disable();
    cbsignal(CB_MESSAGE, on_message, 0);
    send(getpid(), 1);
    sleepms(given(0, 3, 30));
    after = calls;
    restore(mask);
    report("callbacks before it returns: %d", after);
}

/* Sleeps with so many bytes of the stack free, and interrupts masked. */
uint32 full_esp, old_esp;
void sleep_with_esp(void);
asm(".pushsection .text\n"
    "sleep_with_esp:\n\t"
    "pushal\n\t"
    "movl %esp, old_esp\n\t"
    "movl full_esp, %esp\n\t"
    "pushl $5\n\t"
    "call sleepms\n\t"
    "movl old_esp, %esp\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");

static process with_full_stack(uint32 room)
{
    disable();
    full_esp = ((uint32)me->prstkbase + 4 - me->prstklen + room) & ~3u; /* saved EBPs are aligned */
    cbsignal(CB_MESSAGE, count_call, 0);
    sleep_with_esp();
    calls++;
    return OK;
}

static void with_room(uint32 room)
{
    pid32 pid = create(with_full_stack, STACK, PRIORITY_ABOVE, "full", 1, room);

    counted_calls = calls = 0;
    resume(pid);
    send(pid, 1);
    await_end(pid);
    report("with %u bytes free: callbacks %d, the process %s", room, counted_calls, calls ? "goes on" : "has ended");
}

void check_full(void)
{
    with_room(given(0, 1100, 1900));
    with_room(given(1, 515, 570));
}
