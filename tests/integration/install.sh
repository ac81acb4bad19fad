#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# install.sh PROGRAM BUILD: an installation with any prefix finds its database and templates, and C and C++ programs
# build with the installed files.
. "$(dirname "$0")/common.sh"
build=$2
command -v pkg-config >/dev/null || skip "no pkg-config; install the package pkgconf"
cmake --install "$build" --prefix "$work/there" >"$work/log" 2>&1 || complain "cmake --install: $(tail -3 "$work/log")"
mv "$work/there" "$work/moved"
there=$work/moved
cd "$work" || exit 1
if [ "$(nm -D "$there/bin/synfix" 2>/dev/null | grep -c '__[at]san_init')" = 0 ]; then
    "$there/bin/synfix" read "$(capture web)" --quiet --to "file:$work/out.ipfix" || complain "read: exit code"
    "$there/bin/synfix" dump "$work/out.ipfix" | grep 'osLabel: Linux' >label || complain "no label in the records"
    PKG_CONFIG_PATH=$(dirname "$(find "$there" -name synfix.pc)")
    export PKG_CONFIG_PATH
    libraries=$(pkg-config --variable=libdir synfix)
    read -ra flags < <(pkg-config --cflags --libs synfix)
    cc -Wall -Wextra -Werror "$here/../../examples/embed.c" "${flags[@]}" -lpcap -o embed || complain "C: does not build"
    LD_LIBRARY_PATH=$libraries ./embed "$(capture web)" "$there/share/synfix/sigdb/synfix.fp" | grep Linux >label ||
        complain "C: no Linux in the output"
    # the same through find_package, with the database that the library finds, also for an archive
    mkdir package && cat >package/CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(synfix $(pkg-config --modversion synfix) REQUIRED)
add_executable(read_capture $here/../../examples/read_capture.c)
target_link_libraries(read_capture PRIVATE synfix::synfix synfix::export)
END
    { cmake -S package -B package/build -DCMAKE_PREFIX_PATH="$there" && cmake --build package/build; } >"$work/log" 2>&1 ||
        complain "find_package: $(tail -5 "$work/log")"
    { cmake -S "$(find "$there" -path '*/libsynfix-dev/examples')" -B examples -DCMAKE_PREFIX_PATH="$there" &&
        cmake --build examples; } >"$work/log" 2>&1 || complain "the installed examples: $(tail -5 "$work/log")"
    for file in "$(capture web)" "$work/out.ipfix"; do
        package/build/read_capture "$file" >"lines.${file##*.}" || complain "read_capture $file: exit code"
    done
    grep -q Linux lines.pcap || complain "read_capture: no Linux"
    LD_LIBRARY_PATH=$libraries examples/embed "$(capture web)" "$there/share/synfix/sigdb/synfix.fp" >embedded ||
        complain "the installed example embed: exit code"
    cmp lines.pcap embedded || complain "the example embed differs from the example read_capture"
    cmp lines.pcap lines.ipfix || complain "read_capture: the archive differs from the capture"
    [ -e "$libraries/libsynfix-export.a" ] && complain "libsynfix-export.a is installed without headers"
    read -ra cflags < <(pkg-config --cflags synfix)
    cc -Wall -Wextra -Werror -shared -fPIC "${cflags[@]}" "$here/../../examples/sink_module.c" -o tally.so ||
        complain "a sink in one file: does not build"
    "$there/bin/synfix" modules --load ./tally.so tally | contains 'sink .*tally .*tally.so' ||
        complain "a sink in one file: is not listed"
    "$there/bin/synfix" read --quiet --load ./tally.so "$(capture web)" --to tally:sums || complain "a sink in one file: read"
    grep -q ' Linux' sums || complain "a sink in one file: no Linux in the sums"
    cc -Wall -Wextra -Werror -shared -fPIC "${cflags[@]}" "$here/../../examples/enricher_module.c" -o site.so ||
        complain "an enricher in one file: does not build"
    "$there/bin/synfix" read --quiet --load ./site.so --enrich 'site?sites=10.:office' "$(capture web)" \
        --to 'csv:sites.csv?annotations=site' || complain "an enricher in one file: read"
    head -1 sites.csv | contains ',site$' && grep -q ',office$' sites.csv || complain "an enricher in one file: no column"
    "$there/bin/synfix" read --quiet --load ./site.so --enrich 'site?sites=10.:office' "$(capture web)" \
        --to "file:sites.ipfix?annotations=$here/../../examples/site.elements" || complain "an enricher in IPFIX: read"
    "$there/bin/synfix" dump sites.ipfix >sites.txt
    grep -q '^  siteName: office$' sites.txt || complain "an enricher in IPFIX: no element"
    if command -v c++ >/dev/null; then
        c++ -std=c++17 -Wall -Wextra -Wshadow -Werror "$here/../contract/embed.cc" "${flags[@]}" -lpcap -o embed_cxx ||
            complain "C++: the engine does not build"
        LD_LIBRARY_PATH=$libraries ./embed_cxx "$there/share/synfix/sigdb/synfix.fp" "$(capture web)" | grep Linux >label ||
            complain "C++: found no Linux"
        for header in "$there"/include/synfix/*.h; do
            echo "#include <synfix/$(basename "$header")>"
        done >all.cpp
        echo 'int main() { return synfix_status_text(SYNFIX_OK) == nullptr; }' >>all.cpp
        c++ -Wall -Wextra -Werror all.cpp "${flags[@]}" -o all || complain "C++: does not build"
        LD_LIBRARY_PATH=$libraries ./all || complain "C++: does not run"
    fi
fi
exit $((failures > 0))
