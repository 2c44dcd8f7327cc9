/* wild_callback.c - a timer on top of cbsignal(), which calls a function with an argument */
#include <xinu.h>

struct timer {
    void (*function)(const struct timer *);
    uint32 started; /* msec */
    char label[16];
};

static struct timer *pending;

static void on_alarm(void)
{
    struct timer *timer = pending;

    pending = NULL;
    timer->function(timer);
}

static void start_timer(struct timer *timer, uint32 msec)
{
    timer->started = clkcountermsec;
    pending = timer;
    cbsignal(CB_ALARM, on_alarm, msec);
}

static void ring(const struct timer *timer)
{
    printf("%s! started at msec %u, now it is msec %u\n", timer->label, timer->started, clkcountermsec);
}

static void remind(const char *what, uint32 msec)
{
    struct timer timer = {.function = ring};

    strncpy(timer.label, what, sizeof timer.label - 1);
    start_timer(&timer, msec);
}

/* The cost of a month in which each day costs more than the one before. */
static int32 costs(int32 month)
{
    int32 days[30], sum = 0;

    for (int32 i = 0; i < 30; i++)
        days[i] = -100 * month - i;
    for (int32 i = 0; i < 30; i++)
        sum += days[i];
    return sum;
}

process main(void)
{
    int32 sum = 0;

    remind("tea", 50);
    for (int32 month = 1; clkcountermsec < 100; month++)
        sum += costs(month);
    printf("all months: %d\n", sum);
    return OK;
}
