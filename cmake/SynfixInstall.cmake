# SPDX-License-Identifier: MIT OR Apache-2.0
install(TARGETS synfix synfix_shared synfix_static synfix_export_static)
install(DIRECTORY include/synfix DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY sigdb/ DESTINATION ${CMAKE_INSTALL_DATADIR}/synfix/sigdb FILES_MATCHING PATTERN "*.fp")
install(DIRECTORY ipfix-templates conf/clickhouse DESTINATION ${CMAKE_INSTALL_DATADIR}/synfix)
# the prefix as seen from the .pc file: true wherever the installation is put
file(RELATIVE_PATH SYNFIX_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" SYNFIX_PC_TO_PREFIX "${SYNFIX_PC_TO_PREFIX}")
if(SYNFIX_ON_DEMAND)
    set(SYNFIX_PC_LIBRARIES -ldl)
else()
    set(SYNFIX_PC_LIBRARIES "-lpcap -lz -lzstd -llzma -llz4")
endif()
configure_file(cmake/synfix.pc.in synfix.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/synfix.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES docs/synfix.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)

# Service: the example configuration goes beside the documentation, never over one that is in use.
configure_file(conf/synfix.service.in synfix.service @ONLY)
# once more when installing: `cmake --install --prefix` may name another place
install(CODE "set(CMAKE_INSTALL_FULL_BINDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
configure_file(\"${PROJECT_SOURCE_DIR}/conf/synfix.service.in\" \"${CMAKE_BINARY_DIR}/synfix.service\" @ONLY)")
install(FILES ${CMAKE_BINARY_DIR}/synfix.service DESTINATION lib/systemd/system)
install(FILES conf/synfix.sysusers DESTINATION lib/sysusers.d RENAME synfix.conf)
install(FILES conf/synfix.conf README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE DESTINATION ${CMAKE_INSTALL_DOCDIR})
