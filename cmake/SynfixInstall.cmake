# SPDX-License-Identifier: MIT OR Apache-2.0
include(CMakePackageConfigHelpers)
install(TARGETS synfix synfix_shared synfix_static synfix_export_static)
install(DIRECTORY include/synfix DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY sigdb/ DESTINATION ${CMAKE_INSTALL_DATADIR}/synfix/sigdb FILES_MATCHING PATTERN "*.fp")
install(DIRECTORY ipfix-templates DESTINATION ${CMAKE_INSTALL_DATADIR}/synfix)
configure_file(cmake/synfix.pc.in synfix.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/synfix.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
