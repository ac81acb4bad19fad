#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Names of files in UTF-8, in Latin-1 and with control characters, in the locale of a service and in one with UTF-8: each
# option accepts them, and all output is UTF-8 without control characters.
. "$(dirname "$0")/../integration/common.sh"
command -v python3 >/dev/null || skip "no python3; install the package python3"
cd "$work" || exit 1
data_file=$(capture web)

# is_plain FILE...: UTF-8, without a control character except for line feed and tab
is_plain() {
    local found
    if ! found=$(python3 -c '
import sys, unicodedata
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    text = data.decode("utf-8", "replace")
    if text.encode() != data or any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        print(ascii(name), ascii(text))' "$@" 2>&1) || [ -n "$found" ]; then
        complain "$locale: not plain text: $found"
    fi
}

# run CODE ARGUMENTS...: exit code; both outputs are plain
run() {
    local code=$1 got
    shift
    timeout 60 "$synfix" "$@" >out 2>err </dev/null
    got=$?
    [ $got -eq "$code" ] || complain "$locale: $(printf '%q ' "$@"): exit code $got, not $code: $(cat -v err)"
    is_plain out err
}

check_names() {
    local name=$1 kind sinks=()
    mkdir "$name.d"
    cp "$data_file" "$name.d/$name.pcap"
    cp "$tests/integration/test.fp" "$name.fp"
    for kind in file json eve csv zeek ecs text p0f inventory; do
        sinks+=(--to "$kind:$name.$kind")
    done
    run 0 read "$name.d/$name.pcap" --sigdb "$name.fp" "${sinks[@]}"
    run 0 read "$name.d/$name.pcap" --dry-run --sigdb "$name.fp" "${sinks[@]}"
    is_plain "$name".{json,eve,csv,zeek,ecs,text,p0f}
    mv "$name.file" "$name.ipfix"
    run 0 hosts "$name.d" "$name.ipfix" "$name.inventory" --sigdb "$name.fp"
    for kind in html md json; do
        run 0 report "$name.d/$name.pcap" "$name.ipfix" --output "$name.$kind"
        is_plain "$name.$kind"
    done
    run 0 dump "$name.ipfix" --format json
    run 0 dump "$name.ipfix" --to "json:$name.again"
    cmp -s "$name.again" <("$synfix" dump "$name.ipfix" --to json:-) || complain "$locale: dump of $(printf %q "$name")"
    run 0 sigdb learn "$name.d/$name.pcap" --sigdb "$name.fp" --label s:unix:Linux:
    cp out learnt.fp
    run 0 sigdb show --sigdb learnt.fp
    run 0 modules
    run 3 collect --listen udp://127.0.0.1:0 --to "text:$name.d"
    run 2 read "$name.d/$name.pcap" --to "json:x?$name=1"
    run 1 hosts "$name.none"
    [ "$(wc -l <err)" -eq 1 ] && ! contains -F ': ' <(cut -d: -f 4- err) || complain "$locale: the name twice: $(cat err)"
    rm -r "$name".*
}

for locale in C C.UTF-8; do
    export LC_ALL=$locale
    check_names 'é'
    check_names $'\351'
    check_names $'\302\233a\33[2J\n\351'
    run 1 sigdb lint $'\351.fp'
    run 0 hosts "$data_file" --os 'é'
    run 2 hosts "$data_file" --os $'\351'
    contains -F -- '--os ?: not UTF-8, as labels are; write TEXT in UTF-8' <err || complain "$locale: --os: $(cat err)"
    run 2 report "$data_file" --os $'\351' --output -
    run 2 read "$data_file" --workers 'é'
    contains -F "workers: 'é' " <err || complain "$locale: --workers: $(cat err)"
    run 2 sigdb learn "$data_file" --label $'s:unix:\351:'
    contains -F -- '--label s:unix:?:: a byte that is not printable ASCII; write a label' <err || complain "$locale: --label: $(cat err)"
    printf '# \351\n[capture]\ninterface = lo\n[export]\nto = json:\351\n' >latin.conf
    run 2 capture --config latin.conf --check-config
    contains -F 'latin.conf:5: a byte that is not UTF-8; save the file in UTF-8' <err || complain "$locale: a configuration: $(cat err)"
done
exit $((failures > 0))
