#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A compressed capture gives the same records as the plain capture: with each compressor, from a file, from standard
# input, and through the read-ahead thread. For a truncated or damaged file, complete records are written and the
# error is reported.
. "$(dirname "$0")/common.sh"
tools=(gzip)
for tool in zstd xz lz4; do
    command -v $tool >/dev/null && tools+=("$tool")
done

# records ARGUMENTS...: the records of synfix read
records() {
    read_quietly "$@" --to json:-
}
for name in "${captures[@]}"; do
    records "$(capture "$name")" >"$work/plain"
    for tool in "${tools[@]}"; do
        $tool -c <"$(capture "$name")" >"$work/$name.packed"
        records "$work/$name.packed" | diff "$work/plain" - >/dev/null || complain "$name by $tool differs"
        records - <"$work/$name.packed" | diff "$work/plain" - >/dev/null || complain "$name by $tool through a pipe differs"
    done
done

# large enough for the read-ahead thread: a capture, with incompressible noise between its packets
python3 - "$(capture web)" "$work/large.pcap" <<'END' || complain "no large capture"
import random
import struct
import sys
data, chance = open(sys.argv[1], "rb").read(), random.Random(1)
with open(sys.argv[2], "wb") as out:
    out.write(data[:24])
    at = 24
    while at < len(data):
        length = struct.unpack("<I", data[at + 8:at + 12])[0]
        out.write(data[at:at + 16 + length])
        for _ in range(45):
            noise = bytes(12) + b"\x88\xb5" + chance.randbytes(1400)
            out.write(data[at:at + 8] + struct.pack("<2I", len(noise), len(noise)) + noise)
        at += 16 + length
END
records "$work/large.pcap" >"$work/plain"
[ "$(grep -c tcp_fp "$work/plain")" -gt 20 ] || complain "the large capture has too few observations"
for tool in "${tools[@]}"; do
    options=()
    [ $tool = lz4 ] && options=(-B4) # several blocks
    $tool "${options[@]}" -c "$work/large.pcap" >"$work/large.$tool" 2>/dev/null
    records "$work/large.$tool" | diff "$work/plain" - >/dev/null || complain "large by $tool differs"
    records "$work/large.$tool" --workers 2 | sort | diff <(sort "$work/plain") - >/dev/null ||
        complain "large by $tool with two workers differs"
    # truncated: the complete part is read, the offset is reported
    size=$(stat -c %s "$work/large.$tool")
    head -c $((size / 2)) "$work/large.$tool" >"$work/cut.$tool"
    records "$work/cut.$tool" >"$work/out" 2>"$work/err"
    code=$?
    [ $code -eq 1 ] || complain "cut by half, $tool: exit code $code"
    grep -qE "^synfix: .*cut.$tool: after packet [0-9]+: $tool: .* at byte $((size / 2)) of the file" "$work/err" ||
        complain "cut by half, $tool: $(cat "$work/err")"
    head -n "$(wc -l <"$work/out")" "$work/plain" | diff - "$work/out" >/dev/null ||
        complain "cut by half, $tool: the records differ"
    [ "$(wc -l <"$work/out")" -gt 8 ] || complain "cut by half, $tool: only $(wc -l <"$work/out") records"
    # damaged in the middle: xz reports damage only at the end of a block, when the output is no longer a valid capture
    { head -c $((size / 2)) "$work/large.$tool"; printf 'damaged here'; tail -c +$((size / 2 + 13)) "$work/large.$tool"; } \
        >"$work/damaged.$tool"
    records "$work/damaged.$tool" >"$work/out" 2>"$work/err"
    code=$?
    [ $code -eq 1 ] || complain "damaged, $tool: exit code $code"
    grep -qE "^synfix: .*damaged.$tool: (after packet [0-9]+: $tool: .* at byte [0-9]+ of the file|packet [0-9]+: impossible)" \
        "$work/err" ||
        complain "damaged, $tool: $(cat "$work/err")"
done

# the summary accounts for each packet, and progress counts bytes of the file
"$synfix" read "$work/large.gzip" --sigdb "$here/test.fp" --to "json:$work/x" 2>"$work/err" || complain "large: exit code $?"
"$synfix" read "$work/large.pcap" --sigdb "$here/test.fp" --to "json:$work/x" 2>"$work/err2"
diff <(sed 's/[0-9]* bytes//' "$work/err") <(sed 's/[0-9]* bytes//' "$work/err2") || complain "another summary"
echo "${tools[*]}: the same records as without compression"
exit $((failures > 0))
