// window.cpp - functions that need no system call: they read the window or the time stamp counter; and sleep(), which
// calls sleepms()
#include <xinu.h>

#include <cstddef>

// user.ld and stubs.S use these offsets.
static_assert(offsetof(windowheader, msec) == 0);
static_assert(offsetof(windowheader, seconds) == 4);
static_assert(offsetof(windowheader, current) == 8);
static_assert(offsetof(windowheader, count) == 12);
static_assert(offsetof(windowheader, has_sysenter) == 16);
static_assert(USER_WINDOW_TABLE + NPROC * sizeof(publicentry) <= USER_CBFMANAGER);

namespace
{

constexpr int32 kMsecPerSecond = 1000;

} // namespace

pid32 getpid()
{
    return currpid;
}

uint64 getticks()
{
    return __builtin_ia32_rdtsc();
}

syscall sleep(int32 seconds)
{
    if (seconds < 0 || seconds > MAXSECONDS)
        return SYSERR;
    return sleepms(seconds * kMsecPerSecond);
}
