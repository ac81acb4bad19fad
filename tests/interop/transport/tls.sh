#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# tls:// with openssl s_server: records arrive; each invalid certificate is refused with its reason.
command -v openssl >/dev/null && command -v ss >/dev/null || { echo "skipped: no openssl or no ss; install the packages openssl iproute2"; exit 77; }
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../certificates.sh"
make_certificates
for version in -tls1_2 -tls1_3; do
    start_server server "$version"
    "$feeder" "tls://127.0.0.1:$port?ca=$work/ca.pem&cert=$work/client.pem&key=$work/client.key" 5000 \
        >"$work/numbers" 2>"$work/feeder.log" || fail "$version: good certificates"
    wait_for_received 5000
    stop_server
done
# A collector accepts the connection, but its certificate is invalid: the exporter tries the next one.
start_server other -tls1_3
bad=$port
start_server server -tls1_3
"$feeder" "tls://127.0.0.1:$bad?failover=127.0.0.1:$port&ca=$work/ca.pem&cert=$work/client.pem&key=$work/client.key" 1000 \
    >"$work/numbers" 2>"$work/feeder.log" || fail "failover after a failed handshake"
grep -q 'mismatch; the next collector is tried' "$work/feeder.log" || fail "failover is not reported"
wait_for_received 1000
stop_server
# refused SERVER_CERTIFICATE SINK_OPTIONS REASON VERSION
refused() {
    start_server "$1" "$4"
    "$feeder" "tls://127.0.0.1:$port?$2" 100 >"$work/numbers" 2>"$work/feeder.log" && fail "$1 $2 $4: not refused"
    grep -qi -- "$3" "$work/feeder.log" || fail "$1 $2 $4: not reported: $3"
    [ "$(wc -l <"$work/feeder.log")" = 1 ] || fail "$1 $2 $4: not one line"
    stop_server
}
good="cert=$work/client.pem&key=$work/client.key"
for version in -tls1_2 -tls1_3; do
    refused expired "ca=$work/ca.pem&$good" 'expired' "$version"
    refused other "ca=$work/ca.pem&$good" 'mismatch' "$version"
    refused unknown "ca=$work/ca.pem&$good" 'unable to get local issuer' "$version"
    refused server "ca=$work/ca.pem&cert=$work/late.pem&key=$work/late.key" 'refused by the collector.*expired' "$version"
    refused server "ca=$work/ca.pem&cert=$work/stranger.pem&key=$work/stranger.key" \
        'refused by the collector.*unknown ca' "$version"
    refused server "ca=$work/ca.pem&anonymous=yes" 'refused by the collector' "$version"
done
refused server "ca=$work/ca.pem" 'no certificate named; write cert=FILE' -tls1_3
refused server "ca=$work/ca.pem&cert=$work/nowhere.pem" 'nowhere.pem' -tls1_3
refused server "ca=$work/ca.pem&cert=$work/client.pem" 'the file contains no private key; name a key in PEM format' -tls1_3
refused server "ca=$work/nowhere.pem&$good" 'nowhere.pem' -tls1_3
