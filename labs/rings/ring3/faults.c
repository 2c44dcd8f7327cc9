/* faults.c - in ring 3: does what it must not do; it tells the checking process that it goes on, if it does */
#include "tell.h"

static volatile int sink;
static const uint32 constant = 1;
static volatile uint32 variable;

/* `int n`, for each n. */
asm(".pushsection .text\n"
    "interrupts:\n"
    ".set vector, 0\n"
    ".rept 256\n\t"
    ".byte 0xcd, vector\n\t"
    "ret\n\t"
    ".byte 0x90\n"
    ".set vector, vector + 1\n"
    ".endr\n"
    ".popsection");
extern const byte interrupts[];

static void execute(uint32 address)
{
    ((void (*)(void))address)();
}

static void use_memory(const char *what, uint32 address)
{
    volatile byte *at = (volatile byte *)address;

    if (is(what, "read"))
        (void)*at;
    if (is(what, "write"))
        *at = 1;
    if (is(what, "execute"))
        execute(address);
    if (is(what, "read-const"))
        (void)*(const volatile uint32 *)&constant;
    if (is(what, "write-const"))
        *(volatile uint32 *)&constant = 2;
    if (is(what, "write-code"))
        *(volatile byte *)&text = 0x90;
    if (is(what, "write-variable"))
        variable = 1;
}

static void be_privileged(const char *what)
{
    static const char table[6];

    if (is(what, "cli"))
        asm volatile("cli");
    if (is(what, "sti"))
        asm volatile("sti");
    if (is(what, "hlt"))
        asm volatile("hlt");
    if (is(what, "lgdt"))
        asm volatile("lgdt %0" : : "m"(table));
    if (is(what, "movcr3"))
        asm volatile("movl %0, %%cr3" : : "r"(0));
    if (is(what, "in"))
        asm volatile("inb $0x60, %%al" : : : "eax");
    if (is(what, "out"))
        asm volatile("outb %%al, $0x21" : : "a"(0xff));
}

/* Fills its stack down to the page below it, or touches what is so many bytes below it. */
static uint32 overflow(uint32 depth)
{
    volatile byte room[512];

    room[0] = depth;
    return overflow(depth + 1) + room[0];
}

process main(int argc, char **argv)
{
    const char *what = argv[2];
    uint32 number = argc > 3 ? atoi(argv[3]) : 0;

    parent = atoi(argv[1]);
    use_memory(what, number);
    be_privileged(what);
    if (is(what, "divide"))
        sink = 100 / (int)number;
    if (is(what, "segment"))
        asm volatile("movw %w0, %%es" : : "r"(number));
    if (is(what, "int"))
        execute((uint32)interrupts + 4 * number);
    if (is(what, "overflow"))
        sink = overflow(0);
    tell(GOES_ON);
    return OK;
}
