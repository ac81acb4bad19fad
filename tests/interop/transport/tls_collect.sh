#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# `synfix collect` over tls://: both sides authenticate; refusals are reported on both sides; the collector restarts
# during a run.
command -v openssl >/dev/null && command -v ss >/dev/null || { echo "skipped: no openssl or no ss; install the packages openssl iproute2"; exit 77; }
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../certificates.sh"
make_certificates
server="ca=$work/ca.pem&cert=$work/server.pem&key=$work/server.key"
client="ca=$work/ca.pem&cert=$work/client.pem&key=$work/client.key"
listen() { # QUERY OUTPUT: a collector at $port; $address is without the query
    start_collect "tls://127.0.0.1:$port?$1" --to "json:$2"
}
distinct() { cat "$@" | grep -a '}$' | grep -oa '"flowId":[0-9]*' | sort -u | wc -l; }

port=$(unused_port)
listen "$server" "$work/0.json"
"$feeder" "$address?$client" 5000 >"$work/numbers" 2>"$work/feeder.log" || fail "good certificates"
[ "$(distinct "$work/0.json")" = 5000 ] || fail "$(distinct "$work/0.json") records of 5000"
grep -q 'retransmitted 0 reconnects 0' "$work/numbers" || fail "the session was not closed cleanly"

# refused SINK_OPTIONS REASON_OF_EXPORTER REASON_OF_COLLECTOR
refused() {
    "$feeder" "$address?$1" 10 >"$work/numbers" 2>"$work/feeder.log" && fail "$1: not refused"
    grep -qi "$2" "$work/feeder.log" || fail "$1: no message of the exporter: $2"
    grep -qi "$3" "$work/collect.log" || fail "$1: no message of the collector: $3"
}
refused "ca=$work/ca.pem&cert=$work/late.pem&key=$work/late.key" 'refused.*expired' "the exporter's certificate: .*expired"
refused "ca=$work/ca.pem&cert=$work/stranger.pem&key=$work/stranger.key" 'refused.*unknown ca' 'unable to get local issuer'
refused "ca=$work/ca.pem&anonymous=yes" 'refused' 'did not return a certificate'
refused "ca=$work/foreign.pem&cert=$work/client.pem&key=$work/client.key" "the collector's certificate: " 'refused by the exporter'
"$feeder" "${address/tls:/tcp:}?sink-timeout=0" 10 >"$work/numbers" 2>"$work/feeder.log"
grep -q 'TLS: ' "$work/collect.log" || fail "plain TCP is not reported"
kill "$pid"
wait_for_process "$pid" 10

# An exporter that offers to resume its session is served; its certificate is checked again.
listen "$server" "$work/resumed.json"
for version in tls1_2 tls1_3; do
    visit() { # OPTION...
        sleep 0.5 | timeout 10 openssl s_client "-$version" -connect "${address#tls://}" -cert "$work/client.pem" \
            -key "$work/client.key" -CAfile "$work/ca.pem" "$@" >"$work/s_client.log" 2>&1
    }
    visit -sess_out "$work/session" || fail "$version: the first session is refused"
    visit -sess_in "$work/session" || fail "$version: an exporter that resumes its session is refused"
    grep -q '^New, TLSv1' "$work/s_client.log" || fail "$version: the session is resumed"
done
grep 'tls://127.*: TLS:' "$work/collect.log" && fail "a resumed session is an error"
kill "$pid"
wait_for_process "$pid" 10

listen "$server&anonymous=yes" "$work/anonymous.json"
"$feeder" "$address?ca=$work/ca.pem&anonymous=yes" 100 >"$work/numbers" 2>"$work/feeder.log" || fail "anonymous exporter"
[ "$(distinct "$work/anonymous.json")" = 100 ] || fail "anonymous exporter: records"
kill "$pid"
wait_for_process "$pid" 10

# RFC 9325: no TLS below 1.2, and in 1.2 only forward secrecy with AEAD; ciphers= allows others.
shakes() { # OPTION...: whether openssl and the collector agree with these options
    timeout 10 openssl s_client -connect "${address#tls://}" "$@" </dev/null >"$work/s_client.log" 2>&1 &&
        ! grep -q 'Cipher is (NONE)' "$work/s_client.log"
}
listen "$server&anonymous=yes" "$work/ciphers.json"
for cipher in AES128-SHA AES128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA; do
    shakes -tls1_2 -cipher "$cipher:@SECLEVEL=0" && fail "$cipher is accepted"
done
shakes -tls1_1 -cipher 'ALL:@SECLEVEL=0' && fail "TLS 1.1 is accepted"
shakes -tls1_2 -cipher 'ECDHE+AESGCM' || fail "TLS 1.2 with AEAD is refused"
shakes -tls1_3 || fail "TLS 1.3 is refused"
kill "$pid"
wait_for_process "$pid" 10
listen "$server&anonymous=yes&ciphers=ECDHE%2BAES" "$work/ciphers.json"
shakes -tls1_2 -cipher 'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA' || fail "ciphers= has no effect"
kill "$pid"
wait_for_process "$pid" 10
"$synfix" collect --listen "tls://127.0.0.1:0?$server&ciphers=nothing" --count 1 2>"$work/collect.log" && fail "a wrong cipher is accepted"
grep -q 'ciphers=nothing: no cipher of that name' "$work/collect.log" || fail "a wrong cipher is not reported"

# Killed during a run and started again.
listen "$server" "$work/a.json"
"$feeder" "$address?$client" 50000 5000 >"$work/numbers" 2>"$work/feeder.log" &
feeding=$!
started+=("$feeding")
sleep 1
kill -9 "$pid"
wait "$pid" 2>/dev/null
listen "$server" "$work/b.json"
wait_for_process "$feeding" 60 || fail "the exporter failed"
sleep 0.2
kill "$pid"
wait_for_process "$pid" 10
[ "$(distinct "$work/a.json" "$work/b.json")" = 50000 ] || fail "$(distinct "$work"/[ab].json) records of 50000"

# A wrong listener causes one line.
for query in "" "ca=$work/ca.pem" "cert=$work/nowhere.pem" "$server&colour=red"; do
    "$synfix" collect --listen "tls://127.0.0.1:0?$query" --count 1 2>"$work/collect.log" && fail "'$query' is accepted"
    [ "$(wc -l <"$work/collect.log")" = 1 ] || fail "'$query': not one line"
done
exit 0
