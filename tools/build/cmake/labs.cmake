# The checks of each lab: labs/*.c and labs/NAME/*/*.c become labs/NAME.elf. The folders are the public checks,
# and those that are held back, which a starter does not have. labs/NAME-public.elf is the image of a starter: what a
# lab asks of students is about that one. What students write as part of the program, and not of the kernel, is in
# labs/NAME/student; or it is a program of its own, apps/NAME, whose functions take part without its main(). Each
# labs/NAME/ring3/PROGRAM.c is a ring-3 program, which lies in both images under the name PROGRAM.
file(GLOB labs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/labs/*/lab.toml)
file(GLOB shared CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/labs/*.c)
foreach(lab ${labs})
  get_filename_component(folder ${lab} DIRECTORY)
  get_filename_component(name ${folder} NAME)
  file(GLOB public CONFIGURE_DEPENDS ${folder}/checks/*.c ${folder}/student/*.c)
  file(GLOB program CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/apps/${name}/*.c)
  list(REMOVE_ITEM program ${CMAKE_SOURCE_DIR}/apps/${name}/main.c)
  list(APPEND public ${program})
  file(GLOB others CONFIGURE_DEPENDS ${folder}/held/*.c ${folder}/private/*.c)
  file(GLOB ring3 CONFIGURE_DEPENDS ${folder}/ring3/*.c)
  set(programs)
  foreach(source ${ring3})
    get_filename_component(file ${source} NAME_WE)
    detour_user_program(lab_${name}_${file} ${source})
    list(APPEND programs ${file}=lab_${name}_${file})
  endforeach()
  set(settings INCLUDE ${CMAKE_SOURCE_DIR}/labs ${folder}/checks ${CMAKE_SOURCE_DIR}/apps/${name}
      PROGRAMS ${programs})
  detour_image(lab_${name} ${shared} ${public} ${others} OUTPUT labs/${name}.elf ${settings})
  detour_image(lab_${name}_public ${shared} ${public} OUTPUT labs/${name}-public.elf ${settings})
endforeach()
