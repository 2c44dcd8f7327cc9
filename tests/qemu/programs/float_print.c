/* float_print.c - floating-point numbers in text */
#include "float_state.h"

#include <stdio.h>

process main(void)
{
    char text[400];
    struct state mine;

    printf("pi is about %f, name %s\n", 3.14, "x");
    printf("%5.2f|%e|%g %d\n", 2.5, 2.5, 2.5, 7);
    printf("%.20f %a %f %Lf|%8.3f|\n", 0.1, 1.0, -__builtin_inf(), 2.5L, -2.5);
    CHECK(snprintf(text, sizeof text, "%f", 1.7976931348623157e308) == 309 + 7);
    CHECK(strncmp(text, "17976931348623157081452742373170435", 35) == 0);
    fill(&mine, 1);
    sprintf(text, "%d", 1);
    CHECK(holds(&mine)); /* printing does not use the registers */
    checks_done();
    return OK;
}
