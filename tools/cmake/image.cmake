# Images: the kernel plus one program whose main() it starts.
include(CheckCCompilerFlag)

# Course code is C, often old, and some of it spins on plain globals: -O0 is part of the contract. What GCC 14
# turned into errors stays a warning.
# Warnings about matters of style in old code would bury those that tell of mistakes.
set(app_c_flags -std=gnu17 -ffreestanding -Wno-main -Wno-format -Wno-implicit-int -Wno-unused-variable
    -Wno-infinite-recursion)
foreach(warning int-conversion incompatible-pointer-types implicit-function-declaration implicit-int
        return-mismatch declaration-missing-parameter-type)
  string(MAKE_C_IDENTIFIER "HAVE_W_${warning}" known)
  check_c_compiler_flag(-W${warning} ${known})
  if(${known})
    list(APPEND app_c_flags -Wno-error=${warning})
  endif()
endforeach()

# With -ffreestanding, g++ would mangle the name of main(). So C++ programs are compiled hosted, which gives main()
# its C name, while the headers of libstdc++ see the freestanding subset.
set(app_cxx_flags ${DETOUR_CXX_SUBSET} -include ${CMAKE_SOURCE_DIR}/tools/cmake/freestanding.hpp)

# detour_image(NAME SOURCE... [KERNEL library] [OUTPUT file] [INCLUDE folder...])
# Links the program SOURCE... with the objects of a kernel (default: kernel) into OUTPUT (default: NAME.elf).
function(detour_image name)
  cmake_parse_arguments(PARSE_ARGV 1 image "" "KERNEL;OUTPUT" "INCLUDE")
  if(NOT image_KERNEL)
    set(image_KERNEL kernel)
  endif()
  if(NOT image_OUTPUT)
    set(image_OUTPUT ${name}.elf)
  endif()

  set(objects ${name}_objects)
  add_library(${objects} OBJECT EXCLUDE_FROM_ALL ${image_UNPARSED_ARGUMENTS})
  target_include_directories(${objects} PRIVATE
    ${image_INCLUDE} ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/include/libc)
  target_compile_definitions(${objects} PRIVATE $<TARGET_PROPERTY:${image_KERNEL},INTERFACE_COMPILE_DEFINITIONS>)
  target_compile_options(${objects} PRIVATE
    ${DETOUR_MACHINE} -O0 -fno-builtin -Wall
    $<$<COMPILE_LANGUAGE:C>:${app_c_flags}> $<$<COMPILE_LANGUAGE:CXX>:${app_cxx_flags}>)

  set(linker ${CMAKE_SOURCE_DIR}/tools/link_image.py)
  set(kernel sealed/libdetour_${image_KERNEL}.a)
  add_custom_command(
    OUTPUT ${image_OUTPUT}
    COMMAND ${DETOUR_PYTHON} ${linker} --cross ${DETOUR_CROSS} --script ${DETOUR_LINKER_SCRIPT} --output ${image_OUTPUT}
            --kernel ${kernel} $<TARGET_OBJECTS:${objects}>
    DEPENDS ${linker} ${DETOUR_LINKER_SCRIPT} ${kernel} $<TARGET_OBJECTS:${objects}>
    COMMENT "Linking ${image_OUTPUT}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${name} DEPENDS ${image_OUTPUT})
endfunction()
