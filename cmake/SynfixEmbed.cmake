# SPDX-License-Identifier: MIT OR Apache-2.0
# synfix_embed(TARGET VARIABLE FILE): adds a source to TARGET that defines `const char VARIABLE[]` with the text of FILE.
function(synfix_embed target variable file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
    set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${variable}.c)
    file(GENERATE OUTPUT ${source}
         CONTENT "extern const char ${variable}[];\nconst char ${variable}[] =\n    \"${text}\";\n")
    target_sources(${target} PRIVATE ${source})
endfunction()
