/*
 * alarm.h - what the checks of the alarm lab share: a detour through a callback, with known registers
 */
#ifndef ALARM_H
#define ALARM_H

#include <timing.h>

/* Reports when the alarm callback is outstanding, and for when. */
void report_fields(const char *when);

/*
 * Registers an alarm that is due at once, loads all registers but ESP from `loaded`, takes one clock interrupt, and
 * stores all in `stored`. loaded.esp gets the ESP of the interrupt.
 */
void through(callback function);

/* The instruction of through() that is interrupted, and the one behind it. */
void interrupt_once(void);

#endif
