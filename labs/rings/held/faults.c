/* faults.c - tasks 5 and 6: nothing else happens; ring 0; and faults at every edge */
#include <exceptions.h>

static volatile bool8 ending_soon;
static volatile uint32 beats;

static process heart(void)
{
    while (!ending_soon) {
        sleepms(1);
        beats++;
    }
    return OK;
}

void check_heartbeat(void)
{
    static const char *const what[] = {"divide", "read", "write", "int", "cli"};
    const uint32 numbers[] = {0, given(0, 0, 4095), given(1, 0, 4095), 14, 0};
    uint32 i, ended = 0, alive = 0, pages;

    ending("faults", "divide", 0, 0);
    start(heart, PRIORITY_ABOVE + 1, "heart");
    pages = freepages();
    for (i = 0; i < 15; i++) {
        ended += strcmp(ending("faults", what[i % 5], numbers[i % 5], 0), "is ended") == 0;
        beats = 0;
        sleepms(3);
        alive += beats != 0;
    }
    report("programs that are ended: %u", ended);
    report("rounds in which the heart beats: %u", alive);
    report("pages that have not come back: %d", (int)(pages - freepages()));
}

static char *const nowhere = (char *)0x30000000;
static volatile int zero;

static process divides(void)
{
    zero = 100 / zero;
    return OK;
}

static process measures(void)
{
    return strlen(nowhere);
}

static process measures_masked(void)
{
    disable();
    return strlen(nowhere);
}

static process jumps(void)
{
    ((void (*)(void))nowhere)();
    return OK;
}

static process passes(void)
{
    upcreate("memory", 1, 1, nowhere);
    return OK;
}

static void report_end(const char *what, void *function)
{
    pid32 pid = create(function, STACK, PRIORITY_ABOVE, "tried", 0);

    recvclr();
    resume(pid);
    report("%s: the process %s", what, hear() == (umsg32)pid && isbadpid(pid) ? "is ended" : "is not");
}

void check_ring0(void)
{
    report_end("its code divides by 0", divides);
    report_end("the library reads where it says", measures);
    report_end("the same with interrupts masked", measures_masked);
    report_end("it jumps to where no code is", jumps);
    report_end("a system call reads where it says", passes);
}

/* The kernel's own, under test: ExceptionFrame in arch/x86/entry/frames.h. */
struct frame {
    uint32 edi, esi, ebp, esp, ebx, edx, ecx, eax, vector, error, eip, cs, eflags;
};
bool8 is_process_fault(const struct frame *frame) asm("_ZN6detour4arch16is_process_faultERKNS0_14ExceptionFrameE");
extern const byte clkdisp[], exit_stack_top[];

#define MASKED 2
#define ENABLED 0x202

/* A fault at this instruction of this process, made up. */
static void report_case(const char *what, pid32 pid, uint32 cs, uint32 eflags, const void *at, const void *stack)
{
    const struct frame frame = {.vector = 13, .eip = (uint32)at, .cs = cs, .eflags = eflags, .esp = (uint32)stack};
    intmask mask = disable();
    pid32 own = currpid;
    bool8 blamed;

    currpid = pid;
    blamed = is_process_fault(&frame);
    currpid = own;
    restore(mask);
    report("%s: %s is at fault", what, blamed ? "the process" : "the kernel");
}

void check_cases(void)
{
    uint32 here = 0;

    report_case("the null process", NULLPROC, 8, ENABLED, check_cases, &here);
    report_case("ring 3", currpid, 0x1b, MASKED, resched, &here);
    report_case("the end of a process", currpid, 8, MASKED, check_cases, exit_stack_top - 4 * given(0, 1, 99));
    report_case("entry code", currpid, 8, MASKED, clkdisp, &here);
    report_case("the program", currpid, 8, MASKED, check_cases, &here);
    report_case("no code", currpid, 8, MASKED, nowhere, &here);
    report_case("the library, and not called by the program", currpid, 8, MASKED, strlen, &here);
    report_case("the kernel, with interrupts masked", currpid, 8, MASKED, resched, &here);
    report_case("the kernel, with interrupts enabled", currpid, 8, ENABLED, resched, &here);
}

static void report_both(const char *what, const char *how, uint32 address)
{
    forget_exceptions();
    ending("faults", how, address, 0);
    report("%s: %s, %s", what, words(seen.access), words(seen.reason));
}

#define STACK_LOW (USER_STACK_END - USER_STACK_BYTES)

/* Reads below its own stack. */
static process reads_below(uint32 bytes)
{
    return *(volatile byte *)((uint32)proctab[currpid].prstkbase + 4 - proctab[currpid].prstklen - bytes);
}

static void report_below(const char *what, uint32 bytes)
{
    forget_exceptions();
    resume(create(reads_below, STACK, PRIORITY_ABOVE, "reads", 1, bytes));
    report("%s: %s", what, words(seen.reason));
}

void check_gap(void)
{
    watch_exceptions();
    report_both("a program without end of calls", "overflow", 0);
    report_both("far below its stack", "read", STACK_LOW - PAGE - given(0, 1, 100000));
    report_below("in ring 0, below the stack", given(1, 1, PAGE));
    report_below("further down", PAGE + given(2, 1, 20000));
}

void check_edges(void)
{
    uint32 here = 0;

    watch_exceptions();
    report_both("the last byte of page 0", "read", PAGE - 1);
    report_both("the first byte of page 1", "write", PAGE);
    report_both("the last byte below user space", "read", USER_BEGIN - 1);
    report_both("the last byte of the heap's space", "write", USER_HEAP_END - 1);
    report_both("the first byte behind it", "read", USER_HEAP_END);
    report_both("two pages below the stack", "write", STACK_LOW - PAGE - 1);
    report_both("the lowest byte of the page below it", "read", STACK_LOW - PAGE);
    report_both("the highest byte of that page", "execute", STACK_LOW - 1);
    report_both("the window", "write", USER_WINDOW);
    report_both("the kernel's stack", "read", (uint32)&here);
    report_both("the last byte of all", "read", 0xffffffff);
}
