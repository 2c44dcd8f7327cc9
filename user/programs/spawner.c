/* spawner.c - starts other programs, and waits for their ends */
#include <xinu.h>

static char *const words[] = {"argecho", "one", "two words", "", NULL};

static void start(const char *name, uint32 argc, char *const *argv)
{
    const struct spawnrequest request = {name, getprio(getpid()), CAP_ALL, argc, argv};
    pid32 child = spawn(&request);

    if (child == SYSERR)
        printf("spawner: %s SYSERR\n", name);
    else
        printf("spawner: %s %s\n", name, receive() == (umsg32)child ? "has ended" : "is not the one that has ended");
}

process main(void)
{
    char *const hello[] = {"hello"}, *const caps[] = {"caps"};
    char *many[100];

    printf("spawner: begins\n");
    start("hello", 1, hello);
    start("argecho", 4, words);
    start("argecho", 0, NULL);
    start("caps", 1, caps);
    start("no such program", 1, hello);
    start("", 1, hello);
    for (int i = 0; i < 100; i++)
        many[i] = "argument";
    start("hello", 100, many);
    return OK;
}
