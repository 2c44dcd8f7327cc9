/* The scenarios of sweep_detours.c, undisturbed: for the emulator's record of what is executed with
 * interrupts on. */
#define SWEEP_UNDISTURBED_ONLY
#include "sweep_detours.c"
