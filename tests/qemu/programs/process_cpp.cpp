// create() from a C++ program: arguments, a return into userret, and exit()
#include <xinu.h>

namespace
{

volatile uint32 sum;

process add(uint32 a, uint32 b, uint32 c)
{
    sum = a + b * c;
    return OK;
}

process leave(uint32 *flag)
{
    *flag = 1;
    exit();
}

} // namespace

int main()
{
    const pid32 adder = create(reinterpret_cast<void *>(add), 4096, 25, "add", 3, 1, 20, 300);
    resume(adder);
    const bool added = sum == 6001 && receive() == static_cast<umsg32>(adder);
    uint32 flag = 0;
    const pid32 leaver = create(reinterpret_cast<void *>(leave), 4096, 25, "leave", 1, &flag);
    resume(leaver);
    const bool left = flag == 1 && receive() == static_cast<umsg32>(leaver);
    kprintf("checks: %d passed, %d failed\n", added + left, 2 - added - left);
}
