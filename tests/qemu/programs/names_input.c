/* Formatted input and C's calls for memory; the console's input is typed by the test. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

static void check_numbers(void)
{
    int a = 0, b = 0, c = 0;
    uint32 hexadecimal = 0, octal = 0;
    short small = 7;

    CHECK(sscanf("  12 -7", "%d %d", &a, &b) == 2 && a == 12 && b == -7);
    CHECK(sscanf("ff 0x1F 17", "%x %x %o", &hexadecimal, &a, &octal) == 3 && hexadecimal == 0xFF && a == 0x1F &&
          octal == 15);
    CHECK(sscanf("010 0x10 10", "%i %i %i", &a, &b, &c) == 3 && a == 8 && b == 16 && c == 10);
    CHECK(sscanf("12345", "%2d%*1d%hd", &a, &small) == 2 && a == 12 && small == 45);
    CHECK(sscanf("192.168.1.20", "%d.%d.%*d.%d", &a, &b, &c) == 3 && a == 192 && b == 168 && c == 20);
    CHECK(sscanf("x", "%d", &a) == 0 && sscanf("", "%d", &a) == EOF && sscanf("5 x", "%d %d", &a, &b) == 1 && a == 5);
    CHECK(sscanf("-", "%d", &a) == 0 && a == 5 && sscanf("100%", "%d%%", &a) == 1 && a == 100);
}

static void check_texts(void)
{
    char word[10], rest[20], c = 'z';

    CHECK(sscanf(" put a-file 3", "%9s %19[^ ]", word, rest) == 2);
    CHECK(strcmp(word, "put") == 0 && strcmp(rest, "a-file") == 0);
    CHECK(sscanf("abc", "%2s%c", word, &c) == 2 && strcmp(word, "ab") == 0 && c == 'c');
    CHECK(sscanf("f00d!", "%[a-f0-9]%c", word, &c) == 2 && strcmp(word, "f00d") == 0 && c == '!');
    CHECK(sscanf("=", "%[a-z]", word) == 0);
}

static void check_memory(void)
{
    char *block = malloc(100), *other = calloc(10, 10);

    CHECK(block != NULL && other != NULL && (uint32)block % 8 == 0 && other[0] == 0 && other[99] == 0);
    strcpy(block, "kept");
    block = realloc(block, 5000);
    CHECK(block != NULL && strcmp(block, "kept") == 0);
    free(other);
    free(NULL);
    free(block);
    CHECK(malloc(0xFFFFFFFF) == NULL && calloc(0x10000, 0x10000) == NULL && kcheck() == NULL);
}

static void check_console(void)
{
    int number = 0;
    char word[10];

    CHECK(scanf("%d", &number) == 1 && number == 42);
    CHECK(getchar() == '\n'); /* what is behind the number has not been read */
    CHECK(fscanf(stdin, "%9s", word) == 1 && strcmp(word, "words") == 0 && getchar() == ' ');
}

process main(void)
{
    uint32 begin = clkcountermsec;

    check_numbers();
    check_texts();
    check_memory();
    check_console();
    MDELAY(3);
    CHECK(clkcountermsec - begin >= 3 && count1000 < 1000);
    checks_done();
    return OK;
}
