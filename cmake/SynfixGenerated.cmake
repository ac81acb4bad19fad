# SPDX-License-Identifier: MIT OR Apache-2.0
# Manual pages and shell completions. The program prints them from the tables of its command line.
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    message(STATUS "cross build: manual pages and completions are not generated")
    return()
endif()
set(generated ${CMAKE_BINARY_DIR}/generated)
file(MAKE_DIRECTORY ${generated})
set(generated_files)

# synfix_generate(FILE option...): the output of `synfix help option...`
function(synfix_generate file)
    add_custom_command(OUTPUT ${generated}/${file} COMMAND $<TARGET_FILE:synfix> help ${ARGN} > ${generated}/${file}
                       DEPENDS synfix VERBATIM)
    set(generated_files ${generated_files} ${generated}/${file} PARENT_SCOPE)
endfunction()

set(manual_pages)
file(GLOB command_sources ${PROJECT_SOURCE_DIR}/src/app/command/cmd_*.c)
foreach(source IN LISTS command_sources)
    string(REGEX REPLACE ".*/cmd_(.*)\\.c" "\\1" command ${source})
    synfix_generate(synfix-${command}.1 --man ${command})
    list(APPEND manual_pages ${generated}/synfix-${command}.1)
endforeach()
synfix_generate(synfix.conf.5 --man synfix.conf)
synfix_generate(synfix.bash --completion bash)
synfix_generate(_synfix --completion zsh)
synfix_generate(synfix.fish --completion fish)
add_custom_target(synfix_generated ALL DEPENDS ${generated_files})

install(FILES ${manual_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT synfix)
install(FILES ${generated}/synfix.conf.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT synfix)
install(FILES ${generated}/synfix.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME synfix
        COMPONENT synfix)
install(FILES ${generated}/_synfix DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT synfix)
install(FILES ${generated}/synfix.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT synfix)
