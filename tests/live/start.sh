#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Log lines at the start of a capture. A metrics address that is in use or not configured yet is tried again.
. "$(dirname "$0")/common.sh"
fetch() {
    python3 - "$1" <<'PYTHON'
import sys, urllib.request
text = urllib.request.urlopen(f"http://{sys.argv[1]}/metrics", timeout=2).read().decode()
sys.exit(0 if 'synfix_build_info{version="' in text else 1)
PYTHON
}

python3 -c '
import socket, time
s = socket.create_server(("127.0.0.1", 9464))
time.sleep(60)' &
holder=$!
wait_for 5 eval 'ss -ltn | contains 127.0.0.1:9464' || { complain "the other listener does not start"; exit 1; }
begin busy -i near0 --not-ports 22 --enrich community-id --metrics-listen 127.0.0.1:9464 "${confinement[@]}"
for line in 'interfaces: near0' 'filter: not-ports = 22' 'sink: json:' 'enricher: community-id' 'limits: kernel buffer 16384 KiB' \
    'metrics-listen: 127.0.0.1:9464: Address already in use; .*tried again'; do
    grep -q "^synfix: $line" "$out.err" || complain "the start does not log '$line': $(cat "$out.err")"
done
kill $holder
wait $holder 2>/dev/null
wait_for 5 fetch 127.0.0.1:9464 || complain "no metrics after the port became free: $(cat "$out.err")"
grep -q 'metrics-listen: 127.0.0.1:9464: now in use' "$out.err" || complain "the late address is not logged"
finish

begin late -i near0 --metrics-listen 192.0.2.99:9464 "${confinement[@]}"
grep -q 'Cannot assign requested address; .*tried again' "$out.err" || complain "an absent address: $(cat "$out.err")"
ip address add 192.0.2.99/32 dev lo
wait_for 5 fetch 192.0.2.99:9464 || complain "no metrics after the address was added: $(cat "$out.err")"
finish
exit $((failures > 0))
