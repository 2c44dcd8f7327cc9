/* missing_eoi.c - counts the interrupts of the real-time clock, 1024 a second */
#include <xinu.h>

#define VECTOR_RTC 0x28 /* IRQ 8 */
#define RTC_INDEX 0x70
#define RTC_DATA 0x71
#define PIC_SLAVE_DATA 0xA1

struct gate {
    uint16 offset_low, selector, type, offset_high;
};
struct __attribute__((packed)) table_pointer {
    uint16 limit;
    struct gate *base;
};

static volatile uint32 ticks;

static void out(uint16 port, byte value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static byte in(uint16 port)
{
    byte value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static byte rtc(byte index)
{
    out(RTC_INDEX, index);
    return in(RTC_DATA);
}

void on_rtc(void)
{
    ticks++;
    rtc(0x0C);       /* reading register C acknowledges the interrupt to the clock */
    out(0x20, 0x20); /* end of interrupt */
}

void rtc_entry(void);
__asm__(".pushsection .text\n"
        "rtc_entry: pushal\n"
        "cld\n"
        "call on_rtc\n"
        "popal\n"
        "iret\n"
        ".popsection");

static void start_rtc(void)
{
    intmask mask = disable();
    struct table_pointer idt;

    __asm__ volatile("sidt %0" : "=m"(idt));
    idt.base[VECTOR_RTC] = (struct gate){(uint32)rtc_entry, 0x08, 0x8E00, (uint32)rtc_entry >> 16};
    byte with_interrupts = rtc(0x0B) | 0x40;
    out(RTC_INDEX, 0x0B);
    out(RTC_DATA, with_interrupts);
    out(PIC_SLAVE_DATA, in(PIC_SLAVE_DATA) & ~1);
    restore(mask);
}

process main(void)
{
    start_rtc();
    while (ticks < 100)
        sleepms(10);
    printf("%u ticks at msec %u\n", ticks, clkcountermsec);
    return OK;
}
