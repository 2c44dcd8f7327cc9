# The checks of each lab: labs/observe.c and labs/NAME/*/*.c become labs/NAME.elf. The folders are the public checks,
# and those that are held back, which a starter does not have.
file(GLOB labs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/labs/*/lab.toml)
foreach(lab ${labs})
  get_filename_component(folder ${lab} DIRECTORY)
  get_filename_component(name ${folder} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/checks/*.c ${folder}/held/*.c ${folder}/private/*.c)
  detour_image(lab_${name} ${CMAKE_SOURCE_DIR}/labs/observe.c ${sources} OUTPUT labs/${name}.elf
               INCLUDE ${CMAKE_SOURCE_DIR}/labs ${folder}/checks)
endforeach()
