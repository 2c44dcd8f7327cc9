/* detour_frame.c - R8, R10: the stack that a detour makes, and the fields when its callback begins */
#include "detour_registers.h"

extern char cbfmanager[];

/* ---- R8 ---- */

static struct registers frame_found;
static uint32 ip_found, cs_found, esp_above_frame, return_address, words_between;

/* Reads the stack upwards from where the callback began. */
static void inspect_stack(void)
{
    const uint32 *stack = (const uint32 *)esp_in_callback;
    uint32 i;

    return_address = stack[0];
    for (i = 1; i < 12; i++)
        if (stack[i] == pattern.edi && stack[i + 1] == pattern.esi)
            break;
    words_between = i - 1;
    memcpy(&frame_found, stack + i, 8 * 4);
    ip_found = stack[i + 8];
    cs_found = stack[i + 9];
    frame_found.flags = stack[i + 10];
    esp_above_frame = (uint32)(stack + i + 11);
}

static void frame_is_as_drawn(uint32 flags)
{
    uint32 cs;

    asm("movl %%cs, %0" : "=r"(cs));
    CHECK(return_address >= (uint32)cbfmanager && in_detour_code(return_address));
    CHECK(words_between <= 3); /* the claimed callbacks */
    CHECK(frame_found.edi == pattern.edi && frame_found.esi == pattern.esi && frame_found.ebp == pattern.ebp);
    CHECK(frame_found.ebx == pattern.ebx && frame_found.edx == pattern.edx && frame_found.ecx == pattern.ecx);
    CHECK(frame_found.eax == pattern.eax);
    CHECK(frame_found.esp == loaded.esp - 12); /* after EF CS IP */
    CHECK(ip_found == resume_address);
    CHECK((cs_found & 0xffff) == cs);
    CHECK(frame_found.flags == flags);
    CHECK(esp_above_frame == loaded.esp);
}

static void r08(void)
{
    loaded = pattern;
    loaded.flags = EFLAGS_IF | EFLAGS_CF | EFLAGS_SF | 2;
    also_in_callback = inspect_stack;
    hold_clock();
    cbsignal(CB_ALARM, wrecking_callback, 0);
    interrupt_once();
    frame_is_as_drawn(loaded.flags);

    loaded.flags = EFLAGS_IF | EFLAGS_DF | EFLAGS_OF | EFLAGS_ZF | 2;
    cbsignal(CB_MESSAGE, wrecking_callback, 0); /* the same detour for a message that finds no sleepms() (R16) */
    send(currpid, 1);
    interrupt_once();
    frame_is_as_drawn(loaded.flags);
    recvclr();

    watch(cbfmanager); /* iret leaves ESP at 8 (EDI) */
    cbsignal(CB_ALARM, wrecking_callback, 0);
    interrupt_once();
    watch(NULL);
    CHECK(times_watched == 1);
    CHECK(watched_esp == loaded.esp - 11 * 4);
    CHECK((watched_flags & EFLAGS_DF) == 0);
    CHECK(watched_stack[0] == pattern.edi && watched_stack[1] == pattern.esi && watched_stack[2] == pattern.ebp);
    CHECK(watched_stack[3] == loaded.esp - 12 && watched_stack[4] == pattern.ebx && watched_stack[5] == pattern.edx);
    CHECK(watched_stack[6] == pattern.ecx && watched_stack[7] == pattern.eax);
    CHECK(watched_stack[8] == resume_address && watched_stack[10] == loaded.flags);
    also_in_callback = NULL;
    release_clock();
    rule_done("R08");
}

/* ---- R10 ---- */

/* The fields of the process at the first instruction of its callback. */
struct procent *self;
struct procent seen;
callback then_do;
void reading_callback(void);
asm(".pushsection .text\n"
    "reading_callback:\n\t"
    "pushal\n\t"
    "movl self, %esi\n\t"
    "movl $seen, %edi\n\t"
    "movl $seen_words, %ecx\n\t"
    "movl (%ecx), %ecx\n\t"
    "rep movsl\n\t"
    "movl $1, done\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");
const uint32 seen_words = sizeof(struct procent) / 4;

static int seen_outstanding(int alarm, int message)
{
    return done && seen.pralarmreg == alarm && seen.prmsgreg == message && seen.pretype == alarm + 2 * message;
}

static void r10(void)
{
    self = me;
    hold_clock();
    done = FALSE;
    cbsignal(CB_ALARM, reading_callback, 0);
    CHECK(outstanding(currpid, 1, 0));
    tick();
    CHECK(seen_outstanding(0, 0));

    done = FALSE; /* the other registration is not touched */
    cbsignal(CB_MESSAGE, reading_callback, 0);
    cbsignal(CB_ALARM, reading_callback, 1);
    CHECK(outstanding(currpid, 1, 1));
    tick();
    CHECK(seen_outstanding(0, 1));
    CHECK(outstanding(currpid, 0, 1));

    done = FALSE; /* and the other way round */
    cbsignal(CB_ALARM, reading_callback, 5000);
    send(currpid, 1);
    CHECK(outstanding(currpid, 1, 1));
    tick();
    CHECK(seen_outstanding(1, 0));
    CHECK(seen.prhasmsg && seen.prmsg == 1);
    recvclr();
    release_clock();
    rule_done("R10");
}

process main(void)
{
    r08();
    r10();
    return OK;
}
