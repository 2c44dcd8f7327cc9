# The kernel's objects, in two archives. All images share them; a variant with other table sizes is compiled a second
# time.

set(DETOUR_NPROC "" CACHE STRING "entries of the process table; empty for the default of xinu/config.h")
option(DETOUR_MONITOR "int3 opens the monitor, instead of ending the process" OFF)
option(DETOUR_MAP_NULL "map the page at address 0, for old course code that touches it" OFF)

# What every object of an image must agree on: the i386 ABI, position dependent, with numbers in the x87's registers
# only.
set(DETOUR_MACHINE
    -m32 -march=i686 -mno-mmx -mno-sse -mno-sse2 -mpreferred-stack-boundary=2
    -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables
    -fno-omit-frame-pointer -g
    # Stacks are described word by word: a function does not align its own for the sake of 8 bytes, and the arguments
    # of a call are pushed for it and popped right after it, so that their number shows.
    -mincoming-stack-boundary=3 -mno-accumulate-outgoing-args -fno-defer-pop -fno-combine-stack-adjustments)
# The kernel and the library of ring 3 leave those registers to the programs: what would use them does not compile.
set(DETOUR_NO_FLOAT -mgeneral-regs-only)
# And nothing in the kernel needs more than a word's alignment, though GCC likes 16 bytes for a structure of 16: a frame
# that it aligns is not one that kernel/unwind/ can describe.
set(DETOUR_ALIGNED_ENOUGH -mincoming-stack-boundary=4)
set(DETOUR_CXX_SUBSET -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit)

