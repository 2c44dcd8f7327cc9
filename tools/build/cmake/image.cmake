# Images: the kernel plus one program whose main() it starts.
include(CheckCCompilerFlag)

# Course code is C, often old, and some of it spins on plain globals: -O0 is part of the contract. What GCC 14
# turned into errors stays a warning.
# Arguments are pushed for each call and popped after it, so that a stack shows how many there are.
# As earlier compilers had it by default, a variable that two files declare is one.
# Warnings about style in old code would bury those that point to mistakes.
set(app_c_flags -std=gnu17 -ffreestanding -fcommon -Wno-main -Wno-implicit-int
    -Wno-unused-variable -Wno-infinite-recursion -Wno-discarded-qualifiers)
foreach(warning int-conversion incompatible-pointer-types implicit-function-declaration implicit-int
        return-mismatch declaration-missing-parameter-type)
  string(MAKE_C_IDENTIFIER "HAVE_W_${warning}" known)
  check_c_compiler_flag(-W${warning} ${known})
  if(${known})
    list(APPEND app_c_flags -Wno-error=${warning})
  endif()
endforeach()

# A frame of more than a page is touched page by page as it is made: none steps over the guard page below a stack.
set(app_stack -fstack-clash-protection)

# With -ffreestanding, g++ would mangle the name of main(). So C++ programs are compiled hosted, which gives main()
# its C name, while the headers of libstdc++ see the freestanding subset.
set(app_cxx_flags ${DETOUR_CXX_SUBSET} -include ${CMAKE_SOURCE_DIR}/tools/build/cmake/freestanding.hpp)

# Xinu's headers have names of their own, which programs include besides <xinu.h>: all of them are <xinu.h> here.
set(xinu_headers arp bufpool clock conf delay device dhcp dns ether file i386 icmp icu interrupt ip kernel lfilesys mark
    memory name net pci pipe ports process prototypes queue ramdisk rdisksys resched rfilesys semaphore
    shprototypes tftp tty uart udp unistd)
foreach(header ${xinu_headers})
  file(CONFIGURE OUTPUT headers/${header}.h CONTENT "#include <xinu.h>\n")
endforeach()
file(CONFIGURE OUTPUT headers/shell.h CONTENT "#include <xinu/shell.h>\n") # which <xinu.h> includes

# detour_program_objects(NAME KERNEL FOLDERS SOURCE...): a program's objects, compiled with these include folders first,
# and with the table sizes of this kernel.
function(detour_program_objects name kernel folders)
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${ARGN})
  set(launcher "sh;${CMAKE_SOURCE_DIR}/tools/build/compile_program.sh")
  set_target_properties(${name} PROPERTIES C_COMPILER_LAUNCHER "${launcher}" CXX_COMPILER_LAUNCHER "${launcher}")
  target_include_directories(${name} PRIVATE
    ${folders} ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/include/libc
    $<$<COMPILE_LANGUAGE:C>:${CMAKE_BINARY_DIR}/headers>)
  target_compile_definitions(${name} PRIVATE $<TARGET_PROPERTY:${kernel},INTERFACE_COMPILE_DEFINITIONS>)
  target_compile_options(${name} PRIVATE
    ${DETOUR_MACHINE} ${app_stack} -mno-accumulate-outgoing-args -O0 -fno-builtin -Wall
    $<$<COMPILE_LANGUAGE:C>:${app_c_flags}> $<$<COMPILE_LANGUAGE:CXX>:${app_cxx_flags}>)
endfunction()

