/* start.c - tasks 1 and 2: what a program needs before its first instruction, and what it finds then */
#include "file.h"

const uint32 *first_frame(pid32 *pid)
{
    *pid = prepare_program("memory", "nothing", 0, 0);
    return *pid == SYSERR ? NULL : (const uint32 *)proctab[*pid].prstkbase - FRAME_WORDS;
}

void check_frame(void)
{
    pid32 pid;
    const uint32 *frame = first_frame(&pid);
    uint32 esp;

    if (frame == NULL)
        return;
    esp = frame[FRAME_ESP];
    copy_file("memory");
    report("EIP is the entry of the file: %s", yes(frame[FRAME_EIP] == header->e_entry));
    report("CS %02x, SS %02x", frame[FRAME_CS] & 0xffff, frame[FRAME_SS] & 0xffff);
    report("ESP is in the highest page of the program's stack: %s",
           yes(esp >= USER_STACK_END - PAGE && esp < USER_STACK_END && esp % 4 == 0));
}

void check_arguments(void)
{
    run_program("memory", "arguments", lab_given.number[0], given(1, 0, 999));
    report("it has %u arguments", hear());
    report("a number made of their characters: %u", hear());
    report("NULL behind them: %s", hear_yes());
}

void check_contents(void)
{
    uint32 constants, variables;

    run_program("memory", "contents", given(0, 0, 1000000), 0);
    constants = hear();
    variables = hear();
    report("its constants %u, its variables %u", constants, variables);
}

void check_zeroes(void)
{
    uint32 i;

    for (i = 0; i < 3; i++) {
        run_program("memory", "zeroes", 0, 0);
        report("program %u: bytes of its variables that are to be 0, and are not: %u", i, hear());
        await_end_of_program();
    }
}

void check_refused(void)
{
    copy_file("memory");
    report("the file as it is: %s", verdict());
    report("its entry: %s, three parts: %s", executable.entry == header->e_entry ? "right" : "wrong",
           yes(executable.count == 3));
    part[2].p_memsz = part[2].p_filesz - given(0, 1, 1000);
    report("more bytes in the file than in memory: %s", verdict());
    copy_file("memory");
    part[1].p_offset = file_bytes - given(1, 0, 100);
    report("a part that ends behind the file: %s", verdict());
    copy_file("memory");
    part[0].p_vaddr = 0x100000;
    report("a part in the kernel: %s", verdict());
    copy_file("memory");
    header->e_entry = part[0].p_vaddr - given(2, 1, 1000);
    report("an entry that is in no part: %s", verdict());
    copy_file("memory");
    report("the file as it is, again: %s", verdict());
}
