# SPDX-License-Identifier: MIT OR Apache-2.0
# The release build follows the OpenSSF guide for the hardening of C compilers. tests/checks/hardening.sh checks the
# binaries. Sanitizers have their own checks. A build without optimisation cannot use _FORTIFY_SOURCE.
if(NOT SYNFIX_HARDEN OR SYNFIX_SANITIZE OR SYNFIX_FUZZ OR SYNFIX_COVERAGE OR NOT CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
    return()
endif()
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
# Control flow: shadow stack and indirect branch tracking of x86, pointer authentication and branch targets of Arm.
foreach(flag IN ITEMS -fstack-clash-protection -fcf-protection=full -mbranch-protection=standard
        -ftrivial-auto-var-init=zero)
    string(MAKE_C_IDENTIFIER "SYNFIX_HAS${flag}" has)
    check_c_compiler_flag(${flag} ${has})
    if(${has})
        add_compile_options(${flag})
    endif()
endforeach()
add_link_options(LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
