#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# hsflowd of host-sflow (PATH, or SYNFIX_HSFLOWD; its modules in SYNFIX_HSFLOWD_MODULES) samples each packet of an
# interface and sends sFlow to the source sflow://. Each sampled SYN gives the same observation as the interface.
. "$(dirname "$0")/../../live/common.sh"
hsflowd=${SYNFIX_HSFLOWD:-$(command -v hsflowd)}
[ -x "$hsflowd" ] && command -v jq >/dev/null || skip "no hsflowd or no jq; install host-sflow (sflow.net) and the package jq"
modules=${SYNFIX_HSFLOWD_MODULES:-/etc/hsflowd/modules}
[ -e "$modules/mod_pcap.so" ] || skip "no mod_pcap.so in $modules; build host-sflow with FEATURES=PCAP"
ip address add 10.9.0.1/24 dev near0
peer ip address add 10.9.0.2/24 dev far0
nsenter -t $peer_pid -n python3 "$tests/live/connect.py" serve 10.9.0.2 7001 >"$work/served" 2>&1 &
wait_for 10 grep -q ready "$work/served" || complain "no server"

cat >"$work/hsflowd.conf" <<END
sflow {
  agent = near0
  polling = 0
  sampling = 1
  collector { ip=127.0.0.1 udpport=16343 }
  pcap { dev=near0 sampling=1 promisc=on }
}
END
begin sampled -i sflow://127.0.0.1:16343 "${confinement[@]}"
sampled=$pid
begin direct -i near0 "${confinement[@]}"
direct=$pid
"$hsflowd" -d -P -f "$work/hsflowd.conf" -l "$modules" -p "$work/hsflowd.pid" >"$work/hsflowd.log" 2>&1 &

# hsflowd starts sampling some seconds after its start, and buffers samples for up to one second.
seen() { grep -c '"kind":"syn' "$work/$1.json"; }
for _ in {1..40}; do
    timeout 5 python3 "$tests/live/connect.py" call 10.9.0.2 7001 5 >/dev/null
    sleep 0.5
    [ "$(seen sampled)" -ge 20 ] && break
done
for pid in $sampled $direct; do
    finish
done
[ "$(seen sampled)" -ge 20 ] || complain "$(seen sampled) observations: $(tail -n 3 "$work/hsflowd.log")"
facts() {
    jq -c 'select(.tcp_fp) | [.src_ip, .src_port, .dest_ip, .dest_port, .tcp_fp.signature, .tcp_fp.os]' "$1" | sort
}
facts "$work/sampled.json" >"$work/sampled"
facts "$work/direct.json" >"$work/direct"
comm -23 "$work/sampled" "$work/direct" >"$work/other"
[ -s "$work/other" ] && complain "sampled, but not captured: $(head -1 "$work/other")"
jq -c 'select(.tcp_fp) | .tcp_fp | select((.flags | contains(["sampled"])) and .tunnel.kind == "sflow" and .tunnel.sampling_rate == 1 | not)' \
    "$work/sampled.json" >"$work/wrong"
[ -s "$work/wrong" ] && complain "not marked as sampled: $(head -1 "$work/wrong")"
exit $((failures > 0))
