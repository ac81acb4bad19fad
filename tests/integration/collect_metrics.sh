#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Metrics of `collect`: missing and duplicate messages are counted for their exporter and domain.
. "$(dirname "$0")/common.sh"
read_quietly "$(capture web)" --domain 7 --to "file:$work/web.ipfix?size=600"
port=$(unused_port)
metrics=$(unused_port)
"$synfix" collect --listen "udp://127.0.0.1:$port" --to "json:$work/out.json" --metrics-listen "127.0.0.1:$metrics" \
    --metrics-file "$work/metrics" 2>"$work/err" &
collector=$!
python3 - "$work/web.ipfix" "$port" "$metrics" >"$work/expected" <<'END' || complain "not sent, or not counted"
"""Sends the messages of a file except one, and the last one twice. Prints the numbers of records in both messages."""
import socket, struct, sys, time, urllib.request
data, messages, at = open(sys.argv[1], "rb").read(), [], 0
while at < len(data):
    length = struct.unpack(">H", data[at + 2:at + 4])[0]
    messages.append(data[at:at + length])
    at += length
sequence = [struct.unpack(">I", message[8:12])[0] for message in messages]
skipped = len(messages) - 4
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.connect(("127.0.0.1", int(sys.argv[2])))
for attempt in range(100):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[3]}/metrics").read()
        break
    except OSError:
        time.sleep(0.1)
for message in messages[:skipped] + messages[skipped + 1:] + messages[-1:]:
    wire.send(message)
    time.sleep(0.01)
missing = sequence[skipped + 1] - sequence[skipped]
wanted = f'synfix_collect_messages_total{{exporter="127.0.0.1",domain="7"}} {len(messages)}\n'
for attempt in range(100):
    text = urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[3]}/metrics").read().decode()
    if wanted in text:
        print(missing)
        sys.exit(0)
    time.sleep(0.1)
sys.exit(text)
END
kill -TERM $collector
wait $collector || complain "the collector ends with an error: $(cat "$work/err")"
missing=$(cat "$work/expected")
[ "${missing:-0}" -gt 0 ] || complain "no record in the missing message"
for line in "synfix_collect_records_missing_total{exporter=\"127.0.0.1\",domain=\"7\"} $missing" \
    'synfix_collect_sequence_gaps_total{exporter="127.0.0.1",domain="7"} 1' \
    "synfix_collect_limits_total{limit=\"missing\"} $missing" '# EOF'; do
    grep -qxF -- "$line" "$work/metrics" || complain "'$line' is not in: $(grep -v '^#' "$work/metrics")"
done
grep -q 'records_duplicate_total{exporter="127.0.0.1",domain="7"} [1-9]' "$work/metrics" || complain "no duplicate counted"
"$synfix" collect --listen "udp://127.0.0.1:$port" --metrics-listen nonsense 2>"$work/err" && complain "a bad address is accepted"
grep -q 'metrics-listen' "$work/err" || complain "the message is: $(cat "$work/err")"
exit $((failures > 0))
