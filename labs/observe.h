/*
 * observe.h - what every check of a lab has: it reports what it observes, and the host judges
 *
 * One boot runs one check. Before it, the host writes into the image which one, and the numbers that it is to work with
 * (tools/labs/parameters.py): they differ from student to student. A report is a line `@nonce sequence text` on the
 * console; what is to be expected of it is in model.py beside the check. A check reports only what it is about, so that
 * one mistake costs the points of one check.
 */
#ifndef OBSERVE_H
#define OBSERVE_H

#include <stdio.h>
#include <xinu.h>

#define GIVEN_NUMBERS 12

struct given {
    char mark[16];       /* OBSERVE_MARK, by which the host knows that this is the place */
    void (*check)(void); /* the function to run */
    uint32 nonce;        /* of this boot */
    uint32 number[GIVEN_NUMBERS];
};
#define OBSERVE_MARK "detour lab check"

extern struct given lab_given;

/* The i-th number given, from low to high. */
uint32 given(uint32 i, uint32 low, uint32 high);

/* Reports a line, with a format as of printf. */
#define report(...)                                                                                                    \
    do {                                                                                                               \
        char report_text[REPORT_LENGTH];                                                                               \
        snprintf(report_text, sizeof report_text, __VA_ARGS__);                                                        \
        report_line(report_text);                                                                                      \
    } while (0)
#define REPORT_LENGTH 160
void report_line(const char *text);

#endif
