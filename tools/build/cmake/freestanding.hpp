// Read before each C++ program, which is compiled hosted so that main() has its C name: shows libstdc++ that there is
// no operating system below it. As a system header it may redefine what the compiler has defined.
#pragma GCC system_header
#undef __STDC_HOSTED__
#define __STDC_HOSTED__ 0