set(DETOUR_LINKER_SCRIPT ${CMAKE_SOURCE_DIR}/arch/x86/boot/kernel.ld)
file(GLOB DETOUR_KERNEL_SOURCES CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/arch/x86/*/*.S ${CMAKE_SOURCE_DIR}/arch/x86/*/*.cpp ${CMAKE_SOURCE_DIR}/kernel/*/*.cpp
     ${CMAKE_SOURCE_DIR}/system/*.cpp ${CMAKE_SOURCE_DIR}/system/*/*.cpp ${CMAKE_SOURCE_DIR}/system/*.c)

# Calls of other course terms (docs/courses.md), and those of Xinu that few programs need: an archive of its own, out of
# which an image gets what its program calls. To the kernel its code is part of the program.
file(GLOB DETOUR_COURSES_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/system/courses/*.cpp
     ${CMAKE_SOURCE_DIR}/system/rare/*.cpp)
list(REMOVE_ITEM DETOUR_KERNEL_SOURCES ${DETOUR_COURSES_SOURCES})

# The library: functions that work on their caller's data and change no state of the kernel. A fault in one of them is
# its caller's, and a program may define its own under the same name.
file(GLOB DETOUR_LIBRARY_SOURCES CONFIGURE_DEPENDS
     ${CMAKE_SOURCE_DIR}/kernel/text/*.cpp ${CMAKE_SOURCE_DIR}/system/lib/*.cpp
     ${CMAKE_SOURCE_DIR}/system/devices/*.cpp)
foreach(file kernel/base/print.cpp arch/x86/device/ports.cpp arch/x86/device/uart.cpp
        system/console.cpp system/debug.cpp system/device.cpp)
  list(APPEND DETOUR_LIBRARY_SOURCES ${CMAKE_SOURCE_DIR}/${file})
endforeach()
list(REMOVE_ITEM DETOUR_KERNEL_SOURCES ${DETOUR_LIBRARY_SOURCES})

# detour_kernel_archive(NAME SOURCES DEFINITION...): sources of the kernel, compiled with these definitions, in
# libdetour_NAME.a. Saved stacks are read and rewritten along the EBP chain: hence frame pointers, and no sibling calls.
function(detour_kernel_archive name sources)
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${sources})
  set_target_properties(${name} PROPERTIES PREFIX libdetour_ SUFFIX .a LINKER_LANGUAGE CXX)
  target_include_directories(${name} PRIVATE
    ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/arch/x86/include)
  target_compile_definitions(${name} PUBLIC ${ARGN})
  target_compile_options(${name} PRIVATE
    ${DETOUR_MACHINE} ${DETOUR_NO_FLOAT} ${DETOUR_ALIGNED_ENOUGH} ${DETOUR_WARNINGS} -ffreestanding
    $<$<COMPILE_LANGUAGE:CXX>:${DETOUR_CXX_SUBSET}> $<$<COMPILE_LANGUAGE:CXX>:-O2>
    $<$<COMPILE_LANGUAGE:C>:-std=gnu17 -O2> # students of a lab may write C
    $<$<COMPILE_LANGUAGE:C,CXX>:-fno-optimize-sibling-calls>
    # Without it, the code of an inlined guard seems to begin at the first instruction of the function that has it, and
    # gdb shows a breakpoint at the function as one in the guard's header.
    $<$<COMPILE_LANGUAGE:CXX>:-gno-inline-points>
    $<$<COMPILE_LANGUAGE:CXX>:-fcallgraph-info=su>) # for tools/check/stack_depth.py
endfunction()

# detour_kernel(NAME DEFINITION... [ONLY source]): the whole kernel, in libdetour_NAME.a and libdetour_NAME_library.a.
# By the names of the archives, kernel.ld puts the library's code first, then the rest of the kernel's, then the
# program's. If the definitions concern ONLY this source, the other objects are those of the target kernel. Programs are
# linked with the two in sealed/, in which the library's names are the kernel's own; beside them lies what link_image.py
# writes into each image about the kernel's code.
function(detour_kernel name)
  cmake_parse_arguments(PARSE_ARGV 1 variant "" "ONLY" "")
  set(sources ${DETOUR_KERNEL_SOURCES})
  set(library ${DETOUR_LIBRARY_SOURCES})
  if(variant_ONLY)
    string(REGEX REPLACE "=.*" "" option ${variant_UNPARSED_ARGUMENTS})
    execute_process(COMMAND grep -rlw ${option} arch include kernel system WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                    OUTPUT_VARIABLE users OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT users STREQUAL variant_ONLY)
      message(FATAL_ERROR "${option} concerns not only ${variant_ONLY}, but: ${users}")
    endif()
    set(sources ${variant_ONLY} $<FILTER:$<TARGET_OBJECTS:kernel>,EXCLUDE,/${variant_ONLY}[.]>)
    set(library $<TARGET_OBJECTS:kernel_library>)
  endif()
  detour_kernel_archive(${name} "${sources}" ${variant_UNPARSED_ARGUMENTS})
  detour_kernel_archive(${name}_library "${library}" ${variant_UNPARSED_ARGUMENTS})
  if(variant_ONLY)
    detour_kernel_archive(${name}_courses "$<TARGET_OBJECTS:kernel_courses>" ${variant_UNPARSED_ARGUMENTS})
  else()
    detour_kernel_archive(${name}_courses "${DETOUR_COURSES_SOURCES}" ${variant_UNPARSED_ARGUMENTS})
  endif()
  set_target_properties(${name}_courses PROPERTIES PREFIX libcourses_) # not one of kernel.ld's libdetour_*

  set(sealer ${CMAKE_SOURCE_DIR}/tools/build/seal_kernel.py)
  set(sealed sealed/libdetour_${name})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/sealed)
  add_custom_command(
    OUTPUT ${sealed}.a ${sealed}_library.a ${sealed}.bare.a ${sealed}_library.bare.a ${sealed}.ld
    COMMAND ${DETOUR_PYTHON} -E -S ${sealer} --cross ${DETOUR_CROSS} --script ${DETOUR_LINKER_SCRIPT}
            $<TARGET_FILE:${name}> $<TARGET_FILE:${name}_library> sealed
    DEPENDS ${sealer} ${CMAKE_SOURCE_DIR}/tools/build/code_tables.py ${DETOUR_LINKER_SCRIPT} ${name} ${name}_library
            $<TARGET_FILE:${name}> $<TARGET_FILE:${name}_library>
    VERBATIM)

  set(linker ${CMAKE_SOURCE_DIR}/tools/build/link_image.py)
  add_custom_command(
    OUTPUT ${sealed}.tables
    COMMAND ${DETOUR_PYTHON} -E -S ${linker} --cross ${DETOUR_CROSS} --script ${DETOUR_LINKER_SCRIPT}
            --kernel ${sealed}.a --describe-kernel
    DEPENDS ${linker} ${CMAKE_SOURCE_DIR}/tools/build/code_tables.py ${DETOUR_LINKER_SCRIPT}
            ${sealed}.a ${sealed}_library.a ${sealed}.ld
    VERBATIM)
endfunction()

set(definitions $<$<BOOL:${DETOUR_MAP_NULL}>:DETOUR_MAP_NULL=1> $<$<BOOL:${DETOUR_MONITOR}>:DETOUR_MONITOR=1>)
if(DETOUR_NPROC)
  list(APPEND definitions NPROC=${DETOUR_NPROC})
endif()
detour_kernel(kernel ${definitions})
