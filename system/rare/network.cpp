// network.cpp - calls of Xinu's network, which is not there: each says so the first time that it is called
#include <xinu.h>

extern "C" {

[[gnu::weak]] network NetData{};

namespace
{

int32 no_network(const char *call, bool &said)
{
    if (!said)
        kprintf("%s: this kernel has no network\n", call);
    said = true;
    return SYSERR;
}

} // namespace

#define NO_NETWORK(type, call)                                                                                         \
    [[gnu::weak]] type call(...)                                                                                       \
    {                                                                                                                  \
        static bool said;                                                                                              \
        return static_cast<type>(no_network(#call, said));                                                             \
    }

[[gnu::weak]] process netin()
{
    static bool said;
    return no_network("netin", said);
}

NO_NETWORK(uint32, dnslookup)
NO_NETWORK(uid32, udp_register)
NO_NETWORK(int32, udp_recv)
NO_NETWORK(int32, udp_recvaddr)
NO_NETWORK(status, udp_send)
NO_NETWORK(status, udp_sendto)
NO_NETWORK(status, udp_release)
NO_NETWORK(int32, icmp_register)
NO_NETWORK(int32, icmp_recv)
NO_NETWORK(status, icmp_send)
NO_NETWORK(syscall, icmp_release)
NO_NETWORK(status, arp_resolve)
NO_NETWORK(int32, tftpget)

[[gnu::weak]] uint32 getlocalip()
{
    static bool said;
    return static_cast<uint32>(no_network("getlocalip", said));
}

// What prepares the network has nothing to prepare.
[[gnu::weak]] void net_init() {}
[[gnu::weak]] void udp_init() {}
[[gnu::weak]] void icmp_init() {}
}
