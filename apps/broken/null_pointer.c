/* null_pointer.c - reads settings of the form name=number */
#include <stdlib.h>
#include <xinu.h>

static const char *const settings[] = {"width=80", "height=25", "colour", "speed=9600"};

static const char *value_of(const char *setting)
{
    return strchr(setting, '=') + 1;
}

static int number_of(const char *setting)
{
    return atoi(value_of(setting));
}

process main(void)
{
    int sum = 0;

    for (uint32 i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        int number = number_of(settings[i]);
        printf("setting %u is %d\n", i, number);
        sum += number;
    }
    printf("the sum of all is %d\n", sum);
    return OK;
}
