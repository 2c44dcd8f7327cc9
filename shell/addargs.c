/* addargs.c - the arguments of a command, on the stack of its process */
#include <xinu.h>
#include <xinu/shell.h>

/* Below this many bytes of stack, the process could overwrite its arguments. */
#define ROOM 1024

status addargs(pid32 pid, int32 ntok, int32 tok[], int32 tlen, char *tokbuf, void *dummy)
{
    struct procent *process;
    uint32 length, *word, *argument;
    char **args, *text;
    int32 i;

    if (isbadpid(pid) || ntok < 0 || tlen < 0)
        return SYSERR;
    process = &proctab[pid];
    length = (process->prstklen + 4095) & ~4095u; /* a stack has whole pages */
    if ((uint32)ntok >= length / sizeof *args || (uint32)tlen >= length)
        return SYSERR;
    args = (char **)(process->prstkbase + sizeof(uint32) - length);
    text = (char *)(args + ntok + 1);
    if ((uint32)text + (uint32)tlen + ROOM > (uint32)process->prstkptr)
        return SYSERR;
    argument = NULL;
    for (word = (uint32 *)process->prstkptr; word < (uint32 *)process->prstkbase; word++)
        if (*word == (uint32)dummy)
            argument = word;
    if (argument == NULL)
        return SYSERR;
    for (i = 0; i < ntok; i++)
        args[i] = text + tok[i];
    args[ntok] = NULL;
    memcpy(text, tokbuf, (uint32)tlen);
    *argument = (uint32)args;
    return OK;
}
