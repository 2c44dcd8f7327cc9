/* pic.h - how entry code ends an interrupt at the controller (8259A datasheet, OCW2), for assembly and C++ */
#ifndef DETOUR_PIC_H
#define DETOUR_PIC_H

#define PIC_MASTER_COMMAND 0x20   /* port */
#define PIC_END_OF_INTERRUPT 0x20 /* non-specific: of the highest one in service */

#endif
