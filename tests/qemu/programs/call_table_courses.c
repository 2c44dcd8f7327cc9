/* The table of calls: those of other terms' courses. */
#include "call_table.h"

#include <xinu/courses.h>

static const struct row table[] = {
    /* handlers of events */
    CALL(registercb, HANDLER),
    CALL(registercbsig, SIGNAL, HANDLER, MSEC),
    CALL(alarmms, NUMBER),
    CALL(signalreg, SIGNAL, HANDLER, NUMBER),
    CALL(xalarm, NUMBER),
    CALL(regcallback, HANDLER),
    CALL(regcallbacksig, HANDLER, SIGNAL, NUMBER),
    CALL(cbreg, HANDLER),
    CALL(sigcbreg, SIGNAL, HANDLER, NUMBER),
    CALL(sigcbunreg, SIGNAL),
    CALL(cbchildregister, HANDLER),
    CALL(xsigaction, SIGNAL, HANDLER, NUMBER),
    CALL(alarmx, NUMBER, HANDLER),
    CALL(registerrecv, OUT, HANDLER),
    CALL(cbregister, HANDLER, OUT),
    CALL(cbunregister, END),
    /* messages */
    CALL(sendb, PID, NUMBER),
    CALL(sendblk, PID, NUMBER),
    CALL(bsend, PID, NUMBER),
    CALL(sendbt, PID, NUMBER, MSEC),
    CALL(receiveb, END),
    CALL(sendMsg, PID, NUMBER),
    CALL(sendMsgs, PID, IN, LENGTH),
    CALL(sendnMsg, LENGTH, IN, NUMBER),
    CALL(receiveMsg, END),
    CALL(receiveMsgs, OUT, COUNT),
    /* pipes */
    CALL(pipcreate, END),
    CALL(pipconnect, PIPE_OR_LOCK, PID, PID),
    CALL(pipwrite, PIPE_OR_LOCK, IN, LENGTH),
    CALL(pipread, PIPE_OR_LOCK, OUT, LENGTH),
    CALL(pipdisconnect, PIPE_OR_LOCK),
    CALL(pipdelete, PIPE_OR_LOCK),
    /* locks */
    CALL(initlock, OUT),
    CALL(unlock, OUT),
    CALL(al_initlock, OUT),
    CALL(al_lock, OUT),
    CALL(al_unlock, OUT),
    CALL(al_trylock, OUT),
    CALL(pi_initlock, OUT),
    CALL(pi_lock, OUT),
    CALL(pi_unlock, OUT),
    CALL(sl_initlock, OUT),
    CALL(sl_lock, OUT),
    CALL(sl_unlock, OUT),
    CALL(test_and_set, OUT, NUMBER),
    CALL(lcreate, END),
    CALL(lock, COUNT, NUMBER, NUMBER),
    CALL(lock, OUT, NUMBER, NUMBER),
    CALL(releaseall, COUNT, NUMBER),
    CALL(ldelete, PIPE_OR_LOCK),
    /* ends of children */
    CALL(childwait, END),
    CALL(waitchld, END),
    CALL(xchildwait, NUMBER, PID),
    /* memory */
    CALL(aligned_getmem, SIZE, SIZE),
    CALL(getmem_r, SIZE),
    CALL(freemem_r, BLOCK, SIZE),
    CALL(getmemgb, SIZE),
    CALL(freememgb, BLOCK, SIZE),
    CALL(r_mem_allocated, PID, OUT),
    /* traps, time */
    CALL(wgetpid, END),
    CALL(getpidtrap, END),
    CALL(wgetprio, PID),
    CALL(wgetppid, PID),
    CALL(getppidtrap, PID),
    CALL(chpriotrap, CHANGED_PID, NEW_PRIORITY),
    CALL(host2net, NUMBER),
    CALL(procgrosscpu, PID),
    CALL(getcputot, PID),
    CALL(procgrosscpumicro, PID),
    CALL(gettmslice, END),
};

process main(void)
{
    pipcreate();
    lcreate();
    call_table(table, sizeof table / sizeof table[0]);
    return OK;
}
