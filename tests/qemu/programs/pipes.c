/* Pipes: a writer and a reader, the end of the data, and pipes that are closed while a process waits. */
#include "check.h"

#include <stdio.h>

static volatile devcall result;

static process writer(did32 pipe)
{
    proctab[currpid].prdesc[1] = pipe;
    for (int32 i = 0; i < 200; i++)
        printf("line %d\n", i); /* more than a pipe holds */
    return OK;
}

static process reader(did32 pipe)
{
    result = getc(pipe);
    return OK;
}

static process filler(did32 pipe)
{
    while ((result = putc(pipe, 'x')) == OK)
        ;
    return OK;
}

static void check_data(void)
{
    char line[16], wanted[16];
    int32 right = 0, length;
    did32 pipe = open(PIPE, "", "");
    pid32 pid = create(writer, 4096, 10, "writer", 1, pipe);
    CHECK(pipe == PIPE0 && resume(pid) == 10);
    for (int32 i = 0; i < 200; i++) {
        length = read(pipe, line, sizeof line);
        sprintf(wanted, "line %d\n", i);
        right += length == (int32)strlen(wanted) && strncmp(line, wanted, length) == 0;
    }
    CHECK(right == 200 && receive() == (umsg32)pid);
    CHECK(write(pipe, "rest", 4) == OK && close(pipe) == OK);
    CHECK(putc(pipe, 'x') == SYSERR && read(pipe, line, 16) == 4 && strncmp(line, "rest", 4) == 0);
    CHECK(read(pipe, line, 16) == EOF && getc(pipe) == EOF);
    CHECK(close(pipe) == OK && close(pipe) == SYSERR && getc(pipe) == SYSERR && write(pipe, "x", 1) == SYSERR);
}

/* The pipe is closed while this process waits there. */
static void check_waiting(void *function, devcall after_one, devcall after_two)
{
    did32 pipe = open(PIPE, "", "");
    pid32 pid = create(function, 4096, 30, "waits", 1, pipe);
    result = 0;
    resume(pid);
    CHECK(proctab[pid].prstate == PR_WAIT);
    close(pipe);
    CHECK(after_one == 0 ? proctab[pid].prstate == PR_WAIT : result == after_one);
    CHECK(close(pipe) == OK && result == after_two && receive() == (umsg32)pid);
}

static void check_table(void)
{
    for (int32 i = 0; i < Npipe; i++)
        if (open(PIPE, "", "") != PIPE0 + i)
            kprintf("wrong pipe\n");
    CHECK(open(PIPE, "", "") == SYSERR && close(PIPE2) == OK && close(PIPE2) == OK && open(PIPE, "", "") == PIPE2);
    CHECK(open(PIPE0, "", "") == SYSERR && seek(PIPE0, 0) == SYSERR && close(PIPE) == SYSERR);
}

process main(void)
{
    check_data();
    check_waiting(reader, EOF, EOF);
    check_waiting(filler, 0, SYSERR);
    check_table();
    checks_done();
    return OK;
}
