// namespace.cpp - the device NAMESPACE: from a name to a device and the name there
#include "kernel/base/interrupt_guard.hpp"
#include "system/devices/rows.hpp"

#include <algorithm>

using namespace detour;

constinit nmentry nametab[NNAMES]{};
constinit int32 nnames = 0;

namespace
{

bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

// Of a device: its name in small letters, behind "/dev/".
void mount_device(const dentry &device)
{
    char name[NM_PRELEN] = "/dev/";
    char *end = name + strlen(name);
    for (const char *c = device.dvname; *c != '\0' && end < name + sizeof name - 1; ++c)
        *end++ = *c >= 'A' && *c <= 'Z' ? static_cast<char>(*c - 'A' + 'a') : *c;
    mount(name, "", device.dvnum);
}

} // namespace

int32 namlen(const char *text, int32 maxlen)
{
    const size_t length = strnlen(text, static_cast<size_t>(std::max(maxlen, 0)));
    return static_cast<int32>(length) < maxlen ? static_cast<int32>(length) : SYSERR;
}

syscall mount(const char *prefix, const char *replace, did32 device)
{
    const int32 length = namlen(prefix, NM_PRELEN);
    if (length == SYSERR || namlen(replace, NM_REPLLEN) == SYSERR || (isbaddev(device) && device != SYSERR))
        return SYSERR;
    nmentry added{};
    strcpy(added.nprefix, prefix);   // NOLINT(clang-analyzer-security.insecureAPI.strcpy): their lengths are checked
    strcpy(added.nreplace, replace); // NOLINT(clang-analyzer-security.insecureAPI.strcpy)
    added.ndevice = device;
    const InterruptGuard guard; // a name is not looked up in a table that is half moved
    if (nnames == NNAMES)
        return SYSERR;
    nmentry *const end = nametab + nnames++;
    nmentry *const place =
        std::find_if(nametab, end, [&](const nmentry &entry) { return strlen(entry.nprefix) <= strlen(prefix); });
    std::move_backward(place, end, end + 1);
    *place = added;
    return OK;
}

did32 namrepl(const char *name, char newname[NM_MAXLEN])
{
    if (namlen(name, NM_MAXLEN) == SYSERR)
        return SYSERR;
    const InterruptGuard guard;
    nmentry *const end = nametab + nnames;
    const nmentry *const entry =
        std::find_if(nametab, end, [&](const nmentry &each) { return begins_with(name, each.nprefix); });
    if (entry == end || entry->ndevice == SYSERR)
        return SYSERR;
    char replaced[NM_MAXLEN + NM_REPLLEN];
    strcpy(replaced, entry->nreplace);               // NOLINT(clang-analyzer-security.insecureAPI.strcpy)
    strcat(replaced, name + strlen(entry->nprefix)); // NOLINT(clang-analyzer-security.insecureAPI.strcpy)
    if (namlen(replaced, NM_MAXLEN) == SYSERR)
        return SYSERR;
    strcpy(newname, replaced); // NOLINT(clang-analyzer-security.insecureAPI.strcpy)
    return entry->ndevice;
}

devcall nammap(const char *name, char newname[NM_MAXLEN], did32 namdev)
{
    did32 device = namrepl(name, newname);
    for (int32 steps = 0; device == namdev && steps < NNAMES; ++steps)
        device = namrepl(newname, newname);
    return device == namdev ? SYSERR : device;
}

namespace detour
{

devcall nam_init(dentry *)
{
    nnames = 0;
    for (const dentry &device : devtab)
        mount_device(device);
    mount("/dev/null", "", NULLDEV);
    mount("/dev/", "", SYSERR);
    for (const char *prefix : {"/remote/", "/local/", "~/", "/", ""})
        mount(prefix, "", LFILESYS);
    return OK;
}

// A device that has nothing to open is used itself.
devcall nam_open(dentry *device, const char *name, const char *mode)
{
    char newname[NM_MAXLEN];
    const did32 mapped = nammap(name, newname, device->dvnum);
    // Not that open() of which the analyzer knows the arguments. NOLINTNEXTLINE(clang-analyzer-unix.API)
    const devcall opened = mapped == SYSERR ? SYSERR : open(mapped, newname, mode);
    return opened == OK ? mapped : opened;
}

} // namespace detour
