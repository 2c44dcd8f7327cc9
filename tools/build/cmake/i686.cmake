# The cross toolchain: an i686-elf GCC on PATH if it can build the kernel, else Debian's i686-linux-gnu.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY) # nothing links before there is a kernel

if(NOT DEFINED CACHE{DETOUR_CROSS})
  execute_process(COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/../probe-compiler.sh i686-elf- RESULT_VARIABLE unusable)
  if(unusable)
    set(DETOUR_CROSS i686-linux-gnu- CACHE STRING "prefix of the cross tools")
  else()
    set(DETOUR_CROSS i686-elf- CACHE STRING "prefix of the cross tools")
  endif()
endif()
set(CMAKE_C_COMPILER ${DETOUR_CROSS}gcc)
set(CMAKE_CXX_COMPILER ${DETOUR_CROSS}g++)
set(CMAKE_ASM_COMPILER ${DETOUR_CROSS}gcc)
# The compiler's own ar knows its LTO format; the plain one asks each plugin of this machine, clang's library included.
find_program(CMAKE_AR ${DETOUR_CROSS}gcc-ar REQUIRED)
find_program(CMAKE_RANLIB ${DETOUR_CROSS}gcc-ranlib REQUIRED)
