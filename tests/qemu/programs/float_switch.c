/* float_switch.c - processes that compute with the x87 do not notice each other, nor the process before */
#include "float_state.h"

#define WORKERS 3
#define PRIORITY 20

static volatile int working, wrong;

/* Interrupted anywhere, and also yields by itself. */
static process worker(int first)
{
    struct state mine;
    volatile double sum = 0;

    wrong += !is_clean();
    fill(&mine, first);
    for (int i = 0; i < 40; i++) {
        spin(1);
        wrong += !holds(&mine);
        if (i % 8 == 0)
            sleepms(1);
        wrong += !holds(&mine);
    }
    asm volatile("fninit");
    for (int i = 1; i <= 20000; i++)
        sum += (double)first / i - (double)(first - 1) / i;
    wrong += !(sum > 10.480 && sum < 10.481);
    working--;
    return OK;
}

static process visitor(void)
{
    struct state mine;

    CHECK(is_clean());
    fill(&mine, 1000);
    return OK;
}

static process sleeper(void)
{
    struct state mine;

    fill(&mine, 2000);
    sleepms(1000);
    return OK;
}

process main(void)
{
    struct state mine;

    fill(&mine, 1);
    for (int i = 0; i < WORKERS; i++) {
        working++;
        resume(create(worker, 4096, PRIORITY, "worker", 1, 100 * (i + 1)));
    }
    while (working > 0)
        sleepms(10);
    CHECK(wrong == 0);
    CHECK(holds(&mine));

    /* Each table entry is used twice. */
    uint32 pages = freepages();
    for (int i = 0; i < 2 * NPROC; i++) {
        resume(create(visitor, 4096, PRIORITY + 1, "visitor", 0));
        receive();
        pid32 pid = create(sleeper, 4096, PRIORITY + 1, "sleeper", 0);
        resume(pid);
        kill(pid);
        receive();
    }
    CHECK(freepages() == pages);
    CHECK(holds(&mine));
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
