# SPDX-License-Identifier: Apache-2.0
# hw_module(a.c b.c): adds a folder's files to the library.
function(hw_module)
  foreach(file ${ARGN})
    target_sources(hawser_objects PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
endfunction()

# hw_unit_test(csv/number): tests/unit/csv/test_number.c, one executable, one ctest of the same name.
function(hw_unit_test name)
  string(REPLACE "/" "_" target test_${name})
  get_filename_component(folder ${name} DIRECTORY)
  get_filename_component(file ${name} NAME)
  add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/unit/${folder}/test_${file}.c)
  target_link_libraries(${target} PRIVATE hawser_static hawser_test_support)
  add_test(NAME unit/${name} COMMAND ${target} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(unit/${name} PROPERTIES LABELS unit TIMEOUT 900)
endfunction()
