/* run.c - the processes of a line: one for each command, connected by pipes */
#include "line.h"

#include <xinu/file.h>
#include <xinu/tty.h>

#define INTERRUPTED 0xFFFFFFFC /* the message that Ctrl-C sends the shell: no process has this id */

/* What a line is run with. */
struct job {
    did32 device;
    did32 input, output; /* of the whole line */
    pid32 pid[MAXSTAGE];
    int32 started;
};

static bool8 is_file(const struct job *job, did32 device)
{
    return device != job->device && device != SYSERR;
}

/* Opens the files that the line names. */
static bool8 open_files(struct job *job, const struct line *line)
{
    job->input = job->output = job->device;
    if (line->input != NULL && (job->input = open(NAMESPACE, line->input, "ro")) == SYSERR) {
        fprintf(job->device, SHELL_INERRMSG, line->input);
        return FALSE;
    }
    if (line->output != NULL && (job->output = open(NAMESPACE, line->output, "w")) == SYSERR) {
        fprintf(job->device, SHELL_OUTERRMSG, line->output);
        return FALSE;
    }
    if (line->output != NULL)
        control(job->output, F_CTL_TRUNC, 0, 0);
    return TRUE;
}

static void close_files(struct job *job)
{
    if (is_file(job, job->input))
        close(job->input);
    if (is_file(job, job->output))
        close(job->output);
}

/* Creates the process of a command, suspended. Returns SYSERR, with a message, if it cannot. */
static pid32 create_command(const struct line *line, int32 stage, did32 input, did32 output)
{
    static int32 dummy;
    int32 tok[SHELL_MAXTOK], i, first = line->first[stage];
    int32 ntok = line->first[stage + 1] - first - 1; /* the sign behind it, or the end */
    char *name = (char *)line->text + line->tok[first];
    const struct cmdent *command = find_command(name);
    pid32 pid = create((void *)command->cfunc, SHELL_CMDSTK, SHELL_CMDPRIO, name, 2, ntok, &dummy);

    for (i = 0; i < ntok; i++)
        tok[i] = line->tok[first + i];
    if (pid == SYSERR || addargs(pid, ntok, tok, line->length, (char *)line->text, &dummy) == SYSERR) {
        kill(pid);
        return SYSERR;
    }
    proctab[pid].prdesc[0] = (int8)input;
    proctab[pid].prdesc[1] = (int8)output;
    return pid;
}

static void kill_all(const struct job *job)
{
    int32 i;

    for (i = 0; i < job->started; i++)
        if (!isbadpid(job->pid[i]) && proctab[job->pid[i]].prparent == getpid())
            kill(job->pid[i]);
}

/* Waits until each of them has ended, and sent its id; Ctrl-C ends them. What one writes to ends with it. */
static void await(const struct job *job, const did32 *pipe, bool8 interruptible)
{
    int32 left = job->started, i;

    if (interruptible)
        control(job->device, TC_INTR, getpid(), (int32)INTERRUPTED);
    while (left > 0) {
        umsg32 message = recvtime(100); /* of two that end at once, one finds the mailbox full */

        if (message == INTERRUPTED) {
            kill_all(job);
            fprintf(job->device, "\n");
        }
        for (i = 0, left = 0; i < job->started; i++) {
            if (!isbadpid(job->pid[i]) && proctab[job->pid[i]].prparent == getpid())
                left++;
            else if (i + 1 < job->started)
                close(pipe[i]); /* nobody writes to it any more */
        }
    }
    if (interruptible)
        control(job->device, TC_INTR, 0, 0);
    recvclr();
}

/* Whether all commands are there, and can run as this line wants it. */
static bool8 is_possible(const struct line *line, did32 device)
{
    int32 i;

    for (i = 0; i < line->stages; i++) {
        const char *name = line->text + line->tok[line->first[i]];
        const struct cmdent *command = find_command(name);

        if (command == NULL) {
            fprintf(device, "There is no command %s; help lists those that there are.\n", name);
            return FALSE;
        }
        if (command->cbuiltin &&
            (line->stages > 1 || line->background || line->input != NULL || line->output != NULL)) {
            fprintf(device, SHELL_BGERRMSG);
            return FALSE;
        }
    }
    return TRUE;
}

static int32 run_builtin(const struct line *line, const struct cmdent *command)
{
    char *args[SHELL_MAXTOK + 1];
    int32 i;

    for (i = 0; i < line->ntok; i++)
        args[i] = (char *)line->text + line->tok[i];
    args[line->ntok] = NULL;
    return command->cfunc(line->ntok, args);
}

/* Creates all processes and the pipes between them, and starts them. */
static bool8 start(struct job *job, const struct line *line, did32 *pipe)
{
    did32 input = job->input;
    int32 i;

    for (i = 0; i < line->stages; i++) {
        bool8 last = i + 1 == line->stages;

        pipe[i] = last ? SYSERR : open(PIPE, NULL, NULL);
        if (!last && pipe[i] == SYSERR)
            break;
        job->pid[i] = create_command(line, i, input, last ? job->output : pipe[i]);
        if (job->pid[i] == SYSERR)
            break;
        input = pipe[i];
        job->started++;
    }
    if (job->started < line->stages) {
        kill_all(job);
        fprintf(job->device, SHELL_CREATMSG);
        return FALSE;
    }
    for (i = 0; i < job->started; i++)
        resume(job->pid[i]);
    return TRUE;
}

/* In the foreground, or in a process of its own in the background. */
static int32 run_job(const struct line *line, did32 device, bool8 interruptible)
{
    did32 pipe[MAXSTAGE];
    struct job job;
    int32 i;

    memset(&job, 0, sizeof job);
    for (i = 0; i < MAXSTAGE; i++)
        pipe[i] = SYSERR;
    job.device = device;
    if (open_files(&job, line) && start(&job, line, pipe))
        await(&job, pipe, interruptible);
    for (i = 0; i < MAXSTAGE; i++)
        if (pipe[i] != SYSERR)
            close(pipe[i]);
    close_files(&job);
    return SHELL_OK;
}

static struct line *taken; /* the line of the background process that begins, until it has copied it */
static sid32 is_taken = SYSERR;

static process background(did32 device)
{
    struct line line = *taken;

    signal(is_taken);
    run_job(&line, device, FALSE);
    return OK;
}

int32 run_line(struct line *line, did32 device)
{
    const struct cmdent *command;
    pid32 pid;

    if (!is_possible(line, device))
        return SHELL_ERROR;
    command = find_command(line->text + line->tok[0]);
    if (command->cbuiltin)
        return run_builtin(line, command);
    if (!line->background)
        return run_job(line, device, TRUE);
    if (is_taken == SYSERR)
        is_taken = semcreate(0);
    taken = line;
    pid = create(background, SHELL_CMDSTK, SHELL_CMDPRIO, "job", 1, device);
    if (pid == SYSERR || resume(pid) == SYSERR) {
        fprintf(device, SHELL_CREATMSG);
        return SHELL_ERROR;
    }
    wait(is_taken);
    return SHELL_OK;
}
