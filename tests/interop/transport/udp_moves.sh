#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A collector with a host name over UDP, DTLS and syslog: the exporter follows a change of the address at run time,
# and uses the address that does not refuse if the name has several.
if [ "${3-}" != inside ]; then
    unshare -m true 2>/dev/null || { echo "skipped: no mount namespace permitted here; run as root, or allow user namespaces"; exit 77; }
    exec unshare -m "$0" "$1" "$2" inside
fi
. "$(dirname "$0")/lib.sh"
printf '127.0.0.2 collector.test\n' >"$work/hosts"
mount --bind "$work/hosts" /etc/hosts 2>/dev/null || { echo "skipped: no mount permitted here; run as root"; exit 77; }
port=$(unused_port)
"$synfix" collect --listen "udp://127.0.0.2:$port" --to "json:$work/old.json" 2>"$work/old.log" &
started+=($!)
"$synfix" collect --listen "udp://127.0.0.3:$port" --to "json:$work/new.json" 2>"$work/new.log" &
started+=($!)
for _ in $(seq 100); do
    grep -q "$port" "$work/old.log" && grep -q "$port" "$work/new.log" && break
    sleep 0.05
done
"$feeder" "udp://collector.test:$port?refresh=1" 40000 5000 live >"$work/numbers" 2>"$work/feeder.log" &
started+=($!)
wait_for_lines "$work/old.json" 50
[ -s "$work/new.json" ] && fail "the other address received records"
printf '127.0.0.3 collector.test\n' >"$work/hosts"
wait_for_lines "$work/new.json" 50
[ "$(wc -l <"$work/new.json")" -ge 50 ] || fail "the exporter does not follow the name"
grep -q 'another address' "$work/feeder.log" || fail "no message about the change"

# Two addresses; one refuses. In both orders, a file as input reaches the other one.
printf '%s\n' '127.0.0.4 one.test' '127.0.0.3 one.test' '127.0.0.3 other.test' '127.0.0.4 other.test' >"$work/hosts"
. "$(dirname "$0")/../certificates.sh"
command -v openssl >/dev/null && make_certificates
[ -e "$work/ca.pem" ] || echo "not tested: dtls (no openssl)"
for name in one other; do
    "$feeder" "udp://$name.test:$port" 10 >"$work/numbers" 2>"$work/feeder.log" || fail "udp, $name.test"
    [ -e "$work/ca.pem" ] || continue
    start_collect "dtls://127.0.0.3:0?ca=$work/ca.pem&cert=$work/server.pem&key=$work/server.key" --to "json:$work/$name.json"
    "$feeder" "dtls://$name.test:${address##*:}?ca=$work/ca.pem&cert=$work/client.pem&key=$work/client.key&name=localhost" 10 \
        >"$work/numbers" 2>"$work/feeder.log" || fail "dtls, $name.test"
    wait_for_lines "$work/$name.json" 10
    kill "$pid"
done

# syslog over UDP: the first message goes to the other address after a refusal.
command -v python3 >/dev/null || { echo "not tested: syslog (no python3)"; exit 0; }
python3 - "$port" >"$work/messages" <<'END' &
import socket, sys
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.3", int(sys.argv[1]) + 1))
print("ready", flush=True)
while True:
    print(receiver.recv(65536).decode(), flush=True)
END
started+=($!)
wait_for_lines "$work/messages" 1
capture=$(dirname "$0")/../../data/web.pcap
records=$("$synfix" read "$capture" --to json:- --quiet | wc -l)
for name in one other; do
    before=$(wc -l <"$work/messages")
    "$synfix" read "$capture" --to "syslog://$name.test:$((port + 1))" --quiet 2>"$work/syslog.log" || fail "syslog, $name.test"
    wait_for_lines "$work/messages" $((before + records))
done
exit 0
