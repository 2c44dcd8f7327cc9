/* tour.h - the parts of the tour */
#ifndef TOUR_H
#define TOUR_H

#include <xinu.h>

void show_alarm_detour(void);
void show_message_detour(void);

#endif
