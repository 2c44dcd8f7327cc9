/* The scenarios of user_sweep.c, undisturbed: for the emulator's record of what is executed in ring 3. */
#define SWEEP_UNDISTURBED_ONLY
#include "user_sweep.c"
