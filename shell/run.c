/* run.c - the processes of a line: one for each command, connected by pipes */
#include "line.h"

#include <xinu/file.h>
#include <xinu/tty.h>

/* What a line is run with. */
struct job {
    did32 device;
    did32 input, output;  /* of the whole line */
    did32 pipe[MAXSTAGE]; /* behind each command but the last; or SYSERR */
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

/* Creates the process of a command, suspended. Returns SYSERR if there is no memory or no process left. */
static pid32 create_command(const struct line *line, int32 stage, did32 input, did32 output)
{
    static int32 dummy;
    int32 tok[SHELL_MAXTOK], i, first = line->first[stage];
    int32 ntok = line->first[stage + 1] - first - 1; /* the sign behind it, or the end */
    char *name = (char *)line->text + line->tok[first];
    struct cmdent command;
    pid32 pid;

    if (!find_command(name, &command))
        return SYSERR;
    pid = create((void *)command.cfunc, SHELL_CMDSTK, SHELL_CMDPRIO, name, 2, ntok, &dummy);
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

/* Whether command i of the line has not ended. */
static bool8 is_running(const struct job *job, int32 i)
{
    return !isbadpid(job->pid[i]) && proctab[job->pid[i]].prparent == getpid();
}

static void kill_all(const struct job *job)
{
    int32 i;

    for (i = 0; i < job->started; i++)
        if (is_running(job, i))
            kill(job->pid[i]);
}

/*
 * The first close() of a pipe ends the writing, and the second one frees it (<xinu/pipe.h>), with what nobody has read:
 * that is for the end of the line.
 */
static int32 count_running(struct job *job, did32 *unfinished)
{
    int32 left = 0, i;

    for (i = 0; i < job->started; i++) {
        if (is_running(job, i)) {
            left++;
        } else if (unfinished[i] != SYSERR) {
            close(unfinished[i]);
            unfinished[i] = SYSERR;
        }
    }
    return left;
}

/* Waits until each of them has ended, and sent its id; Ctrl-C ends them. What one writes to ends with it. */
static void await(struct job *job, bool8 interruptible)
{
    did32 unfinished[MAXSTAGE];

    memcpy(unfinished, job->pipe, sizeof unfinished);
    if (interruptible)
        control(job->device, TC_INTR, getpid(), (int32)INTERRUPTED);
    while (count_running(job, unfinished) > 0) {
        if (recvtime(100) != INTERRUPTED) /* of two that end at once, one finds the mailbox full */
            continue;
        kill_all(job);
        if (control(job->device, TC_ICHARS, 0, 0) > 0) /* of Ctrl-C; what is behind it stays */
            getc(job->device);
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
        struct cmdent command;

        if (!find_command(name, &command)) {
            fprintf(device, "There is no command %s; help lists those that there are.\n", name);
            return FALSE;
        }
        if (command.cbuiltin && (line->stages > 1 || line->background || line->input != NULL || line->output != NULL)) {
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
static bool8 start(struct job *job, const struct line *line)
{
    did32 input = job->input;
    int32 i;

    for (i = 0; i < line->stages; i++) {
        bool8 last = i + 1 == line->stages;

        job->pipe[i] = last ? SYSERR : open(PIPE, NULL, NULL);
        if (!last && job->pipe[i] == SYSERR)
            break;
        job->pid[i] = create_command(line, i, input, last ? job->output : job->pipe[i]);
        if (job->pid[i] == SYSERR)
            break;
        input = job->pipe[i];
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
    struct job job;
    bool8 done;
    int32 i;

    memset(&job, 0, sizeof job);
    for (i = 0; i < MAXSTAGE; i++)
        job.pipe[i] = SYSERR;
    job.device = device;
    done = open_files(&job, line) && start(&job, line);
    if (done)
        await(&job, interruptible);
    for (i = 0; i < MAXSTAGE; i++) {
        if (!done)
            close(job.pipe[i]); /* otherwise await() has done this */
        close(job.pipe[i]);
    }
    close_files(&job);
    return done ? SHELL_OK : SHELL_ERROR;
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
    struct cmdent command;
    pid32 pid;

    if (!is_possible(line, device) || !find_command(line->text + line->tok[0], &command))
        return SHELL_ERROR;
    if (command.cbuiltin)
        return run_builtin(line, &command);
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
