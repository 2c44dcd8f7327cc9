/*
 * file.h - files (kernel/fs/, system/devices/): names and numbers as in Xinu
 *
 * open(LFILESYS, "name", "rw") returns the number of one of the devices LFILE0 ..., which then stands for the file
 * until close(). docs/files.md says what survives a power cut.
 */
#ifndef XINU_FILE_H
#define XINU_FILE_H

#include <xinu/types.h>

#define LF_NAME_LEN 16     /* bytes of a name with its NUL; printable characters without spaces */
#define LF_NUM_DIR_ENT 128 /* files */
#define LF_BLKSIZ 512      /* bytes of a block */

/*
 * What the mode of open() says: 'r' read, 'w' write, neither is both; 'o' the file must exist ("old"), 'n' it must not
 * ("new"), neither makes it if it does not.
 */
#define F_MODE_R 1
#define F_MODE_W 2
#define F_MODE_RW 3
#define F_MODE_O 4
#define F_MODE_N 8
#define LF_MODE_R F_MODE_R
#define LF_MODE_W F_MODE_W
#define LF_MODE_RW F_MODE_RW
#define LF_MODE_O F_MODE_O
#define LF_MODE_N F_MODE_N

/*
 * control(LFILESYS, function, (int32)"name", 0), and for an open file control(device, function, 0, 0). OK, or:
 * SYSERR if there is no such file, or, of those that change it, it is open, or the disk has failed.
 */
#define F_CTL_DEL 1   /* deletes the file; only by its name */
#define F_CTL_TRUNC 2 /* its size becomes 0 */
#define F_CTL_SIZE 5  /* returns its size in bytes */
#define F_CTL_SYNC 6  /* when this has returned OK, a power cut loses nothing that was done before; for all files */
#define F_CTL_FREE 7  /* returns how many bytes there is still room for; for all files */
#define LF_CTL_DEL F_CTL_DEL
#define LF_CTL_TRUNC F_CTL_TRUNC
#define LF_CTL_SIZE F_CTL_SIZE
#define LF_CTL_SYNC F_CTL_SYNC
#define LF_CTL_FREE F_CTL_FREE
#define RFS_CTL_DEL F_CTL_DEL
#define RFS_CTL_TRUNC F_CTL_TRUNC
#define RFS_CTL_SIZE F_CTL_SIZE

typedef int32 ibid32;
typedef int32 dbid32;

/* What read() returns from open(LFILESYS, ".", "r"): a whole number of these, one for each file. */
struct ldentry {
    uint32 ld_size;            /* in bytes */
    ibid32 ld_ilist;           /* the file's first block; 0 if it has none */
    char ld_name[LF_NAME_LEN]; /* NUL-terminated */
};

/*
 * The directory as Xinu's commands look at it, in Lf_data. It is a view: what is so at the moment at which `Lf_data` is
 * evaluated, and to change it changes no file. Fields that have no meaning here are 0.
 */
struct lfdir {
    uint32 lfd_fsysid;
    int16 lfd_vers, lfd_subvers;
    uint32 lfd_allzeros, lfd_allones;
    dbid32 lfd_dfree;
    ibid32 lfd_ifree;
    int32 lfd_nfiles; /* of the following, so many are files */
    struct ldentry lfd_files[LF_NUM_DIR_ENT];
    uint32 lfd_revid;
};
struct lfdata {
    did32 lf_dskdev; /* LFILESYS */
    sid32 lf_mutex;  /* of the view's own: the files do not wait for it */
    struct lfdir lf_dir;
    bool8 lf_dirpresent; /* TRUE, if there are files at all */
    bool8 lf_dirdirty;
};
#define Lf_data (*xinu_lfdata())

#ifdef __cplusplus
extern "C" {
#endif

struct lfdata *xinu_lfdata(void);

/* The bits of a mode, or SYSERR if it has other characters, or one twice. */
int32 lfgetmode(const char *mode);

/*
 * Removes all files, and makes an empty file system. disk: LFILESYS, or another device that Xinu's programs name; then
 * only if the files are in memory. The sizes are not used. SYSERR: a file is open, or the disk has failed.
 */
status lfscreate(did32 disk, ibid32 lfiblks, uint32 dsiz);

#ifdef __cplusplus
}
#endif

#endif
