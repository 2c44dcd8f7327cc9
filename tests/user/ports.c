/* ports.c - opens one port, the serial line's scratch register, and uses it; argv[1] says what it does then. With
 * argv[2]: opens another port, and uses it again and again */
#include <xinu.h>

#define SCRATCH 0x3FF

static void out(uint16 port, byte value)
{
    asm volatile("outb %0, %1" : : "a"(value), "d"(port));
}

static byte in(uint16 port)
{
    byte value;
    asm volatile("inb %1, %0" : "=a"(value) : "d"(port));
    return value;
}

/* Beside another process, which opens another port. */
static int take_turns(uint16 port)
{
    int turn;

    ioperm(port, 1, 1);
    for (turn = 0; turn < 5; turn++) {
        in(port);
        sleepms(1);
    }
    printf("ports: %d turns with %#x\n", turn, port);
    return OK;
}

int main(int argc, char *argv[])
{
    if (argc == 3)
        return take_turns(argv[2][0] == '1' ? SCRATCH - 1 : SCRATCH);
    printf("ports: ioperm %d\n", ioperm(SCRATCH, 1, 1));
    printf("ports: beyond %d %d %d\n", ioperm(0x10000, 1, 1), ioperm(0xFFFF, 2, 1), ioperm(0xFFFFFFFF, 2, 1));
    out(SCRATCH, 0x5A);
    printf("ports: wrote 0x5a, read %#x\n", in(SCRATCH));
    if (argc > 1 && strcmp(argv[1], "closed") == 0) {
        printf("ports: closed %d\n", ioperm(SCRATCH, 1, 0));
        in(SCRATCH);
    } else if (argc > 1 && strcmp(argv[1], "wide") == 0) {
        asm volatile("inw %%dx, %%ax" : : "d"(SCRATCH) : "eax"); /* the second byte belongs to another port */
    } else {
        in(SCRATCH - 1);
    }
    printf("ports: goes on\n");
    return OK;
}
