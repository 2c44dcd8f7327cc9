/* shell_use.h - what a shell has left behind at its end: of memory, processes, semaphores, files and pipes */
#ifndef SHELL_USE_H
#define SHELL_USE_H

#include <xinu.h>
#include <xinu/file.h>
#include <xinu/pipe.h>
#include <xinu/shell.h>

struct use {
    int32 pages, semaphores, processes;
    int32 files, pipes; /* that can still be opened */
};

/* How many more of a device's kind can be opened; they are closed again. */
static int32 can_open(did32 device, char *name, int32 most)
{
    did32 opened[Nlfl];
    int32 count = 0, i;

    while (count < most) {
        char numbered[2] = {(char)('0' + count), NULLCH};

        opened[count] = open(device, name != NULL ? numbered : NULL, "rw");
        if (opened[count] == SYSERR)
            break;
        count++;
    }
    for (i = 0; i < count; i++) {
        close(opened[i]);
        if (device == PIPE)
            close(opened[i]); /* the first one only ends the writing */
    }
    return count;
}

/* Also removes all files. */
static struct use measure(void)
{
    struct use now = {0, 0, prcount, 0, 0};
    int32 sem;

    now.files = can_open(LFILESYS, "", Nlfl);
    now.pipes = can_open(PIPE, NULL, Npipe);
    for (sem = 0; sem < NSEM; sem++)
        now.semaphores += semtab[sem].sstate == S_USED;
    lfscreate(LFILESYS, 0, 0);
    now.pages = (int32)freepages();
    return now;
}

/* Before the first shell. */
static struct use use_before(void)
{
    char first[] = "sleep 0 &";

    shell_line(first); /* the shell's semaphore, and the file system, are there from now on */
    sleep(1);
    return measure();
}

/* Waits for what runs in the background, and prints what is more or less than before. */
static void print_use(struct use before)
{
    const char *broken;
    struct use after;
    int32 i;

    for (i = 0; i < 100 && prcount > before.processes; i++)
        sleepms(100);
    after = measure();
    broken = kcheck();
    kprintf("left: kcheck %s; pages %d, semaphores %d, processes %d, files %d, pipes %d\n",
            broken == NULL ? "clean" : broken, after.pages - before.pages, after.semaphores - before.semaphores,
            after.processes - before.processes, after.files - before.files, after.pipes - before.pipes);
}

#endif
