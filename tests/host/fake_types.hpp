// fake_types.hpp - <xinu/types.h> in a hosted program, to be included before any other header of the kernel: two of
// Xinu's names, the type syscall and the constant EOF, are libc's too
#pragma once

#include <cstdio>
#include <unistd.h>

#undef EOF
#define syscall xinu_syscall
#include <xinu/types.h>
#undef syscall
