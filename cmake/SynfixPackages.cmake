# SPDX-License-Identifier: MIT OR Apache-2.0
# `ninja package`: synfix, libsynfix0 and libsynfix-dev as .deb files in BUILD/packages. The same sources give the same bytes:
# all times are that of the last commit, or SOURCE_DATE_EPOCH.
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
find_program(DPKG dpkg)
find_program(FILE_UTILITY file) # cpack uses `file` to find the input of dpkg-shlibdeps
if(NOT DPKG_SHLIBDEPS OR NOT DPKG OR NOT FILE_UTILITY)
    message(STATUS "no dpkg-shlibdeps (package dpkg-dev) or no file (package file): no target `package`")
    return()
endif()
set(SYNFIX_MAINTAINER "The synfix authors <synfix@users.noreply.github.com>" CACHE STRING "Maintainer of the packages")

if(DEFINED ENV{SOURCE_DATE_EPOCH})
    set(epoch $ENV{SOURCE_DATE_EPOCH})
else()
    execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct OUTPUT_VARIABLE epoch ERROR_QUIET
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT epoch)
        file(TIMESTAMP ${PROJECT_SOURCE_DIR}/CHANGELOG.md epoch %s UTC)
    endif()
endif()
set(ENV{SOURCE_DATE_EPOCH} ${epoch})
set(SYNFIX_EPOCH ${epoch})
string(TIMESTAMP SYNFIX_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
unset(ENV{SOURCE_DATE_EPOCH})

# Packages of the libraries that are loaded on demand. dpkg-shlibdeps does not see them. The engine loads those for
# captures.
set(depends_program)
set(depends_library)
file(STRINGS ${SYNFIX_ON_DEMAND_FILE} sonames)
foreach(soname IN LISTS sonames)
    file(GLOB paths /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/${soname} /lib/${CMAKE_LIBRARY_ARCHITECTURE}/${soname})
    foreach(path IN LISTS paths)
        execute_process(COMMAND dpkg-query -S ${path} OUTPUT_VARIABLE owner ERROR_QUIET)
        if(owner MATCHES "^([^:]+):")
            set(package ${CMAKE_MATCH_1})
            list(APPEND depends_program ${package})
            if(soname MATCHES "^lib(pcap|z|zstd|lzma|lz4)[.]")
                list(APPEND depends_library ${package})
            endif()
            break()
        endif()
    endforeach()
endforeach()
list(REMOVE_DUPLICATES depends_program)
list(JOIN depends_program ", " depends_program)
list(JOIN depends_library ", " depends_library)

# Control files. libsynfix0.symbols holds each symbol of the map with the version that introduced it.
set(control ${CMAKE_BINARY_DIR}/package-control)
foreach(name IN ITEMS postinst prerm postrm)
    configure_file(packages/synfix.${name} ${control}/synfix/${name} COPYONLY)
endforeach()
file(WRITE ${control}/synfix/conffiles "/etc/synfix/synfix.conf\n")
file(WRITE ${control}/synfix/shlibs "libsynfix-export 0 synfix (>= ${PROJECT_VERSION})\n")
file(WRITE ${control}/synfix/triggers "activate-noawait ldconfig\n")
file(WRITE ${control}/libsynfix0/shlibs "libsynfix 0 libsynfix0 (>= ${PROJECT_VERSION})\n")
file(WRITE ${control}/libsynfix0/triggers "activate-noawait ldconfig\n")
file(STRINGS src/libsynfix.map map_lines REGEX "^(SYNFIX_[0-9.]+ \\{|    +synfix_[a-z0-9_]+;)")
set(symbols "libsynfix.so.0 libsynfix0 #MINVER#\n")
foreach(line IN LISTS map_lines)
    if(line MATCHES "^SYNFIX_([0-9.]+) ")
        set(node ${CMAKE_MATCH_1})
        string(APPEND symbols " SYNFIX_${node}@SYNFIX_${node} ${node}.0\n")
    elseif(line MATCHES "(synfix_[a-z0-9_]+);")
        string(APPEND symbols " ${CMAKE_MATCH_1}@SYNFIX_${node} ${node}.0\n")
    endif()
endforeach()
file(WRITE ${control}/libsynfix0/symbols "${symbols}")
configure_file(packages/changelog.in ${control}/changelog @ONLY)
foreach(package IN ITEMS synfix libsynfix0 libsynfix-dev)
    install(FILES packages/copyright ${control}/changelog DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
            COMPONENT ${package} EXCLUDE_FROM_ALL)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME synfix)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${SYNFIX_MAINTAINER})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL synfix libsynfix0 libsynfix-dev)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/package_files.cmake)
