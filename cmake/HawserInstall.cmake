# SPDX-License-Identifier: Apache-2.0
configure_file(cmake/hawser.pc.in hawser.pc @ONLY)
install(TARGETS hawser_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/hawser DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_BINARY_DIR}/hawser.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
