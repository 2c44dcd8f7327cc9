/* Files on a machine without a disk: all calls, and their errors. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#define LARGE 100000

static char filled[LARGE], back[LARGE];

static devcall of(const char *name, int32 function)
{
    return control(LFILESYS, function, (int32)name, 0);
}

static void check_bytes(void)
{
    did32 file = open(LFILESYS, "bytes", "rwn");
    CHECK(file >= LFILE0 && file < LFILE0 + Nlfl);
    CHECK(getc(file) == EOF && read(file, back, 10) == EOF);
    CHECK(write(file, "0123456789", 10) == 10 && control(file, LF_CTL_SIZE, 0, 0) == 10);
    CHECK(getc(file) == EOF && seek(file, 3) == OK && getc(file) == '3' && putc(file, 'x') == OK && getc(file) == '5');
    CHECK(seek(file, 10) == OK && seek(file, 11) == SYSERR && seek(file, -1) == SYSERR);
    CHECK(putc(file, (char)0xFF) == OK && seek(file, 10) == OK && getc(file) == 0xFF);
    CHECK(seek(file, 0) == OK && read(file, back, LARGE) == 11 && memcmp(back, "0123x56789\377", 11) == 0);
    CHECK(read(file, back, 0) == 0 && control(file, LF_CTL_TRUNC, 0, 0) == OK && read(file, back, 1) == EOF);
    CHECK(control(file, 99, 0, 0) == SYSERR && control(file, LF_CTL_SYNC, 0, 0) == OK);
    CHECK(close(file) == OK && close(file) == SYSERR && getc(file) == SYSERR && putc(file, 'x') == SYSERR);
    CHECK(read(file, back, 1) == SYSERR && write(file, "x", 1) == SYSERR && seek(file, 0) == SYSERR);
}

static void check_large(void)
{
    for (int i = 0; i < LARGE; i++)
        filled[i] = (char)(i * 7 + i / 512);
    did32 file = open(LFILESYS, "large", "");
    CHECK(write(file, filled, LARGE) == LARGE && seek(file, 0) == OK && read(file, back, LARGE) == LARGE);
    CHECK(memcmp(filled, back, LARGE) == 0);
    CHECK(seek(file, 70001) == OK && write(file, "changed", 7) == 7 && close(file) == OK);
    memcpy(filled + 70001, "changed", 7);
    file = open(LFILESYS, "large", "ro");
    CHECK(read(file, back, LARGE) == LARGE && memcmp(filled, back, LARGE) == 0 && write(file, "x", 1) == SYSERR);
    CHECK(control(file, LF_CTL_TRUNC, 0, 0) == SYSERR && close(file) == OK && of("large", LF_CTL_SIZE) == LARGE);
}

static void check_modes(void)
{
    CHECK(open(LFILESYS, "large", "n") == SYSERR && open(LFILESYS, "none", "o") == SYSERR);
    CHECK(open(LFILESYS, "none", "on") == SYSERR && open(LFILESYS, "none", "rr") == SYSERR);
    CHECK(open(LFILESYS, "none", "x") == SYSERR && of("none", LF_CTL_SIZE) == SYSERR);
    did32 file = open(LFILESYS, "written", "w");
    CHECK(putc(file, 'x') == OK && seek(file, 0) == OK && getc(file) == SYSERR);
    CHECK(open(LFILESYS, "written", "r") == SYSERR); /* it is open */
    CHECK(of("written", LF_CTL_DEL) == SYSERR && close(file) == OK);
}

static void check_names(void)
{
    for (const char *const *name = (const char *const[]){"", "sixteen.letters.", "two words", "line\n", "\200", NULL};
         *name != NULL; name++)
        CHECK(open(LFILESYS, *name, "rw") == SYSERR);
    CHECK(open(LFILESYS, ".", "n") == SYSERR && of(".", LF_CTL_DEL) == SYSERR);
    did32 file = open(LFILESYS, "fifteen.letters", "n");
    CHECK(close(file) == OK && of("fifteen.letters", LF_CTL_SIZE) == 0);
    CHECK(of("fifteen.letters", LF_CTL_DEL) == OK && of("fifteen.letters", LF_CTL_DEL) == SYSERR);
    CHECK(of("large", 99) == SYSERR && control(LFILESYS, LF_CTL_SYNC, 0, 0) == OK);
}

