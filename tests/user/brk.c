/* brk.c - memory from sbrk() is zero, and can be returned; with argv[1], touches memory beyond it */
#include <xinu.h>

#define BYTES 20000

static uint32 nonzero(const char *bytes)
{
    uint32 count = 0;

    for (uint32 i = 0; i < BYTES; i++)
        count += bytes[i] != 0;
    return count;
}

static char *page_above(void *address)
{
    return (char *)(((uint32)address + 4095) & ~(uint32)4095);
}

static const char *answer(char *result)
{
    return result == (char *)SYSERR ? "SYSERR" : "an address";
}

int main(int argc, char *argv[])
{
    char *begin = sbrk(0);

    printf("brk: begins at %s\n", begin == page_above(&end) ? "the page above end" : "another address");
    for (int i = 0; i < 2; i++) {
        char *block = sbrk(BYTES);
        printf("brk: grows at %s, ", block == begin ? "its begin" : "another address");
        printf("%u bytes are not zero\n", nonzero(block));
        memset(block, 0xA5, BYTES);
        printf("brk: shrinks from %u\n", (uint32)(sbrk(-BYTES) - begin));
    }
    printf("brk: below %s\n", answer(sbrk(-1)));
    printf("brk: far below %s\n", answer(sbrk(INT32_MIN)));
    printf("brk: too much %s\n", answer(sbrk(INT32_MAX)));
    printf("brk: ends at %s\n", sbrk(0) == begin ? "its begin" : "another address");
    if (argc > 1) {
        sbrk(BYTES);
        begin[BYTES - 1] = 1; /* now the page is in the TLB */
        sbrk(-BYTES);
        printf("brk: %s\n", argv[1]);
        begin[BYTES] = 1;
        printf("brk: goes on\n");
    }
    return OK;
}
