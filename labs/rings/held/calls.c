/* calls.c - task 7: flags and segments of the caller, and a caller in ring 0 */
#include <rings.h>

#define ARITHMETIC 0x8d5 /* CF PF AF ZF SF OF */
#define DF 0x400
#define NT 0x4000
#define AC 0x40000

void check_flags(void)
{
    static const uint32 others[] = {0, DF, NT, AC, DF | NT | AC};
    uint32 i;

    for (i = 0; i < 5; i++) {
        uint32 flags = (lab_given.number[i] & ARITHMETIC) | others[i];

        run_program("calls", "flags", flags, 0);
        report("flags %05x", hear());
        report("result right: %s", hear_yes());
        await_end_of_program();
    }
    run_program("calls", "backwards", 0, 0);
    report("spawn() with DF set starts a process: %s", hear_yes());
}

void check_segments(void)
{
    static const uint32 selectors[][2] = {{0x23, 0x1b}, {0x1b, 0x23}, {0, 0x23}, {0x23, 0}, {0, 0}};
    uint32 i;

    for (i = 0; i < 5; i++) {
        uint32 ds, es;

        run_program("calls", "segments", selectors[i][0], selectors[i][1]);
        ds = hear();
        es = hear();
        report("DS %02x, ES %02x, result right: %s", ds, es, hear_yes());
        await_end_of_program();
    }
}

static volatile bool8 went_on;

static process call_from_ring0(void)
{
    volatile uint32 room[16] = {0}; /* for what takes the words above those of the CPU for its own */

    asm volatile("int $0x30" : : "a"(0) : "memory", "ecx", "edx");
    went_on = TRUE;
    return OK + room[0];
}

void check_ring0_call(void)
{
    pid32 pid = create(call_from_ring0, STACK, PRIORITY_ABOVE, "tried", 0);

    recvclr();
    resume(pid);
    report("int $0x30 in ring 0: the process %s", !went_on && isbadpid(pid) ? "is ended" : "goes on");
    run_program("calls", "calls", 1, 0);
    report("then one of ring 3 has right results: %s", hear_yes());
}
