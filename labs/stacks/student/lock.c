/* lock.c - task 5: a lock, over a semaphore */
#include <stacks.h>

// [lab stacks 5
#define NOBODY (-1)

static struct lock {
    int used;
    sid32 semaphore;
    pid32 holder;
    uint32 holderbirth; /* ids are used again, and births are not */
    int generation;     /* how many locks have been here */
} locks[NLOCK];

static struct lock *find(int id)
{
    return id >= 0 && id < NLOCK && locks[id].used ? &locks[id] : NULL;
}

static int is_held(const struct lock *lock)
{
    return lock->holder != NOBODY && !isbadpid(lock->holder) && proctab[lock->holder].prbirth == lock->holderbirth;
}

static void take(struct lock *lock)
{
    lock->holder = currpid;
    lock->holderbirth = proctab[currpid].prbirth;
}

int lckcreate(void)
{
    intmask mask = disable();
    int id, found = SYSERR;

    for (id = 0; id < NLOCK && found == SYSERR; id++)
        if (!locks[id].used && (locks[id].semaphore = semcreate(1)) != SYSERR) {
            locks[id].used = 1;
            locks[id].holder = NOBODY;
            locks[id].generation++;
            found = id;
        }
    restore(mask);
    return found;
}

static syscall wait_for(struct lock *lock)
{
    int generation = lock->generation;

    if (is_held(lock) && lock->holder == currpid)
        return SYSERR;
    if (lock->holder == NOBODY || is_held(lock))
        wait(lock->semaphore);
    if (!lock->used || lock->generation != generation)
        return SYSERR; /* killed while this process waited */
    take(lock);
    return OK;
}

syscall lckwait(int id)
{
    intmask mask = disable();
    struct lock *lock = find(id);
    syscall result = lock == NULL ? SYSERR : wait_for(lock);

    restore(mask);
    return result;
}

syscall lcksignal(int id)
{
    intmask mask = disable();
    struct lock *lock = find(id);
    syscall result = lock == NULL || lock->holder != currpid ? SYSERR : OK;

    if (result == OK) {
        lock->holder = NOBODY;
        signal(lock->semaphore);
    }
    restore(mask);
    return result;
}

int lckkill(int id)
{
    intmask mask = disable();
    struct lock *lock = find(id);
    int users = SYSERR;

    if (lock != NULL) {
        int waiting = semcount(lock->semaphore);

        users = is_held(lock) + (waiting < 0 ? -waiting : 0);
        lock->used = 0;
        semdelete(lock->semaphore);
    }
    restore(mask);
    return users;
}
// lab]
