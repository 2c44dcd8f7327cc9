// stacktrace.cpp - stackshow() under Xinu's name
#include <xinu.h>

extern "C" [[gnu::weak]] syscall stacktrace(pid32 pid)
{
    return stackshow(pid);
}
