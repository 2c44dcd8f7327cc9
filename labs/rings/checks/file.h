/*
 * file.h - the file of a ring-3 program, and what read_executable() says of it (kernel/image/elf.hpp)
 */
#ifndef FILE_H
#define FILE_H

#include "rings.h"

/* As <elf.h> has them: the header of a file, and of a part of the program. */
struct elf_header {
    byte e_ident[16];
    uint16 e_type, e_machine;
    uint32 e_version, e_entry, e_phoff, e_shoff, e_flags;
    uint16 e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx;
};
struct program_header {
    uint32 p_type, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_flags, p_align;
};
#define PF_X 1
#define PF_W 2

/* detour::Executable. */
struct executable {
    uint32 entry, count;
    struct {
        uint32 address, file_offset, file_bytes, memory_bytes;
        byte writable, executable;
    } segment[8];
};

/* A copy of the file of this program, which a check may damage; its headers, and how long it is. */
extern byte *file;
extern struct elf_header *header;
extern struct program_header *part; /* those of code, constants and variables come first */
extern uint32 file_bytes;
void copy_file(const char *program);

/*
 * Creates a process with a program of ring 3, suspended, and returns the frame of its first iret: UserFrame of
 * arch/x86/entry/frames.h. NULL if there is none, which was reported.
 */
enum { FRAME_EIP = 8, FRAME_CS, FRAME_EFLAGS, FRAME_ESP, FRAME_SS, FRAME_DS, FRAME_ES, FRAME_WORDS };
const uint32 *first_frame(pid32 *pid);

/* What read_executable() says of the file: "accepted" or "refused". `executable` is what it makes of it. */
extern struct executable executable;
const char *verdict(void);

#endif
