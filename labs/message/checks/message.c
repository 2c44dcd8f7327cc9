/* message.c - see message.h */
#include "message.h"

void report_fields(const char *when, pid32 pid)
{
    const struct procent *process = &proctab[pid];

    report("%s pretype %u pralarmreg %u prmsgreg %u", when, process->pretype, process->pralarmreg, process->prmsgreg);
}
