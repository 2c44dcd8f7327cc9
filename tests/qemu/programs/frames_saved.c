/* The saved stack of a process that is switched out: its words, the chain of frames, and what rewriting it
 * does. */
#include "check.h"

extern void ctxsw(char **old, char **new);
extern const char after_switch[];

/* ---- the words: ctxsw() called with known registers, into a context made by hand ---- */

char *mine, *other;
uint32 registers_after[7], flags_after;

static uint32 seen[SAVED_WORDS];
static uint32 other_stack[256];

static void look(void)
{
    char *unused;
    memcpy(seen, mine, sizeof seen);
    ctxsw(&unused, &mine);
}

/* Loads the registers and flags (CF, and interrupts masked), switches, and stores what it comes back with. */
void switch_with_known_registers(void);
asm(".text\n"
    ".globl after_switch, switch_with_known_registers\n"
    "switch_with_known_registers:\n"
    "    pushal\n"
    "    pushfl\n"
    "    cli\n"
    "    movl $0xa0a0a0a0, %eax; movl $0xb0b0b0b0, %ebx; movl $0xc0c0c0c0, %ecx; movl $0xd0d0d0d0, %edx\n"
    "    movl $0x51515151, %esi; movl $0xd1d1d1d1, %edi; movl $0xe0e0e0e0, %ebp\n"
    "    stc\n"
    "    pushl $other; pushl $mine\n"
    "    call ctxsw\n"
    "after_switch:\n"
    "    popl registers_after; popl registers_after\n"
    "    pushfl; popl flags_after\n"
    "    movl %eax, registers_after; movl %ebx, registers_after + 4; movl %ecx, registers_after + 8\n"
    "    movl %edx, registers_after + 12; movl %esi, registers_after + 16; movl %edi, registers_after + 20\n"
    "    movl %ebp, registers_after + 24\n"
    "    popfl\n"
    "    popal\n"
    "    ret\n");

static void check_words(void)
{
    uint32 *saved = &other_stack[256 - SAVED_WORDS - 1];
    saved[SAVED_EFLAGS] = 0x002;
    saved[SAVED_RETURN] = (uint32)look;
    other = (char *)saved;
    switch_with_known_registers();

    uint32 address = (uint32)mine;
    CHECK(seen[0] == 0xd1d1d1d1 && seen[1] == 0x51515151);
    CHECK(seen[2] == address + 4 * SAVED_LINK && seen[3] == address + 4 * SAVED_EFLAGS);
    CHECK(seen[4] == 0xb0b0b0b0 && seen[5] == 0xd0d0d0d0 && seen[6] == 0xc0c0c0c0 && seen[7] == 0xa0a0a0a0);
    CHECK((seen[8] & 0x201) == 0x001); /* CF; no IF */
    CHECK(seen[9] == 0xe0e0e0e0 && seen[10] == (uint32)after_switch);
    static const uint32 loaded[] = {0xa0a0a0a0, 0xb0b0b0b0, 0xc0c0c0c0, 0xd0d0d0d0, 0x51515151, 0xd1d1d1d1, 0xe0e0e0e0};
    CHECK(memcmp(registers_after, loaded, sizeof loaded) == 0 && (flags_after & 0x201) == 0x001);
}

static process nothing(uint32 a, uint32 b)
{
    return a + b;
}

static void check_new_process(void)
{
    pid32 pid = create(nothing, 4096, 5, "new", 2, 0x1111, 0x2222);
    uint32 *saved = (uint32 *)proctab[pid].prstkptr, *base = (uint32 *)proctab[pid].prstkbase;
    for (int i = SAVED_EDI; i <= SAVED_EAX; i++)
        CHECK(i == SAVED_EBP || i == SAVED_ESP || saved[i] == 0);
    CHECK(saved[2] == (uint32)&saved[9] && saved[3] == (uint32)&saved[8] && saved[8] == 0x202);
    CHECK(saved[9] == (uint32)base && saved[10] == (uint32)nothing && saved[11] == (uint32)userret);
    CHECK(saved[12] == 0x1111 && saved[13] == 0x2222 && &saved[14] == base && *base == STACKMAGIC);
    kill(pid);
    recvclr();
}

/* ---- the chain: each return address follows the call of the function whose frame it is in ---- */

static sid32 sem;
static volatile int came_back;

static void nap(void)
{
    int32 result = sleepms(50);
    came_back = result == OK;
}

static void nap_seconds(void)
{
    sleep(1);
}

static void wait_here(void)
{
    wait(sem);
}

static void receive_here(void)
{
    receive();
}

