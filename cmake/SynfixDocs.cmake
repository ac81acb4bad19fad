# SPDX-License-Identifier: MIT OR Apache-2.0
# Target docs: the public interface as HTML in BUILD/api, one page for each header. A warning of Doxygen fails the
# build: each function, type, member and parameter on the pages is described.
find_package(Doxygen 1.9 REQUIRED)
set(DOXYGEN_PROJECT_NAME "libsynfix")
set(DOXYGEN_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/api)
set(DOXYGEN_STRIP_FROM_PATH ${PROJECT_SOURCE_DIR}/include)
set(DOXYGEN_OPTIMIZE_OUTPUT_FOR_C YES)
set(DOXYGEN_JAVADOC_AUTOBRIEF YES)
set(DOXYGEN_EXTRACT_ALL YES)
set(DOXYGEN_EXTRACT_STATIC NO)
set(DOXYGEN_TYPEDEF_HIDES_STRUCT YES)
set(DOXYGEN_HIDE_UNDOC_RELATIONS YES)
set(DOXYGEN_HAVE_DOT NO)
set(DOXYGEN_GENERATE_LATEX NO)
set(DOXYGEN_QUIET YES)
set(DOXYGEN_WARN_AS_ERROR FAIL_ON_WARNINGS)
set(DOXYGEN_WARN_NO_PARAMDOC YES)
set(DOXYGEN_MACRO_EXPANSION YES)
set(DOXYGEN_EXPAND_ONLY_PREDEF YES)
set(DOXYGEN_INPUT_FILTER "sed -E -f ${PROJECT_SOURCE_DIR}/cmake/doxygen_comments.sed")
# Macros that define enumerators and members. Without expansion, a page shows the name of the macro instead of the
# values.
foreach(header IN ITEMS counters headers host_change match observation signature verdict)
    file(STRINGS ${PROJECT_SOURCE_DIR}/include/synfix/${header}.h lists REGEX "^#define SYNFIX_[A-Z_]+\\(X\\)")
    list(TRANSFORM lists REPLACE "^#define (SYNFIX_[A-Z_]+)\\(.*" "\\1")
    list(APPEND DOXYGEN_EXPAND_AS_DEFINED ${lists})
endforeach()
list(APPEND DOXYGEN_EXPAND_AS_DEFINED SYNFIX_COUNTER_FIELD)
set(DOXYGEN_PREDEFINED SYNFIX_API= SYNFIX_MUST_CHECK= "SYNFIX_PRINTF(a,b)=")
set(DOXYGEN_USE_MDFILE_AS_MAINPAGE ${PROJECT_SOURCE_DIR}/cmake/api_main_page.md)
doxygen_add_docs(docs ${PROJECT_SOURCE_DIR}/include/synfix ${PROJECT_SOURCE_DIR}/include/synfix-export ${PROJECT_SOURCE_DIR}/cmake/api_main_page.md ALL
                 COMMENT "Building the reference of the interface")
