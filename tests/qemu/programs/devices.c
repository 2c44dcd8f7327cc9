/* The device switch: calls that go through a row of devtab, descriptors, and output that is redirected. */
#include "check.h"

#include <stdio.h>

static int32 calls;
static char written[64];
static uint32 length;

/* A device that a program puts into the place of NULLDEV. */
static devcall collect(struct dentry *device, char c)
{
    calls += device == &devtab[NULLDEV];
    if (length < sizeof written - 1)
        written[length++] = c;
    return OK;
}

static devcall collect_all(struct dentry *device, const void *buffer, uint32 count)
{
    for (uint32 i = 0; i < count; i++)
        collect(device, ((const char *)buffer)[i]);
    return OK;
}

static devcall sum(struct dentry *device, int32 function, int32 first, int32 second)
{
    return device->dvnum + function + first + second;
}

static void check_switch(void)
{
    char buffer[4] = "abc";
    for (did32 device = 0; device < NDEVS; device++)
        CHECK(devtab[device].dvnum == device && getdev(devtab[device].dvname) == device);
    CHECK(getdev("NULLDEV") == NULLDEV && getdev("CONSOLE") == CONSOLE && getdev("nulldev") == SYSERR);
    CHECK(!isbaddev(CONSOLE) && !isbaddev(NDEVS - 1) && isbaddev(NDEVS) && isbaddev(-1));
    CHECK(init(NULLDEV) == OK && open(NULLDEV, "", "") == OK && close(NULLDEV) == OK && seek(NULLDEV, 7) == OK);
    CHECK(putc(NULLDEV, 'x') == OK && write(NULLDEV, "xyz", 3) == OK && getc(NULLDEV) == EOF);
    CHECK(read(NULLDEV, buffer, 3) == EOF && buffer[0] == 'a' && control(NULLDEV, 1, 2, 3) == SYSERR);
    CHECK(fgets(buffer, 4, NULLDEV) == NULL && fprintf(NULLDEV, "%d\n", 12) == 3);
    CHECK(seek(CONSOLE, 0) == SYSERR && open(CONSOLE, "", "") == OK && close(CONSOLE) == OK);
}

static void check_no_device(did32 device)
{
    CHECK(init(device) == SYSERR && open(device, "", "") == SYSERR && close(device) == SYSERR);
    CHECK(seek(device, 0) == SYSERR && control(device, 0, 0, 0) == SYSERR);
}

/* Prints to where its descriptors lead, which are those of its parent. */
static process child(void)
{
    CHECK(stdin == CONSOLE && stdout == NULLDEV && stderr == CONSOLE && proctab[currpid].prdesc[4] == 3);
    printf("%s %d,", "child", 5);
    putchar('!');
    puts("puts");
    fprintf(stderr, "to the console\n");
    return OK;
}

static void check_redirection(void)
{
    CHECK(stdin == CONSOLE && stdout == CONSOLE && stderr == CONSOLE);
    devtab[NULLDEV].dvputc = collect;
    devtab[NULLDEV].dvwrite = collect_all;
    devtab[NULLDEV].dvcntl = sum;
    CHECK(control(NULLDEV, 10, 20, 30) == NULLDEV + 60);
    proctab[currpid].prdesc[4] = 3;
    stdout = NULLDEV;
    printf("main,");
    kprintf("kprintf goes to the console\n");
    pid32 pid = create(child, 4096, 30, "child", 0);
    CHECK(resume(pid) == 30 && receive() == (umsg32)pid);
    fputs("end", stdout);
    stdout = CONSOLE;
    CHECK(strcmp(written, "main,child 5,!puts\nend") == 0 && calls == (int32)length);
    printf("%s\n", written);
    stdout = NDEVS;
    CHECK(printf("no device") == SYSERR && putchar('x') == SYSERR);
    stdout = CONSOLE;
}

static char block[RM_BLKSIZ];

static void check_ram_disk(void)
{
    int32 same = 0;

    for (int32 i = 0; i < RM_BLKS; i++) {
        memset(block, i, sizeof block);
        same += write(RAM0, block, i) == OK;
    }
    for (int32 i = RM_BLKS - 1; i >= 0; i--)
        same += read(RAM0, block, i) == OK && block[0] == (char)i && block[RM_BLKSIZ - 1] == (char)i;
    CHECK(same == 2 * RM_BLKS);
    CHECK(read(RAM0, block, RM_BLKS) == SYSERR && write(RAM0, block, RM_BLKS) == SYSERR && block[0] == 0);
    CHECK(open(RAM0, "", "") == OK && close(RAM0) == OK && getc(RAM0) == SYSERR && seek(RAM0, 0) == SYSERR);
    CHECK(getdev("RAM0") == RAM0);
}

process main(void)
{
    check_switch();
    check_no_device(NDEVS);
    check_no_device(-1);
    check_redirection();
    check_ram_disk();
    checks_done();
    return OK;
}