static void receive_for_a_while(void)
{
    recvtime(50);
}

static void suspend_here(void)
{
    suspend(getpid());
}

static void type_here(void)
{
    kgetc();
}

static void type_in_c(void)
{
    getchar();
}

static void give_way(void)
{
    yield();
}

static process block(void (*how)(void), uint32 known)
{
    how();
    return known;
}

static int follows_call_of(uint32 return_address, void *function)
{
    byte *call = (byte *)return_address - 5;
    return *call == 0xe8 && return_address + *(uint32 *)(call + 1) == (uint32)function;
}

static pid32 start(void (*how)(void))
{
    pid32 pid = create(block, 4096, 30, "blocked", 2, how, 0x3333);
    resume(pid);
    return pid;
}

/* A function that was called through a pointer: the device switch does. */
#define THROUGH_POINTER ((void *)1)

/* The frames of a blocked process from ctxsw's up: calls[] are the functions, the innermost first. */
static void check_chain(pid32 pid, void (*how)(void), void **calls, int depth)
{
    uint32 *saved = (uint32 *)proctab[pid].prstkptr, *base = (uint32 *)proctab[pid].prstkbase;
    uint32 *frame = &saved[SAVED_LINK];
    CHECK((saved[SAVED_EFLAGS] & 0x200) == 0);
    CHECK(follows_call_of(frame[FRAME_RETURN], ctxsw));
    for (int i = 0; i < depth; i++) {
        frame = (uint32 *)frame[FRAME_LINK];
        if (calls[i] == THROUGH_POINTER)
            continue;
        if (!follows_call_of(frame[FRAME_RETURN], calls[i]))
            kprintf("frame %d from %p\n", i, how);
        CHECK(follows_call_of(frame[FRAME_RETURN], calls[i]));
    }
    frame = (uint32 *)frame[FRAME_LINK]; /* of how(), which was called through a pointer */
    CHECK(frame[FRAME_RETURN] > (uint32)block && frame[FRAME_RETURN] < (uint32)follows_call_of);
    frame = (uint32 *)frame[FRAME_LINK]; /* of block(), made by create() */
    CHECK(frame[FRAME_LINK] == (uint32)base && frame[FRAME_RETURN] == (uint32)userret);
    CHECK(frame[2] == (uint32)how && frame[3] == 0x3333 && &frame[4] == base && *base == STACKMAGIC);
}

static void check_chains(void)
{
    static const struct {
        void (*how)(void);
        void *calls[4];
    } cases[] = {
        {nap, {resched, sleepms}},
        {nap_seconds, {resched, sleepms, sleep}},
        {wait_here, {resched, wait}},
        {receive_here, {resched, receive}},
        {receive_for_a_while, {resched, recvtime}},
        {suspend_here, {resched, suspend}},
        {type_here, {resched, kgetc}},
        {type_in_c, {resched, THROUGH_POINTER, getc, getchar}},
        {give_way, {resched, yield}},
    };
    sem = semcreate(0);
    for (int i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++) {
        int depth = 0;
        while (depth < 4 && cases[i].calls[depth] != NULL)
            depth++;
        if (cases[i].how == give_way)
            chprio(getpid(), 30); /* it yields to an equal */
        pid32 pid = start(cases[i].how);
        check_chain(pid, cases[i].how, (void **)cases[i].calls, depth);
        kill(pid);
        recvclr();
        chprio(getpid(), INITPRIO);
    }
}

/* ---- rewriting: the return address of sleepms() on the stack of a sleeper ---- */

uint32 original;
static volatile int hijacked;

void visit(void)
{
    hijacked++;
}

void hijack(void);
asm(".text\n"
    "hijack:\n"
    "    pushl %eax\n" /* the result of sleepms() */
    "    call visit\n"
    "    popl %eax\n"
    "    jmp *original\n");

static void check_rewriting(void)
{
    pid32 pid = start(nap);
    uint32 *frame = &((uint32 *)proctab[pid].prstkptr)[SAVED_LINK];
    frame = (uint32 *)((uint32 *)frame[FRAME_LINK])[FRAME_LINK];
    CHECK(follows_call_of(frame[FRAME_RETURN], sleepms));
    original = frame[FRAME_RETURN];
    frame[FRAME_RETURN] = (uint32)hijack;
    CHECK(hijacked == 0 && came_back == 0);
    sleepms(60);
    CHECK(hijacked == 1 && came_back == 1 && receive() == (umsg32)pid);
}

process main(void)
{
    check_words();
    check_new_process();
    check_chains();
    check_rewriting();
    checks_done();
    return OK;
}
