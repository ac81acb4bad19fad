#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# `synfix collect` over dtls://: both sides authenticate; refusals are reported on both sides; a collector restarts
# without an alert (only a new handshake restores the session); a collector is missing for some time.
command -v openssl >/dev/null && command -v ss >/dev/null || { echo "skipped: no openssl or no ss; install the packages openssl iproute2"; exit 77; }
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../certificates.sh"
make_certificates
server="ca=$work/ca.pem&cert=$work/server.pem&key=$work/server.key"
client="ca=$work/ca.pem&cert=$work/client.pem&key=$work/client.key&name=localhost"
ids() { grep -a '}$' "$1" | grep -oa '"flowId":[0-9]*' | cut -d: -f2 | sort -un; }
number() { sed -n "s/.*\b$1 \([0-9]*\).*/\1/p" "$work/numbers"; }

for host in 127.0.0.1 '[::1]'; do
    start_collect "dtls://$host:0?$server" --to "json:$work/out.json"
    "$feeder" "$address?pace=2000&$client" 3000 >"$work/numbers" 2>"$work/feeder.log" || fail "$host: good certificates"
    # refused SINK_OPTIONS REASON_OF_EXPORTER REASON_OF_COLLECTOR
    refused() {
        "$feeder" "$address?name=localhost&$1" 10 >"$work/numbers" 2>"$work/feeder.log" && fail "$1: not refused"
        grep -qi "$2" "$work/feeder.log" || fail "$1: no message of the exporter: $2"
        [ "$(wc -l <"$work/feeder.log")" = 1 ] || fail "$1: not one line"
        grep -qi "$3" "$work/collect.log" || fail "$1: no message of the collector: $3"
    }
    refused "ca=$work/ca.pem&cert=$work/late.pem&key=$work/late.key" 'refused.*expired' "the exporter's certificate: .*expired"
    refused "ca=$work/ca.pem&cert=$work/stranger.pem&key=$work/stranger.key" 'refused.*unknown ca' 'unable to get local issuer'
    refused "ca=$work/ca.pem&anonymous=yes" 'refused' 'did not return a certificate'
    refused "ca=$work/foreign.pem&cert=$work/client.pem&key=$work/client.key" "the collector's certificate: " 'refused by the exporter'
    head -c 5000 /dev/urandom >"/dev/udp/$(tr -d "[]" <<<"$host")/${address##*:}" # noise has no effect
    "$feeder" "$address?$client" 10 >"$work/numbers" 2>"$work/feeder.log" || fail "$host: after the noise"
    kill "$pid"
    wait_for_process "$pid" 10
    [ "$(ids "$work/out.json" | wc -l)" = 3000 ] || fail "$host: $(ids "$work/out.json" | wc -l) records of 3000"
    rm "$work/out.json"
done

# feed_until_seen FILE OPTIONS COMMAND...: feeds the collector of $address, runs COMMAND after its first records, and
# ends the feeder when FILE has records of the next collector. Sets $produced.
feed_until_seen() {
    local file=$1 options=$2
    shift 2
    "$feeder" "$address?$options&$client" 1000000 4000 live >"$work/numbers" 2>"$work/feeder.log" &
    local feeding=$!
    started+=("$feeding")
    "$@"
    wait_for_lines "$file" 100
    kill "$feeding"
    wait_for_process "$feeding" 60 || fail "$file: the exporter failed"
    kill "$pid"
    wait_for_process "$pid" 10
    cat "$work/numbers"
    produced=$(number produced)
    [ $(($(number delivered) + $(number lost))) = "$produced" ] || fail "$file: numbers"
    [ "$(ids "$file" | tail -n 1)" = "$produced" ] || fail "$file: the end did not arrive"
}

# A second collector listens on the same port before the first one is killed. The exporter receives no refusal, so it
# sends records that the second collector cannot decrypt until the next handshake. The exporter counts records as lost
# only if the first collector was killed during a handshake.
port=$(unused_port)
start_collect "dtls://127.0.0.1:$port?$server" --to "json:$work/a.json"
replace() {
    local first=$pid
    wait_for_lines "$work/a.json" 100
    start_collect "dtls://127.0.0.1:$port?$server" --to "json:$work/b.json"
    kill -9 "$first"
}
feed_until_seen "$work/b.json" renew=2 replace
[ "$(number reconnects)" -ge 1 ] || fail "renewal: no new handshake"
if [ "$(number lost)" -gt 0 ]; then
    grep -q 'no answer within' "$work/feeder.log" || fail "renewal: records are lost without a failed handshake"
fi
grep -q 'handshake renewed\|no answer within' "$work/feeder.log" || fail "renewal: not reported"
unread=$((produced - $(number lost) - $(cat "$work"/[ab].json | grep -oa '"flowId":[0-9]*' | sort -u | wc -l)))
echo "renewal: $unread of $produced records went to a collector that could not read them"

# No collector for a while: the exporter receives refusals, counts lost records and continues.
start_collect "dtls://127.0.0.1:$port?$server" --to "json:$work/c.json"
leave() {
    wait_for_lines "$work/c.json" 100
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    wait_for_line 'DTLS session lost'
    start_collect "dtls://127.0.0.1:$port?$server" --to "json:$work/d.json"
}
feed_until_seen "$work/d.json" renew=600 leave
grep -q 'connected again' "$work/feeder.log" || fail "away: the return is not reported"
[ "$(number lost)" -gt 0 ] || fail "away: nothing is lost"
[ "$(number unheard)" -gt 0 ] || fail "away: the refused datagram is not counted"
exit 0
