/*
 * philosophers.c - five philosophers, five forks
 *
 * Each needs the two forks beside the plate. If all took the left one first, each could hold one and wait for ever for
 * the other. The last one takes the right one first: then there is no circle.
 */
#include <xinu.h>

#define SEATS 5
#define MEALS 2

static sid32 fork[SEATS], done;

static process philosopher(int32 seat)
{
    int32 first = seat, second = (seat + 1) % SEATS, meal;

    if (seat == SEATS - 1) {
        first = 0;
        second = seat;
    }
    for (meal = 1; meal <= MEALS; meal++) {
        sleepms(10); /* thinks */
        wait(fork[first]);
        sleepms(1); /* now others take theirs */
        wait(fork[second]);
        printf("philosopher %d eats meal %d\n", seat, meal);
        sleepms(5);
        signal(fork[second]);
        signal(fork[first]);
    }
    signal(done);
    return OK;
}

process main(void)
{
    int32 seat;

    done = semcreate(0);
    for (seat = 0; seat < SEATS; seat++)
        fork[seat] = semcreate(1);
    for (seat = 0; seat < SEATS; seat++)
        resume(create(philosopher, 4096, INITPRIO, "philosopher", 1, seat));
    for (seat = 0; seat < SEATS; seat++)
        wait(done);
    for (seat = 0; seat < SEATS; seat++)
        semdelete(fork[seat]);
    semdelete(done);
    printf("all have eaten\n");
    return OK;
}
