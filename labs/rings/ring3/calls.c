/* calls.c - in ring 3: system calls by int $0x30, by its own instructions, and what they do to registers */
#include "tell.h"

#define NUMBER(number, result, name, parameters) CALL_##name = number,
enum { SYSTEM_CALLS(NUMBER) };

/* As in ../checks/calls.c, which knows what is told. */
struct registers {
    uint32 eax, ebx, ecx, edx, esi, edi, ebp, esp, flags, ds, es;
};

static struct registers before, after;

/* Loads all registers from `before`, makes the call, and stores all in `after`. ESP is only compared. */
void call_with_registers(void);
asm(".pushsection .text\n"
    ".type call_with_registers, @function\n"
    "call_with_registers:\n\t"
    "pushal\n\t"
    "movl %esp, before+28\n\t"
    "movl before+4, %ebx\n\t"
    "movl before+8, %ecx\n\t"
    "movl before+12, %edx\n\t"
    "movl before+16, %esi\n\t"
    "movl before+20, %edi\n\t"
    "movl before+24, %ebp\n\t"
    "movl before+0, %eax\n\t"
    "movw before+36, %ds\n\t"
    "movw %ss:before+40, %es\n\t"
    "pushl %ss:before+32\n\t"
    "popfl\n\t"
    "int $0x30\n\t"
    "movl %eax, %ss:after+0\n\t"
    "movl %esp, %ss:after+28\n\t"
    "movl %ss:before+28, %esp\n\t" /* a wrong one is told, and not used */
    "pushfl\n\t"
    "popl %ss:after+32\n\t"
    "pushl $0x202\n\t"
    "popfl\n\t"
    "movl %ds, %eax\n\t"
    "movl %eax, %ss:after+36\n\t"
    "movl %es, %eax\n\t"
    "movl %eax, %ss:after+40\n\t"
    "movl %ss, %eax\n\t"
    "movl %eax, %ds\n\t"
    "movl %eax, %es\n\t"
    "movl %ebx, after+4\n\t"
    "movl %ecx, after+8\n\t"
    "movl %edx, after+12\n\t"
    "movl %esi, after+16\n\t"
    "movl %edi, after+20\n\t"
    "movl %ebp, after+24\n\t"
    "popal\n\t"
    "ret\n"
    ".size call_with_registers, . - call_with_registers\n"
    ".popsection");

/* A call with these arguments; all other registers get something. */
static uint32 call(uint32 number, uint32 first, uint32 second, uint32 third)
{
    before.eax = number;
    before.ebx = first;
    before.esi = second;
    before.edi = third;
    before.flags = 0x202;
    before.ds = before.es = 0x23;
    call_with_registers();
    return after.eax;
}

static void tell_calls(uint32 number)
{
    tell(call(CALL_getpid, 0, 0, 0) == (uint32)getpid());
    tell(call(CALL_uptime, 0, 0, 0) - clkcountermsec + 1 <= 1);
    while (call(CALL_send, parent, number, 0) == (uint32)SYSERR)
        sleepms(1);
    tell(call(CALL_sleepms, 3, 0, 0));
    tell(call(CALL_sleepms, (uint32)-1, 0, 0));
}

static void tell_unknown(uint32 number)
{
    static const uint32 numbers[] = {SYSTEM_CALL_COUNT, 255, 0x3fffffff, 0x40000000, 0x80000000, 0xffffffff};
    uint32 i;

    for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        tell(call(numbers[i], 0, 0, 0));
    tell(call(number, 0, 0, 0));
}

static void tell_registers(uint32 number)
{
    before.ecx = number = next(number);
    before.edx = number = next(number);
    before.ebp = number = next(number);
    call(CALL_getpid, number + 1, number + 2, number + 3);
    tell(after.ebx);
    tell(after.ecx);
    tell(after.edx);
    tell(after.esi);
    tell(after.edi);
    tell(after.ebp);
    tell(after.esp - before.esp);
}

/* `flags` are what is set besides IF. */
static void tell_flags(uint32 flags)
{
    call(CALL_getpid, 0, 0, 0);
    before.eax = CALL_getpid;
    before.flags = flags | 0x202;
    call_with_registers();
    tell(after.flags);
    tell(after.eax == (uint32)getpid());
}

static void tell_segments(uint32 ds, uint32 es)
{
    call(CALL_getpid, 0, 0, 0);
    before.eax = CALL_getpid;
    before.ds = ds;
    before.es = es;
    call_with_registers();
    tell(after.ds & 0xffff);
    tell(after.es & 0xffff);
    tell(after.eax == (uint32)getpid());
}

/* Starts a program, with DF set: the kernel copies the request. */
static void tell_backwards(char *name)
{
    static char text[12];
    char *const argv[] = {name, text, "end"};
    const struct spawnrequest request = {name, 1, 0, 3, argv};

    snprintf(text, sizeof text, "%d", parent);
    call(CALL_getpid, 0, 0, 0);
    before.eax = CALL_spawn;
    before.ebx = (uint32)&request;
    before.flags = 0x602;
    call_with_registers();
    tell(after.eax != (uint32)SYSERR);
}

process main(int argc, char **argv)
{
    const char *what = argv[2];
    uint32 number = argc > 3 ? atoi(argv[3]) : 0;

    parent = atoi(argv[1]);
    if (is(what, "end"))
        return OK;
    if (is(what, "calls"))
        tell_calls(number);
    if (is(what, "unknown"))
        tell_unknown(number);
    if (is(what, "registers"))
        tell_registers(number);
    if (is(what, "flags"))
        tell_flags(number);
    if (is(what, "segments"))
        tell_segments(number, atoi(argv[4]));
    if (is(what, "backwards"))
        tell_backwards(argv[0]);
    tell(GOES_ON);
    return OK;
}
