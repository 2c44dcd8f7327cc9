/* tour.h - the parts of the tour */
#ifndef TOUR_H
#define TOUR_H

#include <xinu.h>

/* One word of a stack: its address, the value that it had before, its value now, marked if it has changed,
 * what it is; a code address with its function. */
void show_change(const uint32 *word, uint32 before, const char *what);

void show_alarm_detour(void);
void show_message_detour(void);

#endif
