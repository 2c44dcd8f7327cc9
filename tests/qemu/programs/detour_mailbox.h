/* detour_mailbox.h - a message callback that notes what it finds */
#ifndef DETOUR_MAILBOX_H
#define DETOUR_MAILBOX_H

#include "detour.h"

static volatile int events;
static volatile pid32 ran_in;
static volatile umsg32 mailbox_in_callback;
static volatile int mailbox_full_in_callback;

static inline void on_message(void)
{
    events++;
    ran_in = getpid();
    mailbox_full_in_callback = me->prhasmsg;
    mailbox_in_callback = me->prmsg;
}

#endif
