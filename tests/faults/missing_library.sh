#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# If a library that is loaded on demand is missing, each command that needs it reports the library; no command crashes.
. "$(dirname "$0")/../integration/common.sh"
libraries=$2
[ -s "$libraries" ] || skip "no library is loaded on demand; configure with -DSYNFIX_ON_DEMAND=ON"
web=$(capture web)
LD_TRACE_LOADED_OBJECTS=1 "$synfix" >"$work/linked" # check.start permits no library of the list there

# The dynamic linker finds an empty file instead of the library.
# without LIBRARY COMMAND ARGUMENTS...: the command must fail and report the library
without() {
    local library
    library=$(grep "^lib$1\.so" "$libraries") || { echo "not tested: lib$1, which this build does not load on demand"; return; }
    if grep -qF "$library" "$work/linked"; then
        echo "not tested: $library, which a sanitizer build links"
        return
    fi
    rm -rf "$work/empty" && mkdir "$work/empty" && : >"$work/empty/$library"
    shift
    LD_LIBRARY_PATH=$work/empty timeout 20 "$synfix" "$@" >/dev/null 2>"$work/errors" </dev/null
    local code=$?
    [ $code -gt 0 ] && [ $code -lt 124 ] || complain "without $library: exit code $code of $*"
    grep -q "the library $library cannot be loaded (.*); install its package$" "$work/errors" ||
        complain "without $library: $(cat "$work/errors")"
}

# An archive of a killed writer: a complete frame, and the beginning of the next one.
"$synfix" read "$web" --quiet --to "file:$work/a.ipfix.zst?compress=zstd" || complain "no archive"
cp "$work/a.ipfix.zst" "$work/a.ipfix.zst.part"
without zstd recover "$work/a.ipfix.zst.part"
cmp -s "$work/a.ipfix.zst" "$work/a.ipfix.zst.part" || complain "recover changed a file that it could not read"
without zstd dump "$work/a.ipfix.zst"
without zstd read "$web" --to "file:$work/b.ipfix?compress=zstd"

for pair in gzip:z xz:lzma zstd:zstd lz4:lz4; do
    command -v "${pair%:*}" >/dev/null || { echo "not tested: captures of ${pair%:*}, which is not installed"; continue; }
    "${pair%:*}" -c <"$web" >"$work/packed"
    without "${pair#*:}" read "$work/packed"
done

# The name of an unknown link type is a detail of another error.
printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\xe7\3\0\0' >"$work/unknown.pcap"
mkdir -p "$work/empty"
: >"$work/empty/$(grep '^libpcap\.so' "$libraries")"
LD_LIBRARY_PATH=$work/empty "$synfix" read "$work/unknown.pcap" 2>"$work/errors" &&
    complain "an unknown link type is accepted"
grep -q 'link type 999 (unknown) is not supported' "$work/errors" || complain "link type: $(cat "$work/errors")"
without pcap read "$web" --filter 'tcp port 80'

"$synfix" read "$web" --quiet --to "inventory:$work/hosts.db" || complain "no inventory"
without sqlite3 hosts "$work/hosts.db"
without sqlite3 read "$web" --to "inventory:$work/other.db"
printf '{"signature":"x","label":"y"}\n' >"$work/list.jsonl"
without z sigdb test "$work/list.jsonl"
without json-glib-1.0 sigdb test "$work/list.jsonl"
without gio-2.0 collect --listen udp://127.0.0.1:0
without ssl read "$web" --to tls://127.0.0.1:1
without rdkafka read "$web" --to kafka://127.0.0.1:1
without z read "$web" --to "tcp://127.0.0.1:1?spool=$work/spool"
[ "$failures" = 0 ]
