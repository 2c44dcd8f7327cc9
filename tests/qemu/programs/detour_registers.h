/* detour_registers.h - known registers in interrupted code, a callback that spoils them, and a debug
 * exception to look in between */
#ifndef DETOUR_REGISTERS_H
#define DETOUR_REGISTERS_H

#include "detour.h"

static volatile int done; /* how often the callback has run */

/* The eight registers as pushal stores them, lowest address first, and the flags. */
struct registers {
    uint32 edi, esi, ebp, esp, ebx, edx, ecx, eax, flags;
};

static const struct registers pattern = {0x77777771, 0x66666662, 0x55555553, 0, 0x33333335,
                                         0x22222226, 0x11111117, 0x10101018, 0};

/* All but ESP and, which a loop may need, ECX; and to look at them afterwards. Leave the flags alone. */
#define LOAD_REGISTERS                                                                                                 \
    "movl loaded+0, %edi\n\t"                                                                                          \
    "movl loaded+4, %esi\n\t"                                                                                          \
    "movl loaded+8, %ebp\n\t"                                                                                          \
    "movl loaded+16, %ebx\n\t"                                                                                         \
    "movl loaded+20, %edx\n\t"                                                                                         \
    "movl loaded+28, %eax\n\t"
#define STORE_REGISTERS                                                                                                \
    "movl %esp, stored+12\n\t"                                                                                         \
    "pushfl\n\t"                                                                                                       \
    "popl stored+32\n\t"                                                                                               \
    "movl %edi, stored+0\n\t"                                                                                          \
    "movl %esi, stored+4\n\t"                                                                                          \
    "movl %ebp, stored+8\n\t"                                                                                          \
    "movl %ebx, stored+16\n\t"                                                                                         \
    "movl %edx, stored+20\n\t"                                                                                         \
    "movl %ecx, stored+24\n\t"                                                                                         \
    "movl %eax, stored+28\n\t"

/* What the code had before and after the interrupt, and what the callback found at its first instruction. */
struct registers loaded, stored;
uint32 flags_in_callback, esp_in_callback, resume_address;
callback also_in_callback;

/*
 * The callback: notes ESP and the flags before it changes either, calls also_in_callback (compiled code), then leaves
 * every register but ESP and all flags changed, DF and NT included.
 */
void wrecking_callback(void);
asm(".pushsection .text\n"
    "wrecking_callback:\n\t"
    "movl %esp, esp_in_callback\n\t"
    "pushfl\n\t"
    "popl flags_in_callback\n\t"
    "movl also_in_callback, %eax\n\t"
    "testl %eax, %eax\n\t"
    "jz 1f\n\t"
    "call *%eax\n"
    "1:\tincl done\n\t"
    "pushfl\n\t"
    "xorl $0x4cd5, (%esp)\n\t" /* the arithmetic flags, DF, NT */
    "popfl\n\t"
    "movl $0xdeadbee1, %eax\n\t"
    "movl $0xdeadbee2, %ebx\n\t"
    "movl $0xdeadbee3, %ecx\n\t"
    "movl $0xdeadbee4, %edx\n\t"
    "movl $0xdeadbee5, %esi\n\t"
    "movl $0xdeadbee6, %edi\n\t"
    "movl $0xdeadbee7, %ebp\n\t"
    "ret\n"
    ".popsection");

/* Loads `loaded`, takes one clock interrupt at the address in resume_address - 2, and stores all in `stored`.
 */
void interrupt_once(void);
asm(".pushsection .text\n"
    "interrupt_once:\n\t"
    "pushal\n\t"
    "pushfl\n\t"
    "movl $after_interrupt, resume_address\n\t"
    "movl %esp, loaded+12\n\t"
    "movl loaded+24, %ecx\n\t" LOAD_REGISTERS "pushl loaded+32\n\t"
    "popfl\n\t"
    "int $32\n"
    "after_interrupt:\n\t" STORE_REGISTERS "popfl\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");

/*
 * A debug exception at one instruction, for which vector 1 is borrowed, shows the stack and the flags of that moment.
 */
uint32 watched_esp, watched_flags, watched_stack[11];
volatile int times_watched;
void on_debug_exception(void);
asm(".pushsection .text\n"
    "on_debug_exception:\n\t"
    "pushal\n\t"
    "cld\n\t"
    "leal 44(%esp), %esi\n\t" /* above pushal and EF CS IP of the exception */
    "movl %esi, watched_esp\n\t"
    "movl 40(%esp), %eax\n\t"
    "movl %eax, watched_flags\n\t"
    "movl $watched_stack, %edi\n\t"
    "movl $11, %ecx\n\t"
    "rep movsl\n\t"
    "incl times_watched\n\t"
    "orl $0x10000, 40(%esp)\n\t" /* RF: the instruction itself is not to trap again */
    "popal\n\t"
    "iret\n"
    ".popsection");

/* Sets, or with NULL clears, the watched instruction. */
static inline void watch(const void *instruction)
{
    static uint32 old[2];
    struct {
        uint16 limit;
        uint32 base;
    } __attribute__((packed)) table;
    uint32 *gate, handler = (uint32)on_debug_exception, cs;

    asm volatile("sidt %0" : "=m"(table));
    asm("movl %%cs, %0" : "=r"(cs));
    gate = (uint32 *)(table.base + 1 * 8);
    if (instruction != NULL) {
        times_watched = 0;
        memcpy(old, gate, 8);
        gate[0] = cs << 16 | (handler & 0xffff);
        gate[1] = (handler & 0xffff0000) | 0x8e00;
        asm volatile("movl %0, %%db0\n\tmovl %1, %%db7" : : "r"(instruction), "r"(0x2));
    } else {
        asm volatile("movl %0, %%db7" : : "r"(0));
        memcpy(gate, old, 8);
    }
}

#endif
