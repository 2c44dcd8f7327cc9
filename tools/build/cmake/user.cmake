# Ring-3 programs: each linked with the library of user/lib, and made ready to be embedded into images.

# Sources of the kernel that know no hardware are compiled a second time, for ring 3.
add_library(user_start OBJECT EXCLUDE_FROM_ALL user/lib/start.S)
add_library(user_return_page OBJECT EXCLUDE_FROM_ALL arch/x86/entry/return_page.S)
target_compile_definitions(user_return_page PRIVATE FOR_DEBUGGERS)
target_compile_options(user_start PRIVATE -g)
target_compile_options(user_return_page PRIVATE -g)
target_include_directories(user_return_page PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include)
file(GLOB user_library_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/user/lib/*.cpp
     ${CMAKE_SOURCE_DIR}/kernel/text/*.cpp ${CMAKE_SOURCE_DIR}/system/lib/*.cpp)
add_library(user_library OBJECT EXCLUDE_FROM_ALL user/lib/stubs.S ${user_library_sources})
target_include_directories(user_library PRIVATE
  ${CMAKE_SOURCE_DIR}/user/include ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include)
target_compile_definitions(user_library PRIVATE $<TARGET_PROPERTY:kernel,INTERFACE_COMPILE_DEFINITIONS>)
target_compile_options(user_library PRIVATE
  ${DETOUR_MACHINE} ${DETOUR_NO_FLOAT} ${DETOUR_WARNINGS} -ffreestanding
  $<$<COMPILE_LANGUAGE:CXX>:${DETOUR_CXX_SUBSET}> $<$<COMPILE_LANGUAGE:CXX>:-O2>
  $<$<COMPILE_LANGUAGE:CXX>:-ffunction-sections> # a program gets only what it uses
  $<$<COMPILE_LANGUAGE:CXX>:-fno-optimize-sibling-calls>)

# One object, whose names are weak: a program may have functions of its own under these names. (Weakened in an archive,
# the library's own references would be weak too, and fetch nothing.)
set(user_library ${CMAKE_BINARY_DIR}/user/library.o)
add_custom_command(
  OUTPUT ${user_library}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/user
  COMMAND ${DETOUR_CROSS}gcc -m32 -nostdlib -r -o ${user_library} $<TARGET_OBJECTS:user_library> -lgcc
  COMMAND ${DETOUR_CROSS}objcopy --weaken ${user_library}
  DEPENDS $<TARGET_OBJECTS:user_library>
  COMMENT "Linking user/library.o"
  COMMAND_EXPAND_LISTS VERBATIM)

# The linker script, with the addresses of <xinu/userspace.h>.
set(user_script ${CMAKE_BINARY_DIR}/user/user.ld)
add_custom_command(
  OUTPUT ${user_script}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/user
  COMMAND ${DETOUR_CROSS}gcc -E -P -x c -undef -D__ASSEMBLER__ -I ${CMAKE_SOURCE_DIR}/include -o ${user_script}
          ${CMAKE_SOURCE_DIR}/user/user.ld
  DEPENDS ${CMAKE_SOURCE_DIR}/user/user.ld ${CMAKE_SOURCE_DIR}/include/xinu/userspace.h
  VERBATIM)
execute_process(COMMAND ${DETOUR_CROSS}gcc -m32 -print-libgcc-file-name OUTPUT_VARIABLE libgcc
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

# detour_user_program(NAME SOURCE... [INCLUDE folder...])
# Makes user/NAME.elf, for the debugger, and user/NAME.embedded, the same without debug information.
function(detour_user_program name)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "" "INCLUDE")
  set(objects user_${name}_objects)
  detour_program_objects(${objects} kernel
    "${program_INCLUDE};${CMAKE_SOURCE_DIR}/user/include" ${program_UNPARSED_ARGUMENTS})

  set(linker ${CMAKE_SOURCE_DIR}/tools/build/link_program.py)
  add_custom_command(
    OUTPUT user/${name}.elf user/${name}.embedded
    COMMAND ${DETOUR_PYTHON} -E -S ${linker} --cross ${DETOUR_CROSS} --script ${user_script}
            --output user/${name}.elf --embedded user/${name}.embedded --page $<TARGET_OBJECTS:user_return_page>
            $<TARGET_OBJECTS:user_start> $<TARGET_OBJECTS:${objects}> ${user_library} ${libgcc}
    DEPENDS ${linker} ${CMAKE_SOURCE_DIR}/tools/build/link_image.py ${CMAKE_SOURCE_DIR}/tools/build/code_tables.py
            ${user_script}
            $<TARGET_OBJECTS:user_start> $<TARGET_OBJECTS:user_return_page> $<TARGET_OBJECTS:${objects}> ${user_library}
    COMMENT "Linking user/${name}.elf"
    COMMAND_EXPAND_LISTS VERBATIM)
endfunction()

# detour_user_programs(VARIABLE FOLDER): the programs of a folder, a file each; their names go into the variable.
function(detour_user_programs variable folder)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
  set(names "")
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    detour_user_program(${name} ${source})
    list(APPEND names ${name})
  endforeach()
  set(${variable} ${names} PARENT_SCOPE)
endfunction()

# The examples are in every image of `make run`; the attacks, fuzzers and sweeps only in those of the tests.
detour_user_programs(DETOUR_USER_PROGRAMS ${CMAKE_SOURCE_DIR}/user/programs)
detour_user_programs(test_programs ${CMAKE_SOURCE_DIR}/tests/user)
set(DETOUR_TEST_USER_PROGRAMS ${DETOUR_USER_PROGRAMS} ${test_programs})
