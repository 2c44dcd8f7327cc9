// device.cpp - Xinu's device calls: one bounds check, and one call through the device's row of the switch
#include <xinu.h>

#include <limits>

namespace
{

constexpr uint32 kMaxCount = std::numeric_limits<devcall>::max(); // the largest count that read() can return

static_assert(NDEVS <= std::numeric_limits<int8>::max(), "a descriptor of a process is an int8");

} // namespace

devcall ionull()
{
    return OK;
}

devcall ioerr()
{
    return SYSERR;
}

devcall init(did32 device)
{
    return isbaddev(device) ? SYSERR : devtab[device].dvinit(&devtab[device]);
}

devcall open(did32 device, const char *name, const char *mode)
{
    return isbaddev(device) ? SYSERR : devtab[device].dvopen(&devtab[device], name, mode);
}

devcall close(did32 device)
{
    return isbaddev(device) ? SYSERR : devtab[device].dvclose(&devtab[device]);
}

devcall read(did32 device, char *buffer, uint32 count)
{
    return isbaddev(device) || count > kMaxCount ? SYSERR : devtab[device].dvread(&devtab[device], buffer, count);
}

devcall write(did32 device, const char *buffer, uint32 count)
{
    return isbaddev(device) || count > kMaxCount ? SYSERR : devtab[device].dvwrite(&devtab[device], buffer, count);
}

devcall seek(did32 device, int32 position)
{
    return isbaddev(device) ? SYSERR : devtab[device].dvseek(&devtab[device], position);
}

devcall getc(did32 device)
{
    return isbaddev(device) ? SYSERR : devtab[device].dvgetc(&devtab[device]);
}

devcall putc(did32 device, char c)
{
    return isbaddev(device) ? SYSERR : devtab[device].dvputc(&devtab[device], c);
}

devcall control(did32 device, int32 function, int32 first, int32 second)
{
    return isbaddev(device) ? SYSERR : devtab[device].dvcntl(&devtab[device], function, first, second);
}

did32 getdev(const char *name)
{
    for (const dentry &device : devtab)
        if (strcmp(name, device.dvname) == 0)
            return device.dvnum;
    return SYSERR;
}
