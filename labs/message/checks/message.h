/*
 * message.h - what the checks of the message lab share
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <sleeper.h>

/* Reports which events of this process are outstanding. */
void report_fields(const char *when, pid32 pid);

#endif
