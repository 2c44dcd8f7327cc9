/* A program with a part for a network, and one that includes Xinu's headers by their names. */
#pragma GCC diagnostic ignored "-Wimplicit-function-declaration" /* as course programs use them */
#include <kernel.h>
#include <limits.h>
#include <process.h>
#include <semaphore.h>
#include <shprototypes.h>
#include <udp.h>
#include <unistd.h>

#include "check.h"

/* As several terms have it, with Xinu's types. */
int32 strncmp(char *left, char *right, int32 count)
{
    return count == 3 ? 33 : 0;
}

static void check_calls(void)
{
    char buffer[20];
    uint32 address;
    uint16 port;
    uid32 slot = udp_register(0, 7, 7);

    CHECK(slot == SYSERR && udp_register(1, 0, 7, 7) == SYSERR && udp_release(slot) == SYSERR);
    CHECK(udp_send(slot, buffer, 20) == SYSERR && udp_send(1, 2, 3, 4, buffer, 20) == SYSERR);
    CHECK(udp_sendto(slot, 1, 7, buffer, 20) == SYSERR && udp_recv(slot, buffer, 20, 100) == SYSERR);
    CHECK(udp_recvaddr(slot, &address, &port, buffer, 20, 100) == SYSERR);
    CHECK(getlocalip() == (uint32)SYSERR && dnslookup("host") == (uint32)SYSERR && !NetData.ipvalid);
    CHECK(resume(create(netin, NETSTK, NETPRIO, "netin", 0)) == NETPRIO && receive() > NULLPROC);
    CHECK(icmp_register(1) == SYSERR && read(ETHER0, buffer, 20) == SYSERR);
}

static void check_addresses(void)
{
    char text[16];
    uint32 address = 5;

    CHECK(dot2ip("192.168.1.20", &address) == OK && address == 0xC0A80114);
    CHECK(dot2ip("192.168.1", &address) == (uint32)SYSERR && dot2ip("1.2.3.256", &address) == (uint32)SYSERR);
    CHECK(dot2ip("1..2.3", &address) == (uint32)SYSERR && dot2ip("1.2.3.4.5", &address) == (uint32)SYSERR);
    CHECK(dot2ip("", &address) == (uint32)SYSERR && address == 0xC0A80114);
    ip2dot(0xFF000A01, text);
    CHECK(strcmp(text, "255.0.10.1") == 0);
    CHECK(htons(0x1234) == 0x3412 && htonl(0x12345678) == 0x78563412 && ntohs(htons(77)) == 77);
}

process main(void)
{
    check_calls();
    check_addresses();
    CHECK(strncmp("a", "b", 3) == 33 && SHELL_OK == 0 && INT_MAX == 0x7FFFFFFF);
    CHECK(host2net(0x01020304) == 0x04030201 && getppidtrap(getpid()) == proctab[getpid()].prparent);
    checks_done();
    return OK;
}
