#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# dtls:// with openssl s_server: records arrive; each invalid certificate is refused with its reason.
command -v openssl >/dev/null && command -v ss >/dev/null || { echo "skipped: no openssl or no ss; install the packages openssl iproute2"; exit 77; }
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../certificates.sh"
make_certificates
good="cert=$work/client.pem&key=$work/client.key"
start_server server -dtls1_2
"$feeder" "dtls://127.0.0.1:$port?pace=2000&ca=$work/ca.pem&$good" 500 >"$work/numbers" 2>"$work/feeder.log" ||
    fail "good certificates"
wait_for_received 500
stop_server
cat "$work/numbers"
refused() { # SERVER_CERTIFICATE SINK_OPTIONS REASON
    start_server "$1" -dtls1_2
    "$feeder" "dtls://127.0.0.1:$port?$2" 100 >"$work/numbers" 2>"$work/feeder.log" && fail "$1 $2: not refused"
    grep -qi -- "$3" "$work/feeder.log" || fail "$1 $2: not reported: $3"
    stop_server
}
refused expired "ca=$work/ca.pem&$good" 'expired'
refused other "ca=$work/ca.pem&$good" 'mismatch'
refused unknown "ca=$work/ca.pem&$good" 'unable to get local issuer'
refused server "ca=$work/ca.pem&cert=$work/stranger.pem&key=$work/stranger.key" 'refused by the collector'
port=$(unused_port)
"$feeder" "dtls://127.0.0.1:$port?ca=$work/ca.pem&$good" 100 >"$work/numbers" 2>"$work/feeder.log" && fail "no collector, but no failure"
grep -q "dtls://127.0.0.1:$port: " "$work/feeder.log" || fail "a missing collector is not reported"
exit 0
