# SPDX-License-Identifier: MIT OR Apache-2.0
# synfix_layer(DIRECTORY [MAY directory...] [LIBRARIES target...])
#
# One directory as one OBJECT library: src/capture/bpf is synfix_capture_bpf, exporter/ipfix is synfix_exporter_ipfix.
# The target contains all *.c files of the directory, without subdirectories. A source may include <synfix/...> and,
# by path ("capture/bpf/bpf_assembler.h", "exporter/ipfix/profile.h"), each header of its own directory and of the
# directories of MAY. The include path contains no other header, so other includes do not compile.
# LAYERS_FILE records the table; tests/checks/layers.py compares it with includes, link symbols and documentation.
set(SYNFIX_LAYER_INCLUDE ${PROJECT_BINARY_DIR}/layer)
set(SYNFIX_LAYERS_FILE ${PROJECT_BINARY_DIR}/layers.txt)
file(WRITE ${SYNFIX_LAYERS_FILE} "")

function(synfix_layer_name directory variable)
    string(REGEX REPLACE "^src/" "" name ${directory})
    string(REPLACE "/" "_" name ${name})
    set(${variable} ${name} PARENT_SCOPE)
endfunction()

# A directory with a link to each header of the layer. The path of a link is the path in #include.
function(synfix_layer_headers directory name)
    string(REGEX REPLACE "^src/" "" path ${directory})
    set(root ${SYNFIX_LAYER_INCLUDE}/${name}/${path})
    file(REMOVE_RECURSE ${SYNFIX_LAYER_INCLUDE}/${name})
    file(MAKE_DIRECTORY ${root})
    file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${directory}/*.h)
    foreach(header IN LISTS headers)
        get_filename_component(file ${header} NAME)
        file(CREATE_LINK ${header} ${root}/${file} SYMBOLIC)
    endforeach()
endfunction()

function(synfix_layer directory)
    cmake_parse_arguments(ARG "" "" "MAY;LIBRARIES" ${ARGN})
    synfix_layer_name(${directory} name)
    synfix_layer_headers(${directory} ${name})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${directory}/*.c)
    add_library(synfix_${name} OBJECT ${sources})
    target_include_directories(synfix_${name} PRIVATE ${PROJECT_SOURCE_DIR}/include ${SYNFIX_LAYER_INCLUDE}/${name})
    foreach(other IN LISTS ARG_MAY)
        synfix_layer_name(${other} other_name)
        if(NOT TARGET synfix_${other_name})
            message(FATAL_ERROR "layer ${directory}: ${other} is not a layer above it")
        endif()
        target_include_directories(synfix_${name} PRIVATE ${SYNFIX_LAYER_INCLUDE}/${other_name})
    endforeach()
    target_link_libraries(synfix_${name} PRIVATE Threads::Threads ${ARG_LIBRARIES})
    string(JOIN " " may ${ARG_MAY})
    file(APPEND ${SYNFIX_LAYERS_FILE} "${directory}: ${may}\n")
endfunction()

# The objects of several layers, for add_library.
function(synfix_layer_objects variable)
    set(objects)
    foreach(directory IN LISTS ARGN)
        synfix_layer_name(${directory} name)
        list(APPEND objects $<TARGET_OBJECTS:synfix_${name}>)
    endforeach()
    set(${variable} ${objects} PARENT_SCOPE)
endfunction()
