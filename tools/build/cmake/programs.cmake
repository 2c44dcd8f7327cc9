# Which images there are: the one that `make run` starts, and one for each program of tests/qemu.

# The program of `make run`: a source file, or a folder of them. tools/build/build.sh sets both variables.
set(DETOUR_APP ${CMAKE_SOURCE_DIR}/apps/tour CACHE STRING "program to start: a C or C++ file, or a folder of them")
set(DETOUR_APP_IMAGE run/tour.elf CACHE STRING "its image, relative to the build tree")
set(DETOUR_APP_RING 0 CACHE STRING "0: the program is linked with the kernel; 3: it is embedded, and runs isolated")
set(app_sources "")
set(app_folder "")
if(IS_DIRECTORY ${DETOUR_APP})
  file(GLOB app_sources CONFIGURE_DEPENDS ${DETOUR_APP}/*.c ${DETOUR_APP}/*.cpp ${DETOUR_APP}/*.cc
       ${DETOUR_APP}/*.S)
  set(app_folder INCLUDE ${DETOUR_APP})
elseif(EXISTS ${DETOUR_APP})
  set(app_sources ${DETOUR_APP})
endif()
set(app_embedded ${DETOUR_USER_PROGRAMS})
string(FIND ${DETOUR_APP} ${CMAKE_SOURCE_DIR}/tests/ at)
if(at EQUAL 0) # a program of the tests, such as tests/user/attacks
  set(app_embedded ${DETOUR_TEST_USER_PROGRAMS})
endif()
if(app_sources AND DETOUR_APP_RING EQUAL 3) # the last program may be gone, which does not matter to the tests
  get_filename_component(app_name ${DETOUR_APP} NAME_WE)
  string(MAKE_C_IDENTIFIER ${app_name} app_name)
  get_filename_component(app_program ${DETOUR_APP_IMAGE} NAME_WE) # of its own: images of others keep their symbols
  detour_user_program(${app_program} ${app_sources} ${app_folder})
  set(others ${app_embedded})
  list(REMOVE_ITEM others ${app_name})
  detour_image(app ${CMAKE_SOURCE_DIR}/user/first.c OUTPUT ${DETOUR_APP_IMAGE}
               PROGRAMS ${app_name}=${app_program} ${others})
  target_compile_definitions(app_objects PRIVATE USER_PROGRAM="${app_name}")
elseif(app_sources)
  detour_image(app ${app_sources} OUTPUT ${DETOUR_APP_IMAGE} ${app_folder} PROGRAMS ${app_embedded})
endif()

if(NOT EXISTS ${CMAKE_SOURCE_DIR}/tests) # the starter of a lab has none
  return()
endif()

# Test programs: tests/qemu/programs/NAME.c becomes programs/NAME.elf. Those in a folder of that name are linked with
# a variant of the kernel, and become programs/FOLDER/NAME.elf. Those named user_... or gdb_... have the
# ring-3 programs embedded.
add_custom_target(programs)

# detour_test_image(TARGET OUTPUT ARGUMENT...): an image that the tests boot.
function(detour_test_image target output)
  detour_image(${target} ${ARGN} OUTPUT programs/${output})
  add_dependencies(programs ${target})
  set_property(GLOBAL APPEND PROPERTY DETOUR_TEST_IMAGES programs/${output})
endfunction()

function(detour_test_programs kernel folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/qemu/programs/${folder}*.c
       ${CMAKE_SOURCE_DIR}/tests/qemu/programs/${folder}*.cpp)
  if(sources AND NOT TARGET ${kernel})
    detour_kernel(${kernel} ${ARGN})
  endif()
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(MAKE_C_IDENTIFIER "test_${folder}${name}" target)
    set(embedded "")
    if(name MATCHES "^(user|gdb)_")
      set(embedded PROGRAMS ${DETOUR_TEST_USER_PROGRAMS})
    endif()
    detour_test_image(${target} ${folder}${name}.elf ${source} KERNEL ${kernel} ${embedded})
  endforeach()
endfunction()
detour_test_programs(kernel "")
detour_test_programs(kernel_large large/ NPROC=16384 DETOUR_DEBUG=1)
detour_test_programs(kernel_monitor monitor/ DETOUR_MONITOR=1 ONLY arch/x86/fault/exception.cpp)

# Programs in folders of their own that the tests boot, too.
foreach(folder apps/tour tests/user/attacks)
  get_filename_component(name ${folder} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
  detour_test_image(apps_${name} apps/${name}.elf ${sources} INCLUDE ${CMAKE_SOURCE_DIR}/${folder}
                    PROGRAMS ${DETOUR_TEST_USER_PROGRAMS})
endforeach()

# The program of `make bench`, as that verb builds it: the tests compare its counts with tests/costs/costs.json.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/apps/bench/*.c)
detour_test_image(apps_bench apps/bench.elf ${sources} INCLUDE ${CMAKE_SOURCE_DIR}/apps/bench
                  PROGRAMS ${DETOUR_USER_PROGRAMS})

# The programs of docs/debugging.md: apps/broken/NAME.c becomes programs/broken/NAME.elf, for tests/gdb.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/apps/broken/*.c)
foreach(source ${sources})
  get_filename_component(name ${source} NAME_WE)
  detour_test_image(broken_${name} broken/${name}.elf ${source})
endforeach()

# For `make latency`, which runs all.
get_property(test_images GLOBAL PROPERTY DETOUR_TEST_IMAGES)
list(JOIN test_images "\n" lines)
file(WRITE ${CMAKE_BINARY_DIR}/programs/list "${lines}\n")