static void check_directory(void)
{
    struct ldentry entry;
    int files = 0, bytes = 0;
    did32 directory = open(LFILESYS, ".", "r");
    while (read(directory, (char *)&entry, sizeof entry) == sizeof entry) {
        files++;
        bytes += entry.ld_size;
        kprintf("%6u %s\n", entry.ld_size, entry.ld_name);
    }
    CHECK(files == 3 && bytes == LARGE + 1 && read(directory, (char *)&entry, sizeof entry) == EOF);
    CHECK(seek(directory, 0) == OK && read(directory, back, LARGE) == 3 * sizeof entry);
    CHECK(write(directory, "x", 1) == SYSERR && control(directory, LF_CTL_SIZE, 0, 0) == SYSERR);
    CHECK(close(directory) == OK);
}

static void check_limits(void)
{
    char name[LF_NAME_LEN];
    did32 files[Nlfl];
    for (int i = 0; i < Nlfl; i++) {
        sprintf(name, "open%d", i);
        files[i] = open(LFILESYS, name, "");
    }
    CHECK(files[Nlfl - 1] >= 0 && open(LFILESYS, "one.more", "") == SYSERR && of("one.more", LF_CTL_SIZE) == SYSERR);
    int32 room = control(LFILESYS, LF_CTL_FREE, 0, 0), written = 0, step;
    while ((step = write(files[0], filled, LARGE)) > 0)
        written += step;
    kprintf("%d of %d bytes fit\n", written, room);
    CHECK(step == SYSERR && written > room * 98 / 100 && written <= room && control(LFILESYS, LF_CTL_FREE, 0, 0) == 0);
    CHECK(seek(files[0], LARGE) == OK && read(files[0], back, LARGE) == LARGE && memcmp(filled, back, LARGE) == 0);
    for (int i = 0; i < Nlfl; i++) {
        sprintf(name, "open%d", i);
        CHECK(close(files[i]) == OK && of(name, LF_CTL_DEL) == OK);
    }
    CHECK(control(LFILESYS, LF_CTL_FREE, 0, 0) == room);
    int made = 0;
    for (did32 file; sprintf(name, "n%d", made), (file = open(LFILESYS, name, "n")) != SYSERR; made++)
        close(file);
    CHECK(made == LF_NUM_DIR_ENT - 3);
}

static void check_namespace(void)
{
    char name[NM_MAXLEN];
    CHECK(open(NAMESPACE, "/dev/console", "rw") == CONSOLE && open(NAMESPACE, "/dev/null", "w") == NULLDEV);
    CHECK(open(NAMESPACE, "/dev/none", "rw") == SYSERR);
    did32 file = open(NAMESPACE, "large", "ro");
    CHECK(file >= LFILE0 && close(file) == OK && (file = open(NAMESPACE, "/local/large", "ro")) >= LFILE0);
    CHECK(close(file) == OK && mount("big", "lar", LFILESYS) == OK && nammap("bigge", name, NAMESPACE) == LFILESYS);
    CHECK(strcmp(name, "large") == 0 && mount("alias/", "/local/", NAMESPACE) == OK);
    CHECK((file = open(NAMESPACE, "alias/large", "ro")) >= LFILE0 && close(file) == OK);
    CHECK(mount("loop", "loop", NAMESPACE) == OK && open(NAMESPACE, "loop", "rw") == SYSERR);
    CHECK(mount("x", "", NDEVS) == SYSERR && mount(filled + 1, "", LFILESYS) == SYSERR);
}

/* Ends at an address that is not there, not the kernel. */
static process bad_reader(void)
{
    did32 file = open(LFILESYS, "large", "ro");
    read(file, (char *)4, 100);
    return OK;
}

static void check_bad_pointer(void)
{
    pid32 pid = create(bad_reader, 4096, 30, "bad reader", 0);
    resume(pid);
    CHECK(isbadpid(pid) && of("bytes", LF_CTL_SIZE) == 0 && kcheck() == NULL);
    CHECK(lfscreate(LFILESYS, 0, 0) == SYSERR && of("large", LF_CTL_SIZE) == LARGE); /* the reader's file is open */
    CHECK(close(LFILE0) == OK && close(LFILE0) == SYSERR);
}

process main(void)
{
    check_bytes();
    check_large();
    check_modes();
    check_names();
    check_directory();
    check_namespace();
    check_limits();
    check_bad_pointer();
    CHECK(lfscreate(NULLDEV, 40, 20480) == OK && of("large", LF_CTL_SIZE) == SYSERR);
    checks_done();
    return OK;
}
