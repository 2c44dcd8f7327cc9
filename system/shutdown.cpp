// shutdown.cpp - ending the run
#include "kernel/process/shutdown.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/report/panic.hpp"

#include <xinu.h>

using namespace detour;

void panic(const char *message)
{
    kernel_panic(message, panic_site_here());
}

void xdone()
{
    all_processes_completed();
}

void halt()
{
    arch::power_off(arch::Ending::kCompleted);
}
