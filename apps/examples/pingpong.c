/* pingpong.c - two processes send each other a number, which each increases */
#include <xinu.h>

#define LAST 6

static process player(const char *call)
{
    umsg32 partner = receive(), ball;

    do {
        ball = receive();
        printf("%s %u\n", call, ball);
        send((pid32)partner, ball + 1);
    } while (ball < LAST - 1);
    return OK;
}

process main(void)
{
    pid32 ping = create(player, 4096, INITPRIO + 1, "ping", 1, "ping");
    pid32 pong = create(player, 4096, INITPRIO + 1, "pong", 1, "     pong");

    resume(ping);
    resume(pong);
    send(ping, (umsg32)pong);
    send(pong, (umsg32)ping);
    send(ping, 1);
    while (!isbadpid(ping) || !isbadpid(pong))
        sleepms(1);
    recvclr();
    return OK;
}
