/*
 * fuzz.c - random system calls: fuzz SEED CALLS
 *
 * The kernel ends a process for a bad pointer, so a fuzzer is short-lived: for many calls, its parent starts it again
 * and again with other seeds. It reports to its parent the number of calls made so far, by the message FUZZ_REPORT |
 * calls, before each call that may end it, and when it is done. The parent should have the higher priority, so that its
 * mailbox is empty for each report; and it should end a fuzzer that reports nothing for seconds. Errors are printed.
 */
#include <stdlib.h>
#include <xinu.h>

#define FUZZ_REPORT 0x80000000U
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* In the order in which system_call() loads and stores them. */
struct registers {
    uint32 eax, ebx, ecx, edx, esi, edi;
};

/* Makes a call with these registers, and stores the registers after it. */
void system_call(struct registers *registers);
void fast_system_call(struct registers *registers);
asm(".pushsection .text\n"
    ".macro load\n\t"
    "pushal\n\t"
    "movl 36(%esp), %ebp\n\t"
    "movl 0(%ebp), %eax\n\t"
    "movl 4(%ebp), %ebx\n\t"
    "movl 8(%ebp), %ecx\n\t"
    "movl 12(%ebp), %edx\n\t"
    "movl 16(%ebp), %esi\n\t"
    "movl 20(%ebp), %edi\n"
    ".endm\n"
    ".macro store\n\t"
    "cmpl 36(%esp), %ebp\n\t" /* EBP and ESP must be as before to continue here */
    "je 1f\n\t"
    "ud2\n"
    "1:\tmovl %eax, 0(%ebp)\n\t"
    "movl %ebx, 4(%ebp)\n\t"
    "movl %ecx, 8(%ebp)\n\t"
    "movl %edx, 12(%ebp)\n\t"
    "movl %esi, 16(%ebp)\n\t"
    "movl %edi, 20(%ebp)\n\t"
    "popal\n\t"
    "ret\n"
    ".endm\n"
    "system_call:\n\t"
    "load\n\t"
    "int $0x30\n\t"
    "store\n"
    "fast_system_call:\n\t"
    "load\n\t"
    "movl %esp, %ecx\n\t"
    "movl $2f, %edx\n\t"
    "sysenter\n"
    "2:\tstore\n"
    ".popsection");

/* Numbers as in <xinu/systemcalls.h>. */
#define NUMBER(number, result, name, parameters) CALL_##name = number,
enum { SYSTEM_CALLS(NUMBER) };

static uint32 state; /* of the generator: Marsaglia's xorshift32 */
static uint32 seed, calls, callbacks;
static char buffer[64] = "................................................................";

