// date.cpp - the time of day
#include "kernel/base/arch.hpp"

#include <xinu.h>

#include <array>
#include <chrono>

namespace
{

using namespace std::chrono;

constexpr std::array<const char *, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

uint32 seconds_since_1970(const detour::arch::DateAndTime &now)
{
    const sys_days day = year{now.year} / month{now.month} / std::chrono::day{now.day};
    return static_cast<uint32>(day.time_since_epoch().count()) * 86400 + now.hour * 3600U + now.minute * 60U +
           now.second;
}

} // namespace

status getutime(uint32 *timvar)
{
    detour::arch::DateAndTime now{};
    if (timvar == nullptr || !detour::arch::read_date(now))
        return SYSERR;
    *timvar = seconds_since_1970(now);
    return OK;
}

extern "C" [[gnu::alias("getutime")]] status gettime(uint32 *timvar);

status ascdate(uint32 time, char *text)
{
    if (text == nullptr)
        return SYSERR;
    const year_month_day date{sys_days{days{time / 86400}}};
    const uint32 second = time % 86400;
    sprintf(text, "%s %u, %d %02u:%02u:%02u", kMonths[unsigned{date.month()} - 1], unsigned{date.day()},
            int{date.year()}, second / 3600, second / 60 % 60, second % 60);
    return OK;
}
