/* text.h - the type of a text that a call reads */
#ifndef XINU_TEXT_H
#define XINU_TEXT_H

/* Programs for Xinu declare and define some of these calls again, with the types of Xinu. */
#ifdef __cplusplus
#define XINU_TEXT const char
#else
#define XINU_TEXT char
#endif

#endif
