/*
 * pages.h - what the checks of the pages lab share: blocks of whole pages, and processes that touch an address
 *
 * A block of a page or more has pages of its own. Where a check is not about short runs, its blocks have SHORT pages or
 * more: shorter ones may be set aside when they are freed (task 8).
 */
#ifndef PAGES_H
#define PAGES_H

#include <observe.h>

#define PAGE 4096
#define SHORT 32
#define FAILED ((char *)SYSERR)
#define PRIORITY_ABOVE (INITPRIO + 10)

/* A block of so many pages; FAILED if there is none. */
char *take(uint32 pages);
syscall give_back(char *block, uint32 pages);

/* Writes this word to the beginning of each page; counts the pages that have another. */
void mark(char *block, uint32 pages, uint32 word);
uint32 count_changed(const char *block, uint32 pages, uint32 word);

/* How many fewer pages are free than at the call of this before. */
void remember_free(void);
int pages_missing(void);

/* A number below `most` from a sequence that the i-th number given begins. */
uint32 draw(uint32 i, uint32 most);

/* Starts a process with one argument, above the caller's priority, so that it runs first. Returns its id. */
pid32 run(void *function, uint32 argument);

/* What becomes of a process that reads a byte, or writes one: "goes on" or "is ended". */
const char *reading(uint32 address);
const char *writing(uint32 address);

/* The same in two steps: between them nothing is allocated. */
void prepare_reading(uint32 address);
const char *prepared_reading(void);

/* Whether an address is one of those that are reserved for stacks: "yes" or "no". */
const char *is_for_stacks(const char *address);

/*
 * Starts the ring-3 program ../ring3/pages.c, above the caller's priority; what it finds, it sends. ending() tells what
 * becomes of it: it sends GOES_ON when it has done what it is to do. (A process that ends sends its parent its number.)
 */
#define GOES_ON 1000000
pid32 run_program(const char *what, uint32 number);
const char *ending(const char *what, uint32 number);

#endif
