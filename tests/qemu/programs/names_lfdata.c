/* Lf_data, by which commands of Xinu list the files. */
#include "check.h"

static const struct ldentry *entry_of(const char *name)
{
    for (int32 i = 0; i < Lf_data.lf_dir.lfd_nfiles; i++)
        if (strncmp(Lf_data.lf_dir.lfd_files[i].ld_name, name, LF_NAME_LEN) == 0)
            return &Lf_data.lf_dir.lfd_files[i];
    return NULL;
}

process main(void)
{
    const char name[] = "fifteen-letters";
    did32 file;

    CHECK(Lf_data.lf_dir.lfd_nfiles == 0 && Lf_data.lf_dirpresent && Lf_data.lf_dskdev == LFILESYS);
    CHECK((file = open(LFILESYS, name, "rw")) != (did32)SYSERR && write(file, "12345", 5) == 5);
    close(open(LFILESYS, "empty", "rw"));
    CHECK(wait(Lf_data.lf_mutex) == OK);
    CHECK(Lf_data.lf_dir.lfd_nfiles == 2);
    CHECK(entry_of(name) != NULL && entry_of(name)->ld_size == 5 && entry_of(name)->ld_ilist != 0);
    CHECK(entry_of("empty") != NULL && entry_of("empty")->ld_size == 0 && entry_of("empty")->ld_ilist == 0);
    CHECK(entry_of("none") == NULL);
    CHECK(signal(Lf_data.lf_mutex) == OK && semcount(Lf_data.lf_mutex) == 1);
    close(file);
    CHECK(control(LFILESYS, F_CTL_DEL, (int32)name, 0) == OK && entry_of(name) == NULL);
    Lf_data.lf_dir.lfd_nfiles = 77; /* a view: nothing comes of that */
    CHECK(Lf_data.lf_dir.lfd_nfiles == 1);
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
