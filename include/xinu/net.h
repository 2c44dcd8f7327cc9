/*
 * net.h - Xinu's network, for programs that have a part for it: there is none (system/rare/network.cpp)
 *
 * The calls say so once each on the console, and return SYSERR. What needs no network works: the order of bytes, and
 * addresses as text.
 */
#ifndef XINU_NET_H
#define XINU_NET_H

#include <xinu/types.h>

typedef int32 uid32; /* number of a registered UDP port */

#define ETHER0 SYSERR /* the network interface as a device: calls on it return SYSERR, too */
#define ETH_ADDR_LEN 6
#define IP_BCAST 0xFFFFFFFF
#define UDP_SLOTS 6
#define NETSTK 8192 /* stack and priority of a process netin */
#define NETPRIO 500
#define TFTP_PORT 69
#define TFTP_MAXDATA 512

/* What Xinu knows of its network: nothing, ipvalid is FALSE. */
struct network {
    uint32 ipucast; /* the own address, */
    uint32 ipbcast; /* that of all on the network, */
    uint32 ipmask, ipprefix;
    uint32 iprouter, bootserver, dnsserver, ntpserver;
    bool8 ipvalid;
    byte ethucast[ETH_ADDR_LEN], ethbcast[ETH_ADDR_LEN];
    char bootfile[128];
};

#ifdef __cplusplus
#define XINU_ANY ...
extern "C" {
#else
#define XINU_ANY /* terms differ in the arguments, as in those of udp_send(): C does not look at them */
#endif

extern struct network NetData;

void net_init(void);
process netin(void);     /* the process that receives packets: ends at once */
uint32 getlocalip(void); /* (uint32)SYSERR */
uint32 dnslookup(XINU_ANY);
void udp_init(void);
uid32 udp_register(XINU_ANY);
int32 udp_recv(XINU_ANY);
int32 udp_recvaddr(XINU_ANY);
status udp_send(XINU_ANY);
status udp_sendto(XINU_ANY);
status udp_release(XINU_ANY);
void icmp_init(void);
int32 icmp_register(XINU_ANY);
int32 icmp_recv(XINU_ANY);
status icmp_send(XINU_ANY);
syscall icmp_release(XINU_ANY);
status arp_resolve(XINU_ANY);
int32 tftpget(XINU_ANY);

/* Stores the address of a text as "192.168.1.2", the first number in the highest byte. SYSERR: it is none. */
uint32 dot2ip(const char *dotted, uint32 *address);

/* The other way: at most 16 bytes with the NUL. */
void ip2dot(uint32 address, char *dotted);

#ifdef __cplusplus
}
#endif

/* Numbers in the order of the network, the highest byte first, and back. */
#ifndef htons
#define htons(x) __builtin_bswap16((uint16)(x))
#define ntohs(x) __builtin_bswap16((uint16)(x))
#define htonl(x) __builtin_bswap32((uint32)(x))
#define ntohl(x) __builtin_bswap32((uint32)(x))
#endif

#endif
