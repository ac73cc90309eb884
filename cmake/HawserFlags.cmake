# SPDX-License-Identifier: Apache-2.0
# hawser_flags: language, warnings, hardening, sanitizers. Everything of ours links it.
option(HAWSER_WERROR "Warnings are errors" OFF)
option(HAWSER_LTO "Link-time optimisation" OFF)
option(HAWSER_FUZZ "Build fuzz targets for libFuzzer" OFF)
option(HAWSER_COVERAGE "Count covered lines" OFF)
set(HAWSER_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_C_FLAGS_RELEASE "-O2 -g -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")

add_library(hawser_flags INTERFACE)
target_compile_definitions(hawser_flags INTERFACE _GNU_SOURCE)
target_compile_options(hawser_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef
  -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wnull-dereference -Wwrite-strings -Wdate-time
  -Wno-missing-field-initializers # what an initialiser leaves out is zero, and zero is the default everywhere
  -fno-strict-aliasing -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  $<$<C_COMPILER_ID:Clang>:-Wno-gnu-zero-variadic-macro-arguments>)
target_link_options(hawser_flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=) # link-time optimisation compiles too
if(HAWSER_WERROR)
  target_compile_options(hawser_flags INTERFACE -Werror)
endif()

if(HAWSER_SANITIZE)
  target_compile_options(hawser_flags INTERFACE
    -fsanitize=${HAWSER_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(hawser_flags INTERFACE -fsanitize=${HAWSER_SANITIZE})
  target_compile_definitions(hawser_flags INTERFACE HW_SANITIZED=1)
else()
  target_compile_options(hawser_flags INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    $<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=$<IF:$<C_COMPILER_ID:GNU>,3,2>>)
  target_link_options(hawser_flags INTERFACE
    -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)
endif()
if(HAWSER_FUZZ)
  target_compile_options(hawser_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(HAWSER_COVERAGE)
  target_compile_options(hawser_flags INTERFACE --coverage)
  target_link_options(hawser_flags INTERFACE --coverage)
endif()
if(HAWSER_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
