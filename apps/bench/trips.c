/* trips.c - round trips between two processes: a message or a signal, and one in reply */
#include "bench.h"

static pid32 self, partner;
static sid32 ping, pong;

static process replies(void)
{
    for (;;)
        send(self, receive());
    return OK;
}

static process signals_back(void)
{
    for (;;) {
        wait(ping);
        signal(pong);
    }
    return OK;
}

static void message_trip(void)
{
    send(partner, 1);
    receive();
}

static void semaphore_trip(void)
{
    signal(ping);
    wait(pong);
}

static void free_semaphore(void)
{
    signal(ping);
    wait(ping);
}

/* The cost of trip() while another process of the same priority runs body. */
static uint32 cost_with(process (*body)(void), void (*trip)(void))
{
    uint32 cost;

    partner = create(body, STACK, INITPRIO, "partner", 0);
    resume(partner);
    yield(); /* it blocks */
    cost = cost_of(trip, NULL);
    kill(partner);
    recvclr();
    return cost;
}

void measure_round_trips(void)
{
    self = getpid();
    ping = semcreate(0);
    pong = semcreate(0);
    kprintf("round trip: send and receive, to another process and back: %u\n", cost_with(replies, message_trip));
    kprintf("round trip: signal and wait, to another process and back: %u\n", cost_with(signals_back, semaphore_trip));
    kprintf("round trip: signal and wait, by one process: %u\n", cost_of(free_semaphore, NULL));
    semdelete(ping);
    semdelete(pong);
}
