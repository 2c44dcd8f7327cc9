/* start.c - tasks 1 and 2: every word of the first frame, and files that are damaged in other ways */
#include <exceptions.h>
#include <file.h>

void check_first_words(void)
{
    static const char *const names[] = {"EDI", "ESI", "EBP", "", "EBX", "EDX", "ECX", "EAX"};
    pid32 pid;
    const uint32 *frame = first_frame(&pid);
    uint32 i;

    if (frame == NULL)
        return;
    for (i = 0; i < 8; i++)
        if (names[i][0] != '\0') /* ESP is not popped */
            report("%s %08x", names[i], frame[i]);
    report("whole words: CS %08x SS %08x DS %08x ES %08x", frame[FRAME_CS], frame[FRAME_SS], frame[FRAME_DS],
           frame[FRAME_ES]);
    report("above it: %08x", frame[FRAME_WORDS]);
}

void check_first_flags(void)
{
    pid32 pid;
    const uint32 *frame = first_frame(&pid), *saved;

    if (frame == NULL)
        return;
    saved = (const uint32 *)proctab[pid].prstkptr;
    report("EFLAGS in ring 3: %08x", frame[FRAME_EFLAGS]);
    report("until then: %08x", saved[SAVED_EFLAGS]);
    report("what ctxsw() pops lies directly below: %s", yes(saved + SAVED_WORDS == frame));
}

static struct executable untouched;

/* Reports the verdict on the damaged file, and whether it has left the result alone; then the file is whole again. */
static void report_damaged(const char *how)
{
    const char *said;

    memset(&executable, 0x77, sizeof executable);
    untouched = executable;
    said = verdict();
    report("%s: %s%s", how, said,
           memcmp(&executable, &untouched, sizeof untouched) == 0 ? "" : ", and it has an effect");
    copy_file("memory");
}

void check_damaged(void)
{
    copy_file("memory");
    report("whole: %s", verdict());
    header->e_phoff = file_bytes - given(0, 0, 31);
    report_damaged("the table of headers ends behind the file");
    header->e_phoff = 0xfffffff0;
    report_damaged("it begins far behind it");
    header->e_phentsize = 31;
    report_damaged("its entries have another size");
    part[1].p_offset = 0xffffff00;
    report_damaged("a part that is nowhere in the file");
    part[2].p_memsz = 0xffffffff - given(1, 0, 1000);
    report_damaged("a part that ends beyond all addresses");
    part[2].p_vaddr = USER_HEAP_END - given(2, 1, 100);
    report_damaged("a part that ends behind its space");
    part[0].p_flags |= PF_W;
    report_damaged("code that can be written");
    part[2].p_vaddr = part[1].p_vaddr + given(3, 0, part[1].p_memsz - 1);
    report_damaged("two parts that overlap");
    part[1].p_vaddr = part[0].p_vaddr + part[0].p_memsz;
    report_damaged("two parts in one page");
    header->e_entry = part[2].p_vaddr + given(4, 0, part[2].p_memsz - 1);
    report_damaged("an entry among the variables");
    part[0].p_flags &= ~PF_X;
    report_damaged("no code at all");
    header->e_phnum = 0;
    report_damaged("no part at all");
    report("whole again: %s", verdict());
}

void check_permissions(void)
{
    report("reading a constant: it %s", ending("faults", "read-const", 0, 0));
    report("writing a variable: it %s", ending("faults", "write-variable", 0, 0));
    report("writing a constant: it %s", ending("faults", "write-const", 0, 0));
    report("writing code: it %s", ending("faults", "write-code", 0, 0));
}