# detour_shell(KERNEL): the shell, its examples and the tour, as an archive out of which an image gets what its program
# calls; in it, the main() of the example NAME is example_NAME.
function(detour_shell kernel)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/shell/*.c)
  file(GLOB examples CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/apps/examples/*.c)
  set(objects "")
  foreach(example ${examples} ${CMAKE_SOURCE_DIR}/apps/tour)
    get_filename_component(name ${example} NAME_WE)
    if(IS_DIRECTORY ${example})
      file(GLOB example CONFIGURE_DEPENDS ${example}/*.c)
    endif()
    detour_program_objects(${kernel}_example_${name} ${kernel} "" ${example})
    target_compile_definitions(${kernel}_example_${name} PRIVATE main=example_${name})
    list(APPEND objects $<TARGET_OBJECTS:${kernel}_example_${name}>)
  endforeach()
  detour_program_objects(${kernel}_shell_objects ${kernel} ${CMAKE_SOURCE_DIR}/shell ${sources})
  add_library(${kernel}_shell STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:${kernel}_shell_objects> ${objects})
  set_target_properties(${kernel}_shell PROPERTIES PREFIX libshell_ LINKER_LANGUAGE C)
endfunction()

# detour_image(NAME SOURCE... [KERNEL library] [OUTPUT file] [INCLUDE folder...] [PROGRAMS name...])
# Links the program SOURCE... with the objects of a kernel (default: kernel) into OUTPUT (default: NAME.elf), and embeds
# these ring-3 programs (see user.cmake); `other=name` embeds one under another name.
function(detour_image name)
  cmake_parse_arguments(PARSE_ARGV 1 image "" "KERNEL;OUTPUT" "INCLUDE;PROGRAMS")
  if(NOT image_KERNEL)
    set(image_KERNEL kernel)
  endif()
  if(NOT image_OUTPUT)
    set(image_OUTPUT ${name}.elf)
  endif()

  if(NOT TARGET ${image_KERNEL}_shell)
    detour_shell(${image_KERNEL})
  endif()

  set(objects ${name}_objects)
  detour_program_objects(${objects} ${image_KERNEL} "${image_INCLUDE}" ${image_UNPARSED_ARGUMENTS})

  set(embedded "")
  set(embedded_files "")
  set(program_list "") # for tools/gdb/programs.py: `- name file`, or `* name file` for the program of `make run RING=3`
  foreach(program ${image_PROGRAMS})
    set(mark "-")
    if(program MATCHES "=")
      set(mark "*")
    endif()
    string(REGEX REPLACE "^.*=" "" file ${program})
    string(REGEX REPLACE "=.*$" "" program ${program})
    string(APPEND program_list "${mark} ${program} ${CMAKE_BINARY_DIR}/user/${file}.elf\n")
    list(APPEND embedded --program ${program}=user/${file}.embedded)
    list(APPEND embedded_files user/${file}.embedded)
  endforeach()

  if(program_list)
    string(REGEX REPLACE "[.]elf$" ".programs" program_file ${image_OUTPUT})
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/${program_file} CONTENT "${program_list}")
  endif()

  set(linker ${CMAKE_SOURCE_DIR}/tools/build/link_image.py)
  set(kernel sealed/libdetour_${image_KERNEL})
  add_custom_command(
    OUTPUT ${image_OUTPUT}
    COMMAND ${DETOUR_PYTHON} -E -S ${linker} --cross ${DETOUR_CROSS} --script ${DETOUR_LINKER_SCRIPT}
            --kernel ${kernel}.a --archive $<TARGET_FILE:${image_KERNEL}_courses>
            --archive $<TARGET_FILE:${image_KERNEL}_shell> --output ${image_OUTPUT} ${embedded}
            $<TARGET_OBJECTS:${objects}>
    DEPENDS ${linker} ${CMAKE_SOURCE_DIR}/tools/build/code_tables.py ${DETOUR_LINKER_SCRIPT}
            ${kernel}.a ${kernel}_library.a ${kernel}.ld ${kernel}.tables ${image_KERNEL}_courses
            $<TARGET_FILE:${image_KERNEL}_courses> ${image_KERNEL}_shell $<TARGET_FILE:${image_KERNEL}_shell>
            $<TARGET_OBJECTS:${objects}> ${embedded_files}
    COMMENT "Linking ${image_OUTPUT}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${name} DEPENDS ${image_OUTPUT})
endfunction()
