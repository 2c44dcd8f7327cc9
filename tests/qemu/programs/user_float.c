/* user_float.c - ring-3 programs that compute, beside a ring-0 process that does */
#include "float_state.h"

process main(void)
{
    struct state mine;
    pid32 one, two;

    fill(&mine, 1);
    one = upcreate("numbers", INITPRIO, 2, "numbers", "100");
    two = upcreate("numbers", INITPRIO, 2, "numbers", "200");
    CHECK(resume(one) == INITPRIO && resume(two) == INITPRIO);
    int wrong = 0;
    for (int i = 0; i < 60; i++) {
        spin(1);
        wrong += !holds(&mine);
    }
    CHECK(wrong == 0);
    while (proctab[one].prstate != PR_FREE || proctab[two].prstate != PR_FREE)
        sleepms(10);
    CHECK(holds(&mine));
    CHECK(kcheck() == NULL);
    /* What a ring-3 program leaves in the registers is not seen by the next, of either ring. */
    for (int i = 0; i < 2; i++) {
        resume(upcreate("floating", INITPRIO + 1, 1, "floating"));
        recvtime(1000);
        CHECK(holds(&mine));
    }
    checks_done();
    return OK;
}
