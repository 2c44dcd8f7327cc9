/*
 * pipe.h - pipes: what one process writes to it, another reads
 *
 * open(PIPE, "", "") returns a free one of PIPE0 to PIPE3, or SYSERR. Its first close() ends the writing: when all is
 * read, its reader gets EOF, and putc() is SYSERR. The second frees it; processes that wait there then get SYSERR. A
 * writer waits while PIPE_BYTES are there that have not been read.
 */
#ifndef XINU_PIPE_H
#define XINU_PIPE_H

#include <xinu/conf.h>
#include <xinu/types.h>

#define PIPE_BYTES 256

#ifdef __cplusplus
extern "C" {
#endif

devcall pipe_open(struct dentry *, const char *name, const char *mode);
devcall pipe_close(struct dentry *);
devcall pipe_read(struct dentry *, void *buffer, uint32 count); /* a line with its newline, at most count bytes */
devcall pipe_write(struct dentry *, const void *buffer, uint32 count);
devcall pipe_getc(struct dentry *);
devcall pipe_putc(struct dentry *, char c);

#ifdef __cplusplus
}
#endif

#endif
