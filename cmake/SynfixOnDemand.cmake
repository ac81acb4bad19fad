# SPDX-License-Identifier: MIT OR Apache-2.0
# synfix_on_demand(NAME PACKAGE prefix LIBRARY name HEADERS header... FUNCTIONS function...)
#
# Loads a library at the first call of one of its functions, because most runs do not need the library. The dynamic
# linker does not load the library at the start. PACKAGE is the prefix of its pkg_check_modules, LIBRARY the name of
# the library (-lNAME). Sources include "on_demand/NAME.h" instead of the HEADERS and link OnDemand::NAME instead of
# the package. The generated header declares a pointer for each of the FUNCTIONS, with the name of the function. A
# call of a function that is not in the list does not link.
#
# With SYNFIX_ON_DEMAND=OFF the header includes the HEADERS only, and the library is linked as usual.
option(SYNFIX_ON_DEMAND "Load rarely used libraries at their first use" ON)
set(SYNFIX_ON_DEMAND_INCLUDE ${PROJECT_BINARY_DIR}/on_demand)
set(SYNFIX_ON_DEMAND_FILE ${PROJECT_BINARY_DIR}/on_demand.txt)
file(WRITE ${SYNFIX_ON_DEMAND_FILE} "")

# The name by which the dynamic linker finds the library; empty for a static library.
function(synfix_on_demand_soname package library variable)
    set(${variable} "" PARENT_SCOPE)
    foreach(path IN LISTS ${package}_LINK_LIBRARIES)
        if(path MATCHES "/lib${library}\\.so$")
            execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${path} OUTPUT_VARIABLE headers ERROR_QUIET)
            if(headers MATCHES "SONAME +([^ \n]+)")
                set(${variable} ${CMAKE_MATCH_1} PARENT_SCOPE)
            endif()
        endif()
    endforeach()
endfunction()

function(synfix_on_demand name)
    cmake_parse_arguments(ARG "" "PACKAGE;LIBRARY" "HEADERS;FUNCTIONS" ${ARGN})
    list(TRANSFORM ARG_HEADERS REPLACE "(.+)" "#include <\\1>" OUTPUT_VARIABLE includes)
    string(JOIN "\n" INCLUDES ${includes})
    set(soname "")
    if(SYNFIX_ON_DEMAND)
        synfix_on_demand_soname(${ARG_PACKAGE} ${ARG_LIBRARY} soname)
    endif()
    add_library(on_demand_${name} INTERFACE)
    add_library(OnDemand::${name} ALIAS on_demand_${name})
    target_include_directories(on_demand_${name} INTERFACE ${SYNFIX_ON_DEMAND_INCLUDE})
    set(header ${SYNFIX_ON_DEMAND_INCLUDE}/on_demand/${name}.h)
    set(NAME ${name})
    if(soname STREQUAL "")
        target_link_libraries(on_demand_${name} INTERFACE PkgConfig::${ARG_PACKAGE})
        configure_file(${PROJECT_SOURCE_DIR}/cmake/on_demand_linked.h.in ${header} @ONLY)
        return()
    endif()
    target_include_directories(on_demand_${name} SYSTEM INTERFACE ${${ARG_PACKAGE}_INCLUDE_DIRS})
    target_link_libraries(on_demand_${name} INTERFACE ${CMAKE_DL_LIBS})
    set(SONAME ${soname})
    list(TRANSFORM ARG_FUNCTIONS REPLACE "(.+)" "    __typeof__(\\1) *\\1%" OUTPUT_VARIABLE members)
    list(TRANSFORM ARG_FUNCTIONS REPLACE "(.+)" "    \"\\1\\\\0\"" OUTPUT_VARIABLE names)
    list(TRANSFORM ARG_FUNCTIONS REPLACE "(.+)" "#undef \\1\n#define \\1(...) (on_demand_${name}()->\\1)(__VA_ARGS__)" OUTPUT_VARIABLE macros)
    string(JOIN "\n" MEMBERS ${members})
    string(REPLACE "%" ";" MEMBERS "${MEMBERS}") # a semicolon separates the elements of a list
    string(JOIN "\n" NAMES ${names})
    string(JOIN "\n" MACROS ${macros})
    configure_file(${PROJECT_SOURCE_DIR}/cmake/on_demand.h.in ${header} @ONLY)
    file(APPEND ${SYNFIX_ON_DEMAND_FILE} "${soname}\n")
endfunction()
