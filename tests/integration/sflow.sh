#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# sFlow samples of captures: their observations equal those of the captures, with any number of workers, from an
# archive, and received on a port.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null && command -v jq >/dev/null || skip "no python3 or no jq; install the packages python3 jq"

# facts FILE: facts of each observation about its sender
facts() {
    jq -c 'select(.tcp_fp) | [.src_ip, .src_port, .dest_ip, .dest_port, .tcp_fp.signature, .tcp_fp.os, .tcp_fp.vlan]' "$1"
}

for name in mixed vlan gre ipv6-ftp; do
    source=$(capture "$name")
    "$here/sflow.py" wrap "$source" "$work/s.pcap" || complain "$name: not wrapped"
    read_quietly "$source" --to "json:$work/own.json"
    read_quietly "$work/s.pcap" --to "json:$work/one.json" --to "file:$work/s.ipfix"
    facts "$work/own.json" >"$work/own"
    facts "$work/one.json" >"$work/one"
    diff "$work/own" "$work/one" >"$work/diff" || complain "$name: $(head -4 "$work/diff")"
    [ -s "$work/one" ] || complain "$name: no observation"
    jq -e 'select(.tcp_fp) | .tcp_fp | select((.flags | contains(["sampled"])) and .tunnel.sampling_rate == 512 | not)' \
        "$work/one.json" >"$work/wrong" && complain "$name: not marked as sampled: $(head -1 "$work/wrong")"
    read_quietly -j 3 "$work/s.pcap" --to "json:$work/three.json"
    sort "$work/one.json" >"$work/one.sorted"
    sort "$work/three.json" | cmp -s - "$work/one.sorted" || complain "$name: three workers differ from one"
    "$synfix" dump "$work/s.ipfix" --to "json:$work/dump.json" 2>"$work/err" || complain "$name: $(cat "$work/err")"
    cmp -s "$work/one.json" "$work/dump.json" || complain "$name: the archive differs"
    "$synfix" dump --format json "$work/s.ipfix" | jq -c 'select(.flowId) | [.flowId, .observationKind]' | sort | uniq -d >"$work/twice"
    [ -s "$work/twice" ] && complain "$name: two samples have the same flowId: $(head -1 "$work/twice")"
done

# A datagram counts as one packet, and each sample as a further packet.
"$here/sflow.py" wrap "$(capture web)" "$work/s.pcap"
"$synfix" read "$work/s.pcap" --to json:/dev/null 2>"$work/err"
grep -q 'ignored: sFlow datagram' "$work/err" || complain "the summary has no sFlow: $(cat "$work/err")"
"$synfix" read "$work/s.pcap" --encapsulations all,-sflow --to "json:$work/none.json" 2>/dev/null
[ -s "$work/none.json" ] && complain "excluded samples are observed"

# Received on a port: the same facts. A custom profile with the elements of samplers.
printf '%s\n' '[observation]' sourceIPv4Address destinationIPv4Address flowStartMilliseconds samplingInterval samplingPacketSpace \
    ingressInterface egressInterface sourceMacAddress destinationMacAddress samplerId selectorAlgorithm observationKind >"$work/p.profile"
port=$(unused_port)
unfiltered=()
# The filter does not permit the system calls of the sanitizers.
[ -z "${SYNFIX_TEST_SANITIZED-}" ] || unfiltered=(--no-seccomp)
"$synfix" capture --sigdb "$here/test.fp" "${unfiltered[@]}" -i "sflow://127.0.0.1:$port" --to "json:$work/live.json" --to "file:$work/live.ipfix?profile=$work/p.profile" \
    2>"$work/err" &
receiver=$!
for _ in {1..100}; do
    grep -q 'capturing with [0-9]' "$work/err" && break
    sleep 0.1
done
"$here/sflow.py" send "$work/s.pcap" "$port"
read_quietly "$work/s.pcap" --to "json:$work/one.json"
wanted=$(facts "$work/one.json" | wc -l)
for _ in {1..100}; do
    [ "$(facts "$work/live.json" 2>/dev/null | wc -l)" = "$wanted" ] && break
    sleep 0.1
done
kill -TERM $receiver
wait $receiver || complain "the receiver ends with an error: $(cat "$work/err")"
facts "$work/one.json" >"$work/one"
facts "$work/live.json" >"$work/live"
diff "$work/one" "$work/live" >"$work/diff" || complain "received: $(head -4 "$work/diff")"
"$synfix" dump --format json "$work/live.ipfix" >"$work/live.records"
mac=$(tshark -r "$(capture web)" -c 1 -T fields -e eth.src 2>/dev/null)
line=$(grep -m1 samplingInterval "$work/live.records")
for value in '"samplingInterval":512' '"samplingPacketSpace":511' '"ingressInterface":11' '"egressInterface":12' \
    '"selectorAlgorithm":1' ${mac:+"$mac"}; do
    case $line in *"$value"*) ;; *) complain "$value is not in: $line" ;; esac
done
exit $((failures > 0))
