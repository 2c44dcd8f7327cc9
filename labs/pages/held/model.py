"""What the held-back checks of the pages lab report on a right kernel; see ../checks/model.py."""

SHORT = 32  # pages.h


def all(_given):  # pylint: disable=redefined-builtin; the name of the check
    """Every page that is free can be had, whichever run it is in: also the last one, and the rest of each cut."""
    return ["pages taken one by one: all, then 0 are free", "wrong blocks: 0", "all freed: 0 pages fewer"]


def cost(given):
    """lengths_ finds the next length that exists in a few instructions, however many runs there are and however far
    away it is; a search along lists or lengths does not."""
    return ["no run is of nearly that length: it takes few instructions",
            f"a block freed: {given.between(0, SHORT + 1, 60)} pages more",
            "one is of that length: it takes few instructions", "many are shorter: it takes few instructions"]


def whole(_given):
    """After the last release no two free runs adjoin. Think of a run that has free neighbours on both sides, and of the
    ends of the table."""
    return ["at first the longest block has nearly all free pages",
            "120 blocks of 1 to 60 pages, freed in any order: 0 pages fewer", "the longest block is 0 pages shorter"]


def kinds(_given):
    """A process has eight lists: list 0 for pages, stacks and all else, the others for small blocks (heap.hpp)."""
    return ["small blocks, pages and stacks: taken", "the process is killed: 0 pages fewer"]


def pieces(_given):
    """release_some() does no more than `work` at a time, and returns false when there is more to do."""
    return ["many pages: the end of their owner masks interrupts as long",
            "0 pages that are missing are not this process's"]


def behind(given):
    """The page at first_free, the guard pages of the kernel's own stacks, and addresses from `top` on are not mapped
    (paging.hpp)."""
    return ["the last byte of the program's variables: goes on", "the page behind them: is ended",
            "the lowest byte of the null process's stack: goes on", "the byte below: is ended",
            "where memory ends: is ended", f"at 0x{0x04000000 + 4096 * given.between(0, 0, 0x3000):08x}: is ended"]


def words(_given):
    """is_memory(): every page from the first byte to the last must have an entry that is present and writable, in a
    table that exists; the last address may wrap (arch.hpp)."""
    return ["NULL: refused", "code: refused", "a variable: accepted", "from the last variable on: refused",
            "where memory ends: refused", "up to the end of all addresses: refused"]


def unstack(given):
    """find_stack() accepts the highest word of an allocated stack with the stack's size, and nothing else."""
    return ["the stack is where stacks are to be: yes", "a page fewer: refused", "a word below: refused",
            "a page below: refused", "the stack: accepted", "the stack again: refused", "this process's own: refused",
            f"afterwards {given.between(0, 3, 9)} pages more", "the other one: accepted"]


def returned(_given):
    """A stack takes pages from page_allocator, and addresses from stack_places; both are released with it."""
    return ["large stacks taken and freed: 700, in vain: 0, where stacks are not to be: 0",
            "after 300 processes: 0 pages fewer"]


def freed(given):
    """An entry is cleared when its page is released, also that of a process that ends (before_release()). The CPU may
    have remembered the old one, until it is told to forget it (forget_page())."""
    return [f"page {given.between(1, 1, given.between(0, 3, 9))} of a stack: goes on", "after freestk(): is ended",
            "the stack of a process, while it waits: goes on", "when it has ended: is ended"]


def wide(_given):
    """The gap is kStackGap bytes, at least (stack_memory.hpp): a large frame may step far beyond the end of a stack."""
    return ["of the six pages below a stack, 0 can be read"]


def large(given):
    """Each page of a stack is mapped to the page of its run with the same number, however many there are: the entries
    of page tables that follow each other do so, too."""
    pages = given.between(0, 600, 900)
    return [f"a stack of {pages} pages: {pages} pages fewer", "it is where stacks are to be: yes",
            "pages that differ from what was written: 0", "freed: 0 pages fewer"]


def shrink(given):
    """sbrk() with a negative number calls unmap_user_page(). The program has just used the page, so that the CPU still
    knows its entry, until it is told to forget it (forget_page())."""
    return [*(f"using page {given.between(i, 0, 7)} after giving back 8: is ended" for i in range(3)),
            "afterwards 0 pages fewer", "using the last page that it has: goes on"]


def pointers(_given):
    """user_page() is asked about every page of what a program passes: whether ring 3 may read it, or write it.
    Addresses outside ring 3's part have entries, too, but not for ring 3."""
    return ["printing its code: goes on", "printing the window: goes on", "printing kernel memory: is ended",
            "printing what is not mapped: is ended", "printing from the end of its stack on: is ended",
            "typing into its code: is ended", "typing into the window: is ended"]


def random(_given):
    """Which two operations, directly one after the other, could leave a tag, a list or an entry that is not right?"""
    return ["pages used: more than 40000; wrong: 0", "at the end 0 pages fewer"]


def spare(_given):
    """A run shorter than kSpareLengths is set aside when it is released, unless there are kMostSpares: then one of
    another length has to go."""
    return ["three long neighbours are merged: yes", "of 5 short runs, 5 are taken again as they were"]
