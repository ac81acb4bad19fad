#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Nested tunnels, and Geneve of AWS Gateway Load Balancer: JSON and ECS state the outermost tunnel and the endpoint.
# An archive gives the same lines.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null && command -v jq >/dev/null || skip "no python3 or no jq; install the packages python3 jq"
python3 - "$work/t.pcap" <<'END' || complain "no capture"
import struct, sys

def ip(protocol, payload, last):
    return struct.pack(">2B3H2BH", 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, 0) + bytes((192, 0, 2, last)) + \
        b"\xc6\x33\x64\x01" + payload

def udp(port, payload):
    return struct.pack(">4H", 50000, port, 8 + len(payload), 0) + payload

def frame(content):
    return bytes(12) + b"\x08\x00" + content

syn = ip(6, struct.pack(">2H2I4H", 40000, 443, 1, 0, 0x6002, 64240, 0, 0) + b"\x02\x04\x05\xb4", 9)
gre = ip(47, b"\x20\x00\x08\x00\x00\x00\x00\x2a" + syn, 2)
vxlan = b"\x08\0\0\0\x00\x00\x7b\0"
endpoint = b"\x01\x08\x01\x02" + bytes.fromhex("0123456789abcdef")
geneve = lambda options, kind, inner: struct.pack(">2BHI", len(options) // 4, 0, kind, 9 << 8) + options + inner
frames = [frame(ip(17, udp(4789, vxlan + frame(gre)), 1)),
          frame(ip(17, udp(6081, geneve(endpoint, 0x0800, syn)), 1)),
          frame(ip(17, udp(6081, geneve(endpoint, 0x0800, ip(17, udp(4789, vxlan + frame(syn)), 3))), 1))]
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<I2H4I", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for number, data in enumerate(frames):
        file.write(struct.pack("<4I", 1700000000, number, len(data), len(data)) + data)
END
read_quietly "$work/t.pcap" --to "json:$work/own.json" --to "ecs:$work/own.ecs" --to "file:$work/t.ipfix"
jq -c '.tcp_fp.tunnel | [.kind, .id, .outer_kind, .outer_id, .endpoint_id]' "$work/own.json" >"$work/tunnels"
diff - "$work/tunnels" <<'END' || complain "tunnels"
["gre",42,"vxlan",123,null]
["geneve",9,null,null,"0123456789abcdef"]
["vxlan",123,"geneve",9,"0123456789abcdef"]
END
for sink in json ecs; do
    "$synfix" dump "$work/t.ipfix" --to "$sink:$work/dump.$sink" 2>"$work/err" || complain "$sink: $(cat "$work/err")"
    cmp -s "$work/own.$sink" "$work/dump.$sink" || complain "$sink: the archive differs: $(diff "$work/own.$sink" "$work/dump.$sink" | cut -c1-300 | head -3)"
done
"$synfix" dump --format json "$work/t.ipfix" >"$work/records"
for value in '"outerEncapsulation":"vxlan:123"' '"outerEncapsulation":":0123456789abcdef"' \
    '"outerEncapsulation":"geneve:9:0123456789abcdef"'; do
    grep -qF -- "$value" "$work/records" || complain "no $value in $(grep -o '"outerEncapsulation[^,]*' "$work/records")"
done
exit $((failures > 0))
