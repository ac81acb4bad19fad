# SPDX-License-Identifier: MIT OR Apache-2.0
# synfix_layer(NAME DIRECTORY dir [MAY dir...] [LIBRARIES target...])
#
# One folder as the OBJECT library synfix_NAME. All its *.c files belong to it. A source may include <synfix/...> and,
# as "folder/header.h", the headers of its own folder and of those named by MAY: each folder's headers are reachable
# only through a directory that holds nothing but a link to that folder, so a forbidden include does not compile.
set(SYNFIX_LAYER_INCLUDE ${CMAKE_BINARY_DIR}/layer)

function(synfix_layer name)
    cmake_parse_arguments(ARG "" "DIRECTORY" "MAY;LIBRARIES" ${ARGN})
    get_filename_component(folder ${ARG_DIRECTORY} NAME)
    file(MAKE_DIRECTORY ${SYNFIX_LAYER_INCLUDE}/${folder})
    file(CREATE_LINK ${ARG_DIRECTORY} ${SYNFIX_LAYER_INCLUDE}/${folder}/${folder} SYMBOLIC)
    file(GLOB sources CONFIGURE_DEPENDS ${ARG_DIRECTORY}/*.c)
    add_library(synfix_${name} OBJECT ${sources})
    target_include_directories(synfix_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include
                               ${SYNFIX_LAYER_INCLUDE}/${folder})
    foreach(other IN LISTS ARG_MAY)
        target_include_directories(synfix_${name} PRIVATE ${SYNFIX_LAYER_INCLUDE}/${other})
    endforeach()
    target_link_libraries(synfix_${name} PRIVATE Threads::Threads ${ARG_LIBRARIES})
endfunction()