configure_file(${CMAKE_CURRENT_LIST_DIR}/package_epoch.cmake.in ${control}/epoch.cmake @ONLY)
set(CPACK_PROJECT_CONFIG_FILE ${control}/epoch.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "https://github.com/synfix/synfix")

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "passive OS fingerprinter with IPFIX export")
string(CONCAT about "synfix identifies the operating system behind each TCP SYN and SYN+ACK,\n"
       "compatibly with p0f v3, and exports the result as IPFIX, JSON or text.\n")
set(CPACK_DEBIAN_SYNFIX_PACKAGE_NAME synfix)
set(CPACK_DEBIAN_SYNFIX_PACKAGE_SECTION net)
set(CPACK_DEBIAN_SYNFIX_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers, ${depends_program}")
set(CPACK_COMPONENT_SYNFIX_DESCRIPTION
    "${about}.
This package contains the program, its database, a systemd unit and definitions
for collectors.")
set(CPACK_DEBIAN_SYNFIX_PACKAGE_CONTROL_EXTRA ${control}/synfix/postinst ${control}/synfix/prerm
    ${control}/synfix/postrm ${control}/synfix/conffiles ${control}/synfix/shlibs ${control}/synfix/triggers)

set(CPACK_DEBIAN_LIBSYNFIX0_PACKAGE_NAME libsynfix0)
set(CPACK_DEBIAN_LIBSYNFIX0_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBSYNFIX0_PACKAGE_DEPENDS "${depends_library}")
set(CPACK_COMPONENT_LIBSYNFIX0_DESCRIPTION
    "${about}.
This package contains the engine library for programs that see the packets
themselves.")
set(CPACK_DEBIAN_LIBSYNFIX0_PACKAGE_CONTROL_EXTRA ${control}/libsynfix0/triggers ${control}/libsynfix0/symbols
    ${control}/libsynfix0/shlibs)

set(CPACK_DEBIAN_LIBSYNFIX-DEV_PACKAGE_NAME libsynfix-dev)
set(CPACK_DEBIAN_LIBSYNFIX-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBSYNFIX-DEV_PACKAGE_DEPENDS "libsynfix0 (= ${PROJECT_VERSION}), synfix (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_LIBSYNFIX-DEV_PACKAGE_SUGGESTS "libpcap-dev, pkg-config")
set(CPACK_COMPONENT_LIBSYNFIX-DEV_DESCRIPTION
    "${about}.
This package contains headers, static libraries and examples, for programs and
for plug-ins of synfix.")
include(CPack)

# The bill of materials (SPDX 2.3) of the program as it was linked.
find_package(Python3 COMPONENTS Interpreter QUIET)
if(Python3_FOUND)
    add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/synfix.spdx.json
                       COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/sbom.py $<TARGET_FILE:synfix>
                               ${PROJECT_VERSION} ${SYNFIX_EPOCH} ${CMAKE_BINARY_DIR}/synfix.spdx.json
                               ${SYNFIX_ON_DEMAND_FILE}
                       DEPENDS synfix ${CMAKE_CURRENT_LIST_DIR}/sbom.py VERBATIM)
    add_custom_target(sbom DEPENDS ${CMAKE_BINARY_DIR}/synfix.spdx.json)
endif()
