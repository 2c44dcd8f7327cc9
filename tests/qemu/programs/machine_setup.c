/* The machine as the boot code sets it up: descriptor tables, paging bits, interrupt controllers. */
#include "check.h"

struct table {
    unsigned short limit;
    const byte *base;
} __attribute__((packed));

static byte in(unsigned short port)
{
    byte value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static void out(unsigned short port, byte value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void check_tables(void)
{
    struct table idt, gdt;
    unsigned short task, code, data, stack;
    asm volatile("sidt %0; sgdt %1" : "=m"(idt), "=m"(gdt));
    asm volatile("str %0; movw %%cs, %1; movw %%ds, %2; movw %%ss, %3"
                 : "=r"(task), "=r"(code), "=r"(data), "=r"(stack));
    CHECK(code == 0x08 && data == 0x23 && stack == 0x10 && task == 0x28); /* the data segment of ring 3 */
    CHECK(gdt.limit >= 7 * 8 - 1 && idt.limit == 256 * 8 - 1);
    CHECK((gdt.base[0x28 + 5] & 0x9f) == 0x8b); /* a busy 32-bit TSS */
    int interrupt_gates = 0, for_ring3 = 0;
    for (int vector = 0; vector < 256; vector++) {
        interrupt_gates += (idt.base[vector * 8 + 5] & ~0x60) == 0x8e && idt.base[vector * 8 + 2] == 0x08;
        for_ring3 += (idt.base[vector * 8 + 5] & 0x60) != 0;
    }
    CHECK(interrupt_gates == 255 && idt.base[8 * 8 + 5] == 0x85); /* the double fault has a task gate */
    CHECK(for_ring3 == 2 && idt.base[3 * 8 + 5] == 0xee && idt.base[0x30 * 8 + 5] == 0xee);
    CHECK(gdt.base[idt.base[8 * 8 + 2] + 5] == 0x89);
}

static void check_paging(void)
{
    uint32 cr0, *directory;
    asm volatile("movl %%cr0, %0; movl %%cr3, %1" : "=r"(cr0), "=r"(directory));
    CHECK((cr0 & 0x80010001) == 0x80010001); /* PG, WP, PE */
    int read_only = 0, writable = 0, user = 0;
    for (uint32 page = (uint32)&text; page < (uint32)&end; page += 4096) {
        uint32 entry = ((uint32 *)(directory[page >> 22] & ~4095))[page >> 12 & 1023];
        read_only += page < (uint32)&data && (entry & 7) == 1;
        writable += page >= (uint32)&data && (entry & 3) == 3;
        user += (entry & 4) != 0;
    }
    CHECK(read_only == (int)((uint32)&data - (uint32)&text) / 4096 && user == 0);
    CHECK(writable == (int)((uint32)&end - (uint32)&data) / 4096 - 2); /* but for two guard pages */
    CHECK(((uint32 *)(directory[0] & ~4095))[0] == 0 && directory[256] == 0);
    CHECK((uint32)&text == 0x100000 && &text < &etext && &etext <= &data && &data <= &edata && &edata <= &bss);
    CHECK(&bss <= &ebss && &ebss == &end);
}

static byte in_service(unsigned short port)
{
    out(port, 0x0b);
    return in(port);
}

/* A spurious interrupt has nothing in service: its handler must neither end one that is not in service nor
 * stop the clock. */
static void check_spurious(void)
{
    CHECK((in(0x21) & 0x17) == 0x02 && in(0xa1) == 0xff); /* clock, cascade, serial line open */
    for (int i = 0; i < 100; i++)
        asm volatile("int $39; int $47");
    uint32 msec = clkcountermsec;
    CHECK(sleepms(10) == OK && clkcountermsec - msec == 10);
    disable();
    CHECK(in_service(0x20) == 0 && in_service(0xa0) == 0);
    enable();
}

process main(void)
{
    check_tables();
    check_paging();
    check_spurious();
    checks_done();
    return OK;
}
