/* bigarray.c - a local array of argv[1] KiB, of which only the lowest byte is written */
#include <stdlib.h>
#include <xinu.h>

static void use(uint32 bytes)
{
    char array[bytes];
    volatile char *lowest = array;

    *lowest = 1;
    printf("bigarray: there is room\n");
}

int main(int argc, char *argv[])
{
    uint32 kib = argc > 1 ? (uint32)atoi(argv[1]) : 1;

    printf("bigarray: %u KiB\n", kib);
    use(kib * 1024);
    return OK;
}
