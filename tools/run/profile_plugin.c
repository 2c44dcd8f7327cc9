/*
 * profile_plugin.c - counts the instructions that the emulated CPU executes, by their addresses; tools/run/profile.py
 * compiles it, loads it into QEMU, and reads what it writes
 *
 * Arguments (name=value):
 *     out    the file for the result
 *     begin  hexadecimal: besides the counts, keep what is executed from this instruction on, until an instruction of
 *            the program is reached: a window
 *     low, high  hexadecimal: the kernel's code; all other addresses are the program's
 *
 * The file: `count ADDRESS N` for each instruction; `window N ADDRESS...` for each different window, the addresses in
 * the order of execution, and how many times it occurred.
 *
 * The interface is QEMU's (include/qemu/qemu-plugin.h); few distributions install that header, so the functions are
 * declared here. API is the version that QEMU must offer, which profile.py defines.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef API
#define API 1
#endif

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { NO_REGISTERS };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *), int, void *);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);

int qemu_plugin_version = API;

/* The instructions, in a hash table with open addressing. */
struct counter {
    uint32_t address; /* 0: an empty place */
    uint64_t count;
};
#define PLACES (1u << 20)
static struct counter counters[PLACES];

#define WINDOW_MAX 100000 /* instructions; what is longer is left out */
#define WINDOWS_MAX 64    /* different ones */
struct window {
    uint32_t *addresses;
    size_t length;
    uint64_t count;
};
static struct window windows[WINDOWS_MAX], current;
static uint32_t begin, low, high;
static int inside;
static const char *out;

static struct counter *counter_of(uint32_t address)
{
    uint32_t place = address * 2654435761u >> 12;

    while (counters[place % PLACES].address != 0 && counters[place % PLACES].address != address)
        place++;
    counters[place % PLACES].address = address;
    return &counters[place % PLACES];
}

static void end_window(void)
{
    struct window *w = windows;

    inside = 0;
    if (current.length == WINDOW_MAX)
        return;
    for (; w < windows + WINDOWS_MAX && w->length != 0; w++)
        if (w->length == current.length && memcmp(w->addresses, current.addresses, w->length * sizeof(uint32_t)) == 0)
            break;
    if (w == windows + WINDOWS_MAX)
        return;
    if (w->length == 0) {
        w->length = current.length;
        w->addresses = malloc(w->length * sizeof(uint32_t));
        memcpy(w->addresses, current.addresses, w->length * sizeof(uint32_t));
    }
    w->count++;
}

static void executed(unsigned cpu, void *data)
{
    struct counter *counter = data;
    uint32_t address = counter->address;

    (void)cpu;
    counter->count++;
    if (begin == 0)
        return;
    if (inside && (address < low || address >= high))
        end_window();
    if (!inside && address == begin) {
        inside = 1;
        current.length = 0;
    }
    if (inside && current.length < WINDOW_MAX)
        current.addresses[current.length++] = address;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        uint32_t address = (uint32_t)qemu_plugin_insn_vaddr(instruction);

        qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, NO_REGISTERS, counter_of(address));
    }
}

static void at_exit(qemu_plugin_id_t id, void *data)
{
    FILE *file = fopen(out, "w");

    (void)id, (void)data;
    if (file == NULL)
        return; /* profile.py finds no result */
    for (size_t i = 0; i < PLACES; i++)
        if (counters[i].count != 0)
            fprintf(file, "count %" PRIx32 " %" PRIu64 "\n", counters[i].address, counters[i].count);
    for (struct window *w = windows; w < windows + WINDOWS_MAX && w->length != 0; w++) {
        fprintf(file, "window %" PRIu64, w->count);
        for (size_t i = 0; i < w->length; i++)
            fprintf(file, " %" PRIx32, w->addresses[i]);
        fprintf(file, "\n");
    }
    fclose(file);
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        char *value = strchr(argv[i], '=');

        if (value == NULL)
            return -1;
        *value++ = '\0';
        if (strcmp(argv[i], "out") == 0)
            out = strdup(value);
        else if (strcmp(argv[i], "begin") == 0)
            begin = (uint32_t)strtoul(value, NULL, 16);
        else if (strcmp(argv[i], "low") == 0)
            low = (uint32_t)strtoul(value, NULL, 16);
        else if (strcmp(argv[i], "high") == 0)
            high = (uint32_t)strtoul(value, NULL, 16);
    }
    if (out == NULL)
        return -1;
    current.addresses = malloc(WINDOW_MAX * sizeof(uint32_t));
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, at_exit, NULL);
    return 0;
}
