// exit_name.hpp - included before all of system/process.cpp, whose exit() is not libc's
#pragma once

extern "C" void exit(int) noexcept __asm__("xinu_exit");
