/* sleeper.c - see sleeper.h */
#include "sleeper.h"

volatile uint32 slept_until;
volatile syscall sleep_result;

asm(".pushsection .text\n"
    ".globl sleep_with_registers\n"
    ".type sleep_with_registers, @function\n"
    "sleep_with_registers:\n\t"
    "pushl %ebp\n\t"
    "movl %esp, %ebp\n\t"
    "pushl %ebx\n\t"
    "pushl %esi\n\t"
    "pushl %edi\n\t"
    "pushl 8(%ebp)\n\t"
    "movl %esp, loaded+12\n\t"
    "movl %ebp, loaded+8\n\t"
    "movl loaded+0, %edi\n\t"
    "movl loaded+4, %esi\n\t"
    "movl loaded+16, %ebx\n\t"
    "movl loaded+20, %edx\n\t"
    "movl loaded+24, %ecx\n\t"
    "call sleepms\n"
    ".globl behind_sleepms\n"
    "behind_sleepms:\n\t"
    "movl %esp, stored+12\n\t"
    "movl loaded+12, %esp\n\t"
    "pushfl\n\t"
    "popl stored+32\n\t"
    "cld\n\t"
    "movl %edi, stored+0\n\t"
    "movl %esi, stored+4\n\t"
    "movl %ebp, stored+8\n\t"
    "movl %ebx, stored+16\n\t"
    "movl %eax, stored+28\n\t"
    "movl %eax, sleep_result\n\t"
    "movl clkcountermsec, %eax\n\t"
    "subl began, %eax\n\t"
    "movl %eax, slept_until\n\t"
    "leal 4(%esp), %esp\n\t"
    "popl %edi\n\t"
    "popl %esi\n\t"
    "popl %ebx\n\t"
    "movl loaded+8, %ebp\n\t"
    "popl %ebp\n\t"
    "ret\n"
    ".size sleep_with_registers, . - sleep_with_registers\n"
    ".popsection");

static void sleep_below(uint32 depth, int32 msec)
{
    volatile uint32 locals[2 * depth + 1];

    locals[0] = depth;
    if (locals[0] == 0)
        sleep_with_registers(msec);
    else
        sleep_below(depth - 1, msec);
}

process sleeper(const struct sleeper *how)
{
    if (how->on_message != NULL)
        cbsignal(CB_MESSAGE, how->on_message, 0);
    sleep_below(how->depth, how->msec);
    return OK;
}

pid32 start_sleeper(const struct sleeper *how, pri16 priority)
{
    pid32 pid = create(sleeper, STACK, priority, "sleeper", 1, how);

    resume(pid);
    while (proctab[pid].prstate != PR_SLEEP)
        sleepms(1);
    return pid;
}

/* Both as addresses of words. */
static uint32 *stack_begin(pid32 pid)
{
    return (uint32 *)proctab[pid].prstkptr;
}

static uint32 *stack_end(pid32 pid)
{
    return (uint32 *)proctab[pid].prstkbase;
}

uint32 *return_word(pid32 pid)
{
    uint32 *word;

    for (word = stack_begin(pid); word < stack_end(pid); word++)
        if (*word == (uint32)behind_sleepms)
            return word;
    return NULL;
}

static uint32 copied[STACK / sizeof(uint32)];

void copy_stack(pid32 pid)
{
    memcpy(copied, stack_begin(pid), (uint32)stack_end(pid) - (uint32)stack_begin(pid));
}

uint32 changed_words(pid32 pid, uint32 **one)
{
    uint32 *word, count = 0;

    for (word = stack_begin(pid); word < stack_end(pid); word++)
        if (*word != copied[word - stack_begin(pid)]) {
            *one = word;
            count++;
        }
    return count;
}

void report_changed(const char *when, pid32 pid, const uint32 *word)
{
    uint32 *changed = NULL, count = changed_words(pid, &changed);

    if (count == 0)
        report("%s: no word of the stack has changed", when);
    else if (count == 1 && changed == word)
        report("%s: the word by which sleepms() returns has changed", when);
    else if (count == 1)
        report("%s: the word %d bytes from that by which sleepms() returns has changed", when,
               (int)((uint32)changed - (uint32)word));
    else
        report("%s: %u words of the stack have changed", when, count);
}
