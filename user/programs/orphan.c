/* orphan.c - `orphan make PID` starts a process, tells PID which, and ends; `orphan take PID` tries to end
 * that one */
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
    if (strcmp(argv[1], "make") == 0) {
        pid32 child = spawn(&request);
        printf("orphan: chprio of its child %d\n", chprio(child, 1));
        send(pid, (umsg32)child);
    } else {
        printf("orphan: chprio %d, kill %d\n", chprio(pid, 1), kill(pid));
    }
    return OK;
}
