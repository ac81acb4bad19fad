#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# vFlow (if installed) with the elements of synfix in addition to its own: all records decoded, values under their
# numbers.
PATH=$PATH:$HOME/go/bin
. "$(dirname "$0")/../common.sh"
need vflow

# vFlow replaces its own elements by those of `ipfix.elements` in its configuration directory, so the file also has
# the standard elements.
mkdir "$work/etc"
{
    echo '0:'
    "$synfix" elements --all | awk 'split($2, id, "/") == 2 && id[1] == 0 { printf "  %s:\n    - %s\n    - %s\n", id[2], $1, $3 }'
    cat "$kit/vflow.elements"
} >"$work/etc/ipfix.elements"
echo 'verbose: true' >"$work/etc/vflow.conf"
vflow -config "$work/etc/vflow.conf" -ipfix-addr 127.0.0.1 -ipfix-port "$port" -sflow-enabled=false \
    -netflow5-enabled=false -netflow9-enabled=false -stats-enabled=false -producer-enabled=false -ipfix-rpc-enabled=false \
    -ipfix-tpl-cache-file "$work/templates" -pid-file "$work/pid" -log-file "$work/out" >/dev/null 2>&1 &
pid=$!
wait_for_udp "$port"
send "$data/mixed.pcap" --to "udp://127.0.0.1:$port" --to "json:$work/own.json"
sleep 1
stop "$pid"

records=$(grep -o '"I":152,' "$work/out" | wc -l)
[ "$records" = "$(wc -l <"$work/own.json")" ] || complain "$records records of $(wc -l <"$work/own.json")"
grep -o '\[{"I":152,"V":1093522326102}[^]]*"I":8,"V":"10.0.0.9"[^]]*\]' "$work/out" >"$work/first"
for value in '{"I":12,"V":"10.0.0.3"}' '{"I":7,"V":3082}' '{"I":11,"V":502}' '{"I":14,"V":1460,"E":32473}' \
    '{"I":1,"V":"4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0","E":32473}' '{"I":2,"V":"Windows XP","E":32473}'; do
    expect "$value" "$work/first"
done
exit $((failures > 0))
