# SPDX-License-Identifier: Apache-2.0
# The prefix is said relative to the file, because --prefix may name another than the build knew.
file(RELATIVE_PATH HAWSER_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" HAWSER_PC_TO_PREFIX "${HAWSER_PC_TO_PREFIX}")
configure_file(cmake/hawser.pc.in hawser.pc @ONLY)
install(TARGETS hawser_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/hawser DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_BINARY_DIR}/hawser.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN CMakeLists.txt EXCLUDE)
