/* A program that defines functions of the C library itself, wrongly at that, and names that the linker script
 * has: it uses its own, and the kernel keeps using the right ones. */
#include "check.h"

static int calls;

int start = 1, end = 2, data = 3, text = 4, etext = 5;

void *memcpy(void *to, const void *from, size_t count)
{
    calls++;
    return to;
}

void *memset(void *to, int value, size_t count)
{
    calls++;
    return to;
}

size_t strlen(const char *s)
{
    calls++;
    return 1000;
}

char *strcpy(char *to, const char *from)
{
    calls++;
    return to;
}

int abs(int value)
{
    return -7;
}

int atoi(const char *s)
{
    return 42;
}

int isdigit(int c)
{
    return 99;
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    calls += 100;
}

int puts(const char *s)
{
    return kprintf("my puts: %s\n", s);
}

static volatile int callbacks;

static void on_event(void)
{
    callbacks++;
}

static process child(int argument)
{
    return argument == 17 && proctab[getpid()].prname[0] == 'c' ? OK : SYSERR;
}

static void use_kernel(void)
{
    pid32 pid = create(child, 4096, 30, "child", 1, 17);
    char *block = getmem(1000);
    CHECK(resume(pid) == 30 && receive() == (umsg32)pid && freemem(block, 1000) == OK);
    pid = create(child, 4096, 30, "a name that is cut", 0);
    CHECK(pid != SYSERR && kill(pid) == OK);
    CHECK(cbsignal(CB_ALARM, on_event, 1) == 0 && sleepms(5) == OK && callbacks == 1);
    CHECK(cbsignal(CB_ALARM, (callback)&etext, 1) == SYSERR);
    CHECK(kcheck() == NULL);
    CHECK(fputs("written by the kernel's own strlen\n", CONSOLE) == OK);
}

process main(void)
{
    struct {
        char bytes[64];
    } one = {"x"}, other;
    char number[8] = "3";
    int before;

    other = one; /* through memcpy, the program's */
    before = calls;
    use_kernel();
    CHECK(calls == before);
    CHECK(start == 1 && end == 2 && data == 3 && text == 4 && etext == 5);
    CHECK(abs(-1) == -7 && atoi(number) == 42 && isdigit('x') == 99 && strlen(number) == 1000);
    CHECK(memcpy(number, "45", 3) == number && strcmp(number, "3") == 0);
    CHECK(strcpy(number, "45") == number && strcmp(number, "3") == 0);
    qsort(number, 1, 1, NULL);
    CHECK(calls >= before + 103);
    puts("hello");
    (void)other;
    checks_done();
    return OK;
}
