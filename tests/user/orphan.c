/* orphan.c - `orphan head PID` starts `orphan make PID` and keeps running; that one starts a process, sends
 * its id to PID, and ends; `orphan take PID` tries to end PID */
#include <stdlib.h>
#include <xinu.h>

int main(int argc, char *argv[])
{
    char *const spin[] = {"spin"};
    const struct spawnrequest request = {"spin", 1, 0, 1, spin};
    pid32 pid;

    if (argc != 3)
        return OK;
    pid = (pid32)atoi(argv[2]);
    if (strcmp(argv[1], "head") == 0) {
        char *const make[] = {"orphan", "make", argv[2]};
        const struct spawnrequest maker = {"orphan", getprio(getpid()), 0, 3, make};
        spawn(&maker);
        for (;;)
            receive(); /* the end of that one too */
    } else if (strcmp(argv[1], "make") == 0) {
        pid32 child = spawn(&request);
        printf("orphan: chprio of its child %d\n", chprio(child, 1));
        send(pid, (umsg32)child);
    } else {
        printf("orphan: chprio %d, kill %d\n", chprio(pid, 1), kill(pid));
    }
    return OK;
}
