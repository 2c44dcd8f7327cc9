/* xsh_memory.c - memstat, memdump, devdump */
#include "commands.h"

static void show_bytes(const char *what, uint32 bytes)
{
    printf("%10u KiB  %s\n", bytes / 1024, what);
}

DEFINE_COMMAND(memstat)
{
    const struct memblk *block;
    uint32 stacks = 0, blocks = 0, longest = 0;
    int32 pid;

    (void)args;
    if (nargs != 1)
        return usage("memstat");
    for (pid = 0; pid < NPROC; pid++)
        if (!isbadpid(pid))
            stacks += proctab[pid].prstklen;
    freepages(); /* what belonged to ended processes is free */
    for (block = memlist.mnext; block != NULL; block = block->mnext) {
        blocks++;
        longest = block->mlength > longest ? block->mlength : longest;
    }
    show_bytes("code", (uint32)((char *)&etext - (char *)&text));
    show_bytes("variables", (uint32)((char *)&end - (char *)&data));
    show_bytes("stacks of processes", stacks);
    show_bytes("free", memlist.mlength);
    printf("The free memory is in %u piece%s; the largest has %u KiB.\n", blocks, blocks == 1 ? "" : "s",
           longest / 1024);
    return SHELL_OK;
}

DEFINE_COMMAND(memdump)
{
    uint32 address, bytes, i;
    char copy[16];

    if (nargs != 3 || !is_number(args[1], &address) || !is_number(args[2], &bytes))
        return usage("memdump ADDRESS BYTES");
    for (; bytes > 0; address += sizeof copy) {
        uint32 length = bytes < sizeof copy ? bytes : sizeof copy;

        memcpy(copy, (const void *)address, length); /* where nothing is, this process ends with a report */
        printf("%08x ", address);
        for (i = 0; i < sizeof copy; i++)
            if (i < length)
                printf(" %02x", (byte)copy[i]);
            else
                printf("   ");
        printf("  ");
        for (i = 0; i < length; i++)
            printf("%c", copy[i] >= ' ' && copy[i] <= '~' ? copy[i] : '.');
        printf("\n");
        bytes -= length;
    }
    return SHELL_OK;
}

DEFINE_COMMAND(devdump)
{
    int32 device;

    (void)args;
    if (nargs != 1)
        return usage("devdump");
    printf("%3s  %-10s  %5s\n", "id", "name", "minor");
    for (device = 0; device < NDEVS; device++)
        printf("%3d  %-10s  %5d\n", device, devtab[device].dvname, devtab[device].dvminor);
    return SHELL_OK;
}