static uint32 any(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32 below(uint32 limit)
{
    return (any() >> 8) % limit;
}

static int one_in(uint32 count)
{
    return below(count) == 0;
}

static void on_event(void)
{
    callbacks++;
}

static const uint32 edges[] = {
    0,
    1,
    2,
    3,
    4,
    5,
    16,
    99,
    100,
    101,
    0xFFF,
    0x1000,
    0x1001,
    5000,
    5001,
    32767,
    32768,
    0xFFFF,
    0x10000,
    0x00100000,
    0x003FF000,
    USER_BEGIN - 1,
    USER_BEGIN,
    USER_HEAP_END - 1,
    USER_HEAP_END,
    USER_STACK_END - USER_STACK_BYTES - 1,
    USER_STACK_END - USER_STACK_BYTES,
    USER_STACK_END - 1,
    USER_STACK_END,
    USER_WINDOW,
    USER_WINDOW_TABLE,
    USER_CBFMANAGER,
    USER_END - 1,
    USER_END,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFF000,
    0xFFFFFFFC,
    0xFFFFFFFE,
    0xFFFFFFFF,
};

/* Pointers to memory that ring 3 may not write. */
static const uint32 bad_pointers[] = {
    0,
    1,
    4,
    0xFFF,
    0x1000,
    0x00100000,
    0x00200001,
    0x003FFFFF,
    USER_BEGIN - 1,
    USER_BEGIN,
    USER_HEAP_END,
    USER_STACK_END - USER_STACK_BYTES - 1,
    USER_STACK_END,
    USER_WINDOW,
    USER_WINDOW_TABLE + 44,
    USER_CBFMANAGER,
    USER_END - 1,
    USER_END,
    0xFFFFF000,
    0xFFFFFFFC,
    0xFFFFFFFF,
};

static uint32 edge(void)
{
    return one_in(2) ? edges[below(COUNT_OF(edges))] : one_in(2) ? below(200) : any();
}

static uint32 bad_pointer(void)
{
    return bad_pointers[below(COUNT_OF(bad_pointers))];
}

static uint32 parent(void)
{
    return proctab[getpid()].prparent;
}

/* Called before a call that may be the last. */
static void report(void)
{
    send(parent(), FUZZ_REPORT | calls);
}

/* A callback: a valid one, or an address outside the code. Any other address in the code would run arbitrary
 * instructions. */
static uint32 some_callback(void)
{
    uint32 address = edge();
    return one_in(2) || (address >= (uint32)&text && address < (uint32)&etext) ? (uint32)on_event : address;
}

/* The program's own memory to read or write; rarely, other memory. Reads of the console are of zero bytes,
 * since they would wait for a key. */
static void choose_bytes(struct registers *r, int reads)
{
    if (one_in(64)) {
        report();
        r->ebx = CONSOLE;
        r->esi = bad_pointer();
        r->edi = one_in(2) ? 1 + below(16) : reads ? 1 + (edge() >> 1) : 0x7FFFFFFF | any();
        return;
    }
    r->ebx = one_in(4) ? edge() : CONSOLE;
    r->esi = (uint32)buffer + below(32);
    r->edi = reads && r->ebx == CONSOLE ? 0 : below(3);
}

static uint32 request_of(struct registers *r)
{
    static char *argv[] = {"sender", "-1", NULL};
    static struct spawnrequest request;
    int bad = one_in(16);

    request = (struct spawnrequest){"sender", getprio(getpid()), CAP_ALL, below(3), argv};
    if (bad)
        report();
    if (one_in(4))
        request.name = one_in(2) ? "" : buffer;
    if (one_in(4))
        request.priority = edge();
    if (one_in(4))
        request.capabilities = edge();
    if (bad && one_in(2))
        request.argc = edge();
    if (bad && one_in(4))
        request.argv = (char *const *)bad_pointer();
    if (bad && one_in(4))
        request.name = (const char *)bad_pointer();
    return bad && one_in(4) ? bad_pointer() : (uint32)&request;
}

/* Changes calls that would end this process or block it forever; reports before those that might. */
static void tame(struct registers *r)
{
    switch (r->eax) {
    case CALL_exit:
        r->eax = SYSTEM_CALL_COUNT;
        break;
    case CALL_write:
    case CALL_read:
        choose_bytes(r, r->eax == CALL_read);
        break;
    case CALL_sleepms:
        if (r->ebx < 0x80000000)
            r->ebx = one_in(8);
        break;
    case CALL_send:
        if (r->ebx == parent())
            r->ebx = getpid(); /* the parent receives only reports */
        r->esi |= 0x40000000;  /* no message looks like an address in the kernel */
        break;
    case CALL_receive:
    case CALL_recvtime:
        send(getpid(), 0x7E57);
        break;
    case CALL_cbsignal:
        r->esi = some_callback();
        r->ebx = one_in(4) ? r->ebx : 1 + below(2);
        r->edi = one_in(4) ? r->edi : below(20);
        break;
    case CALL_dreamvac:
        r->ebx = some_callback();
        break;
    case CALL_cbnext: /* outside a callback, its effect is unpredictable */
        if (one_in(32))
            report();
        else
            r->eax = edge() | 32;
        break;
    case CALL_kill:
        if (r->ebx == (uint32)getpid()) {
            if (one_in(32))
                report();
            else
                r->ebx++;
        }
        break;
    case CALL_sbrk:
        if (!one_in(16))
            r->ebx = below(40000) - 20000;
        break;
    case CALL_spawn:
        if (one_in(4))
            r->ebx = request_of(r);
        else
            r->eax = CALL_yield;
        break;
    default:
        break;
    }
}

/* Whether the value in a register looks like a leaked kernel address. */
static int leaks(uint32 value)
{
    return value >= 0x00100000 && value < USER_BEGIN;
}

static void complain(const struct registers *before, const struct registers *after, const char *what)
{
    printf("fuzz: seed %u, call %u: %u(%#x, %#x, %#x) is %#x: %s\n", seed, calls, before->eax, before->ebx, before->esi,
           before->edi, after->eax, what);
}

static void call_once(void)
{
    struct registers before, after;
    int fast = ((struct windowheader *)USER_WINDOW)->has_sysenter && one_in(2);

    before = (struct registers){
        one_in(32) ? edge() : below(SYSTEM_CALL_COUNT), edge(), 0xCCCCCCCC, 0xDDDDDDDD, edge(), edge()};
    tame(&before);
    calls++;
    after = before;
    if (fast)
        fast_system_call(&after);
    else
        system_call(&after);

    if (after.ebx != before.ebx || after.esi != before.esi || after.edi != before.edi)
        complain(&before, &after, "EBX, ESI or EDI is changed");
    if (!fast && (after.ecx != before.ecx || after.edx != before.edx))
        complain(&before, &after, "ECX or EDX is changed");
    if ((before.eax != CALL_cbnext && leaks(after.eax)) || leaks(after.ecx) || leaks(after.edx))
        complain(&before, &after, "a register holds an address of the kernel");
    if (before.eax >= SYSTEM_CALL_COUNT && after.eax != (uint32)SYSERR)
        complain(&before, &after, "there is no such call");
}

int main(int argc, char *argv[])
{
    uint32 wanted = argc > 2 ? atoi(argv[2]) : 1000;

    seed = argc > 1 ? atoi(argv[1]) : 1;
    state = seed * 2654435761U | 1;
    while (calls < wanted)
        call_once();
    report();
    return OK;
}
