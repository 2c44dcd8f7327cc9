/* hijack.c - see hijack.h */
#include "hijack.h"

#include <xinu/saved_stack.h>

/* From the linker script: the code of the two functions. */
extern byte resched_text[], resched_etext[], sleepms_text[], sleepms_etext[];

// [lab hijack 1
static uint32 stack_low(const struct procent *process)
{
    return (uint32)process->prstkbase + 4 - process->prstklen;
}

/* Whether so many words from this address on are words of the process's stack, below STACKMAGIC. */
static int on_stack(const struct procent *process, uint32 address, uint32 words)
{
    uint32 low = stack_low(process), base = (uint32)process->prstkbase;

    return address % 4 == 0 && address >= low && address < base && (base - address) / 4 >= words;
}

/* The words that ctxsw() has saved; NULL if there are none. */
static uint32 *saved_words(pid32 pid)
{
    const struct procent *process = &proctab[pid];

    if (isbadpid(pid) || pid == currpid || !on_stack(process, (uint32)process->prstkptr, SAVED_WORDS))
        return NULL;
    return (uint32 *)process->prstkptr;
}

uint32 *switch_word(pid32 pid)
{
    uint32 *saved = saved_words(pid);

    return saved == NULL ? NULL : &saved[SAVED_RETURN];
}

syscall redirect(pid32 pid, callback function)
{
    intmask mask = disable();
    uint32 *word = switch_word(pid);

    if (word != NULL)
        *word = (uint32)function;
    restore(mask);
    return word != NULL ? OK : SYSERR;
}
// lab]

// [lab hijack 2
#define ROOM 512 /* bytes of the stack that a function of detour() must find */

/* Where ctxsw() returns to. ESP points to the function; above it is the address to which ctxsw() was to return. */
void detour_entry(void);
asm(".pushsection .text\n"
    ".type detour_entry, @function\n"
    "detour_entry:\n\t"
    "pushfl\n\t"
    "pushal\n\t"
    "cld\n\t"
    "call *36(%esp)\n\t"
    "popal\n\t"
    "popfl\n\t"
    "leal 4(%esp), %esp\n\t" /* unlike add, it leaves the flags alone */
    "ret\n"
    ".size detour_entry, . - detour_entry\n"
    ".popsection");

/* Moves the saved words down by two, between them and the return address of ctxsw(). */
syscall detour(pid32 pid, callback function)
{
    intmask mask = disable();
    uint32 *saved = saved_words(pid), *moved = saved - 2;
    int possible = saved != NULL && (uint32)moved >= stack_low(&proctab[pid]) + ROOM;

    if (possible) {
        memmove(moved, saved, SAVED_RETURN * sizeof(uint32));
        moved[SAVED_ESP] = (uint32)&moved[SAVED_EFLAGS];
        moved[SAVED_RETURN] = (uint32)detour_entry;
        saved[SAVED_RETURN - 1] = (uint32)function;
        proctab[pid].prstkptr = (char *)moved;
    }
    restore(mask);
    return possible ? OK : SYSERR;
}
// lab]

// [lab hijack 3
/* The next frame outwards, if this one is on the stack and its function was called in [begin, end); otherwise NULL. */
static uint32 *caller_of(const struct procent *process, uint32 *frame, const byte *begin, const byte *end)
{
    uint32 link, called_from;

    if (frame == NULL)
        return NULL;
    link = frame[FRAME_LINK];
    called_from = frame[FRAME_RETURN];
    if (called_from < (uint32)begin || called_from >= (uint32)end || link < (uint32)&frame[FRAME_RETURN + 1] ||
        !on_stack(process, link, FRAME_RETURN + 1))
        return NULL;
    return (uint32 *)link;
}

uint32 *sleepms_word(pid32 pid)
{
    intmask mask = disable();
    uint32 *saved = saved_words(pid), *frame = saved == NULL ? NULL : &saved[SAVED_LINK];

    frame = caller_of(&proctab[pid], frame, resched_text, resched_etext);
    frame = caller_of(&proctab[pid], frame, sleepms_text, sleepms_etext);
    restore(mask);
    return frame == NULL ? NULL : &frame[FRAME_RETURN];
}

static struct {
    callback function;
    uint32 original; /* the address to which sleepms() was to return */
} diverted[NPROC];

/* Runs the function, and returns where to go on. By then, the process may have been diverted again. */
__attribute__((used)) static uint32 run_diversion(void)
{
    uint32 original = diverted[getpid()].original;

    diverted[getpid()].function();
    return original;
}

/* Where sleepms() returns to: EAX is its result. */
void divert_entry(void);
asm(".pushsection .text\n"
    ".type divert_entry, @function\n"
    "divert_entry:\n\t"
    "pushl %eax\n\t" /* the address comes here */
    "pushfl\n\t"
    "pushal\n\t"
    "cld\n\t"
    "call run_diversion\n\t"
    "movl %eax, 36(%esp)\n\t"
    "popal\n\t"
    "popfl\n\t"
    "ret\n"
    ".size divert_entry, . - divert_entry\n"
    ".popsection");

syscall divert(pid32 pid, callback function)
{
    intmask mask = disable();
    uint32 *word = sleepms_word(pid);
    int possible = word != NULL && *word != (uint32)divert_entry;

    if (possible) {
        diverted[pid].function = function;
        diverted[pid].original = *word;
        *word = (uint32)divert_entry;
    }
    restore(mask);
    return possible ? OK : SYSERR;
}
// lab]
