# SPDX-License-Identifier: Apache-2.0
# hawser_dependencies: the system libraries, by their pkg-config names.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(BZip2 REQUIRED) # Debian has no pkg-config file of it
add_library(hawser_dependencies INTERFACE)
foreach(module libcurl libcrypto expat jansson libzstd snappy liblz4 libbrotlienc libbrotlidec libdeflate libisal libxxhash libzip liblzma)
  pkg_check_modules(${module} REQUIRED IMPORTED_TARGET ${module})
  target_link_libraries(hawser_dependencies INTERFACE PkgConfig::${module})
endforeach()
target_link_libraries(hawser_dependencies INTERFACE BZip2::BZip2 Threads::Threads m)
