/* A device of the program's own: the periodic interrupt of the real-time clock, IRQ 8, as a device that counts. It
 * takes the place of NULLDEV in the switch, as a program may that shall not change the kernel. */
#include "check.h"

#define RTC_INDEX 0x70
#define RTC_DATA 0x71
#define RTC_B 0x0B
#define RTC_PERIODIC 0x40 /* in register B: 1024 interrupts a second */
#define RTC_C 0x0C        /* reading it ends the interrupt */

static volatile int32 interrupts;
static volatile bool8 in_handler;
static int32 in_the_middle; /* how often the reader ran there */
static sid32 tick;

static byte rtc_read(byte index)
{
    outb(RTC_INDEX, index);
    return inb(RTC_DATA);
}

static void rtc_write(byte index, byte value)
{
    outb(RTC_INDEX, index);
    outb(RTC_DATA, value);
}

/* signal() makes a process ready that has a higher priority: it runs after the handler, not in the middle. */
static interrupt rtc_handler(void)
{
    in_handler = TRUE;
    rtc_read(RTC_C);
    resched_cntl(DEFER_START);
    signal(tick);
    resched_cntl(DEFER_STOP);
    interrupts++;
    in_handler = FALSE;
}

static devcall rtc_init(struct dentry *device)
{
    tick = semcreate(0);
    rtc_write(RTC_B, rtc_read(RTC_B) | RTC_PERIODIC);
    rtc_read(RTC_C);
    return set_evec(device->dvirq, (uint32)device->dvintr);
}

static devcall rtc_close(struct dentry *device)
{
    (void)device;
    rtc_write(RTC_B, rtc_read(RTC_B) & ~RTC_PERIODIC);
    return semdelete(tick);
}

/* Waits for the next interrupt, and returns how many there were. */
static devcall rtc_getc(struct dentry *device)
{
    (void)device;
    wait(tick);
    in_the_middle += in_handler;
    return interrupts;
}

static process reader(pid32 parent)
{
    int32 reads = 0, last = 0, count, later = 0;

    for (; reads < 50; reads++, last = count)
        later += (count = getc(NULLDEV)) > last;
    send(parent, (umsg32)later);
    return OK;
}

static void check_arguments(void)
{
    static const uint32 refused[] = {0, 14, 31, 32, 34, 36, 46, 48, 0xFFFFFFFF};

    for (uint32 i = 0; i < sizeof refused / sizeof refused[0]; i++)
        CHECK(set_evec(refused[i], (uint32)rtc_handler) == SYSERR);
    CHECK(set_evec(40, 0) == SYSERR);
}

process main(void)
{
    struct dentry *row = &devtab[NULLDEV];

    check_arguments();
    row->dvinit = rtc_init, row->dvclose = rtc_close, row->dvgetc = rtc_getc;
    row->dvintr = rtc_handler, row->dvirq = 40;
    __asm__ volatile("int $43"); /* IRQ 11, which nobody claims: no harm */
    CHECK(init(NULLDEV) == OK);
    resume(create(reader, 8192, getprio(getpid()) + 10, "reader", 1, getpid()));
    while (interrupts < 25)
        ; /* interrupted here, and then in the null process */
    CHECK(receive() == 50 && in_the_middle == 0);
    CHECK(close(NULLDEV) == OK);
    sleepms(20); /* the clock goes on */
    checks_done();
    return OK;
}
