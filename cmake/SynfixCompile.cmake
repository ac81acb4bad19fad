# SPDX-License-Identifier: MIT OR Apache-2.0
# Language level, warnings and sanitizers for every target.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # _GNU_SOURCE interfaces of Linux
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_STANDARD 17) # tests of the interface only
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELEASE "-O3 -g -DNDEBUG")

# The same sources give the same bytes in any source directory.
set(SYNFIX_PREFIX_MAP -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
if(SYNFIX_COVERAGE) # gcovr skips a source if it cannot open the path
    set(SYNFIX_PREFIX_MAP)
endif()
add_compile_options(${SYNFIX_PREFIX_MAP})
add_link_options(${SYNFIX_PREFIX_MAP}) # the linker generates code too

# Files over 2 GiB need an off_t of 64 bits. Sums of products are rounded alike on each processor.
add_compile_definitions(_GNU_SOURCE _FILE_OFFSET_BITS=64)
add_compile_options(-ffp-contract=off)
# The x87 unit rounds to more digits, depending on the registers that are free: i386 uses SSE2, as amd64 does.
include(CheckCSourceCompiles)
check_c_source_compiles("#include <float.h>
#if FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 1
#error results have more digits than a double
#endif
int main(void) { return 0; }" SYNFIX_DOUBLES_ARE_DOUBLES)
if(NOT SYNFIX_DOUBLES_ARE_DOUBLES)
    add_compile_options(-msse2 -mfpmath=sse)
endif()
# Counters have 64 bits, for which some processors with 32 bits need a library.
check_c_source_compiles("#include <stdatomic.h>
#include <stdint.h>
_Atomic uint64_t counter;
int main(void) { return (int)atomic_fetch_add(&counter, 1); }" SYNFIX_ATOMICS_NEED_NO_LIBRARY)
if(NOT SYNFIX_ATOMICS_NEED_NO_LIBRARY)
    link_libraries(atomic)
endif()
add_compile_options(-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow
                    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>
                    -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 -Wno-format-nonliteral
                    -fno-strict-aliasing -fstack-protector-strong)
if(SYNFIX_WERROR)
    add_compile_options(-Werror)
endif()
include(SynfixHarden)

# The program is optimised at link time. Objects also hold ordinary code, and other targets link that code
# (synfix_link_plainly), so tests need no link-time optimisation.
set(SYNFIX_WHOLE_PROGRAM OFF)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT SYNFIX_SANITIZE AND NOT SYNFIX_COVERAGE)
    set(SYNFIX_WHOLE_PROGRAM ON)
    add_compile_options(-flto=auto -ffat-lto-objects)
endif()
macro(synfix_link_plainly) # all targets of this directory and below
    if(SYNFIX_WHOLE_PROGRAM)
        add_link_options(-fno-lto)
    endif()
endmacro()
macro(synfix_link_as_whole target)
    if(SYNFIX_WHOLE_PROGRAM)
        target_link_options(${target} PRIVATE -flto=auto)
    endif()
endmacro()

if(SYNFIX_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "SYNFIX_FUZZ needs clang: -DCMAKE_C_COMPILER=clang")
    endif()
endif()
if(SYNFIX_FUZZ_ENGINE) # OSS-Fuzz: CFLAGS have the sanitizers
    set(SYNFIX_FUZZ ON)
elseif(SYNFIX_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=fuzzer-no-link,address,undefined)
elseif(SYNFIX_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(SYNFIX_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
elseif(SYNFIX_SANITIZE)
    message(FATAL_ERROR "SYNFIX_SANITIZE is '${SYNFIX_SANITIZE}': leave it empty, or set address or thread")
endif()

if(SYNFIX_COVERAGE) # coverage of the source lines: no inlining
    add_compile_options(--coverage -fprofile-update=atomic -O0 -fno-inline)
    add_link_options(--coverage)
endif()
