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

/* Reports a line; interrupts are masked meanwhile, so that lines of callbacks stay apart. */
#define report(...)                                                                                                    \
    do {                                                                                                               \
        intmask report_mask = report_begin();                                                                          \
        kprintf(__VA_ARGS__);                                                                                          \
        report_end(report_mask);                                                                                       \
    } while (0)
intmask report_begin(void);
void report_end(intmask mask);

#endif
