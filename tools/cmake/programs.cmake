# Which images there are: the one that `make run` starts, and one for each program of tests/qemu.

# The program of `make run`: a source file, or a folder of them. tools/build.sh sets both variables.
set(DETOUR_APP ${CMAKE_SOURCE_DIR}/apps/tour CACHE STRING "program to start: a C or C++ file, or a folder of them")
set(DETOUR_APP_IMAGE run/tour.elf CACHE STRING "its image, relative to the build tree")
set(app_sources "")
set(app_folder "")
if(IS_DIRECTORY ${DETOUR_APP})
  file(GLOB app_sources CONFIGURE_DEPENDS ${DETOUR_APP}/*.c ${DETOUR_APP}/*.cpp ${DETOUR_APP}/*.cc)
  set(app_folder INCLUDE ${DETOUR_APP})
elseif(EXISTS ${DETOUR_APP})
  set(app_sources ${DETOUR_APP})
endif()
if(app_sources) # the last program may be gone, which does not matter to the tests
  detour_image(app ${app_sources} OUTPUT ${DETOUR_APP_IMAGE} ${app_folder})
endif()

# Test programs: tests/qemu/programs/NAME.c becomes programs/NAME.elf. Those in a folder of that name are linked with
# a variant of the kernel, and become programs/FOLDER/NAME.elf.
add_custom_target(programs)
function(detour_test_programs kernel folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/qemu/programs/${folder}*.c
       ${CMAKE_SOURCE_DIR}/tests/qemu/programs/${folder}*.cpp)
  if(sources AND NOT TARGET ${kernel})
    detour_kernel(${kernel} ${ARGN})
  endif()
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(MAKE_C_IDENTIFIER "test_${folder}${name}" target)
    detour_image(${target} ${source} KERNEL ${kernel} OUTPUT programs/${folder}${name}.elf)
    add_dependencies(programs ${target})
  endforeach()
endfunction()
detour_test_programs(kernel "")
detour_test_programs(kernel_large large/ NPROC=16384)
detour_test_programs(kernel_map_null map_null/ DETOUR_MAP_NULL=1)
