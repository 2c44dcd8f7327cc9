/*
 * ring3.c - a process of ring 3 that sleeps, or tries what hijack.c does: see labs/hijack/checks/ring3.c
 *
 * Arguments: what it does, what that is about, and how many calls of descend() lie above it. They have the same lengths
 * each time, so that processes that do different things have their frames at the same addresses.
 */
#include <xinu.h>
#include <xinu/saved_stack.h>

static void elsewhere(void)
{
    printf("process %d is led elsewhere\n", getpid());
    exit();
}

/* As redirect() does it, without its checks. */
static syscall plant(int32 word)
{
    *(volatile uint32 *)word = (uint32)elsewhere;
    return OK;
}

static volatile uint32 original;

/* The same, but first it keeps what is there, for the way back. */
static syscall keep_and_plant(int32 word)
{
    original = *(volatile uint32 *)word;
    return plant(word);
}

/* Moves the saved words down by two, to make room for a detour. */
static syscall move_down(int32 word)
{
    volatile uint32 *saved = (volatile uint32 *)word - SAVED_RETURN;
    uint32 i;

    for (i = 0; i < SAVED_RETURN; i++)
        saved[(int32)i - 2] = saved[i];
    return plant(word - (int32)(2 * sizeof(uint32)));
}

static syscall (*act)(int32 about);

static void descend(uint32 depth, int32 about)
{
    if (depth > 0)
        descend(depth - 1, about);
    else
        act(about);
}

static uint32 number(const char *text)
{
    uint32 value = 0;

    while (*text != '\0')
        value = value * 10 + *text++ - '0';
    return value;
}

process main(int argc, char *argv[])
{
    static syscall (*const ways[])(int32 word) = {plant, keep_and_plant, move_down, sleepms};

    if (argc < 4)
        return SYSERR;
    act = ways[number(argv[1]) % 4];
    descend(number(argv[3]), (int32)number(argv[2]));
    printf("process %d is back\n", getpid());
    return OK;
}
