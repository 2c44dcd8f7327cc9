/*
 * ramdisk.h - RAM0, a disk in memory: blocks that are lost when the machine stops
 *
 * read() and write() transfer whole blocks: `count` is the number of the first one, as for Xinu's disks, and the buffer
 * has RM_BLKSIZ bytes. SYSERR: there is no such block.
 */
#ifndef XINU_RAMDISK_H
#define XINU_RAMDISK_H

#include <xinu/conf.h>
#include <xinu/types.h>

#define RM_BLKSIZ 512 /* bytes of a block */
#define RM_BLKS 200   /* blocks of the disk */

#ifdef __cplusplus
extern "C" {
#endif

devcall ramread(struct dentry *, void *buffer, uint32 block);
devcall ramwrite(struct dentry *, const void *buffer, uint32 block);

#ifdef __cplusplus
}
#endif

#endif
