# SPDX-License-Identifier: MIT OR Apache-2.0
# Three components, one package each: the program (synfix), the library (libsynfix0), its development files.
include(CMakePackageConfigHelpers)
install(TARGETS synfix EXPORT synfixTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT synfix)
install(TARGETS synfix_shared EXPORT synfixTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libsynfix0
        NAMELINK_COMPONENT libsynfix-dev)
# a part of the program's package, which needs the same libraries; libsynfix0 does not need GLib
install(TARGETS synfix_export_shared EXPORT synfixTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT synfix
        NAMELINK_COMPONENT libsynfix-dev)
install(TARGETS synfix_static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libsynfix-dev)
install(DIRECTORY include/synfix include/synfix-export DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT libsynfix-dev)
install(DIRECTORY sigdb/ DESTINATION ${CMAKE_INSTALL_DATADIR}/synfix/sigdb COMPONENT synfix FILES_MATCHING PATTERN "*.fp")
install(DIRECTORY ipfix-templates conf/clickhouse conf/elasticsearch conf/prometheus conf/grafana conf/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/synfix COMPONENT synfix)
# find_package(synfix): targets synfix::synfix and synfix::export
set(SYNFIX_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/synfix)
set_target_properties(synfix PROPERTIES EXPORT_NAME program)
set_target_properties(synfix_shared PROPERTIES EXPORT_NAME synfix)
set_target_properties(synfix_export_shared PROPERTIES EXPORT_NAME export)
install(EXPORT synfixTargets NAMESPACE synfix:: DESTINATION ${SYNFIX_PACKAGE_DIR} COMPONENT libsynfix-dev)
configure_package_config_file(cmake/synfixConfig.cmake.in synfixConfig.cmake INSTALL_DESTINATION ${SYNFIX_PACKAGE_DIR})
write_basic_package_version_file(synfixConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/synfixConfig.cmake ${CMAKE_BINARY_DIR}/synfixConfigVersion.cmake
        DESTINATION ${SYNFIX_PACKAGE_DIR} COMPONENT libsynfix-dev)
# the prefix relative to the .pc file: valid for each installation directory
file(RELATIVE_PATH SYNFIX_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" SYNFIX_PC_TO_PREFIX "${SYNFIX_PC_TO_PREFIX}")
if(SYNFIX_ON_DEMAND)
    set(SYNFIX_PC_LIBRARIES -ldl)
else()
    set(SYNFIX_PC_LIBRARIES "-lpcap -lz -lzstd -llzma -llz4")
endif()
if(NOT SYNFIX_ATOMICS_NEED_NO_LIBRARY)
    string(APPEND SYNFIX_PC_LIBRARIES " -latomic")
endif()
configure_file(cmake/synfix.pc.in synfix.pc @ONLY)
configure_file(cmake/synfix-export.pc.in synfix-export.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/synfix.pc ${CMAKE_BINARY_DIR}/synfix-export.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT libsynfix-dev)
install(FILES docs/synfix.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT synfix)

# The service drops CAP_NET_RAW with a system call filter. A filter cannot inspect socketcall (s390x): there, capset
# drops it.
include(CheckSymbolExists)
check_symbol_exists(SYS_socketcall sys/syscall.h SYNFIX_SOCKETCALL)
if(SYNFIX_SOCKETCALL)
    set(SYNFIX_UNIT_CAPSET "SystemCallFilter=capset")
endif()

# Service: the example configuration is a part of the documentation. Installation never overwrites a configuration in
# use.
configure_file(conf/synfix.service.in synfix.service @ONLY)
# again at installation: `cmake --install --prefix` may set another prefix
install(CODE "set(CMAKE_INSTALL_FULL_BINDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
set(SYNFIX_UNIT_CAPSET \"${SYNFIX_UNIT_CAPSET}\")
configure_file(\"${PROJECT_SOURCE_DIR}/conf/synfix.service.in\" \"${CMAKE_BINARY_DIR}/synfix.service\" @ONLY)"
        COMPONENT synfix)
install(FILES ${CMAKE_BINARY_DIR}/synfix.service DESTINATION lib/systemd/system COMPONENT synfix)
install(FILES conf/synfix.sysusers DESTINATION lib/sysusers.d RENAME synfix.conf COMPONENT synfix)
install(FILES conf/synfix.conf README.md LICENSE-MIT LICENSE-APACHE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT synfix)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT synfix FILES_MATCHING PATTERN "*.md")
install(FILES examples/CMakeLists.txt examples/embed.c examples/read_capture.c examples/sink_module.c examples/enricher_module.c
        examples/site.elements examples/changed_os.py DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libsynfix-dev/examples
        COMPONENT libsynfix-dev)
install(FILES CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT synfix)
