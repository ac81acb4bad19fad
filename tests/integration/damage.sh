#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# A damaged archive: each damaged place loses at most its message, is reported, and causes exit code 1.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || skip "no python3; install the package python3"

cat >"$work/damage.py" <<'END'
# damage.py FILE TO SEED: flips one bit of FILE, or writes zeros over 2,000 bytes in the middle (SEED gap)
import random, sys
data = bytearray(open(sys.argv[1], "rb").read())
if sys.argv[3] == "gap":
    data[len(data) // 2:len(data) // 2 + 2000] = bytes(2000)
else:
    dice = random.Random(int(sys.argv[3]))
    # after the templates, which the file contains once at its beginning
    data[dice.randrange(len(data) // 2, len(data))] ^= 1 << dice.randrange(8)
open(sys.argv[2], "wb").write(data)
END

# records COMMAND...: lines of standard output; sets $code
records() {
    "$@" >"$work/out" 2>"$work/err"
    code=$?
    seen=$(wc -l <"$work/out")
}

for form in none zstd; do
    suffix=ipfix
    [ $form = none ] || suffix=ipfix.zst
    file=$work/whole.$suffix
    # messages of 1,400 bytes have at most 8 records of the profile full
    read_quietly "$(capture web)" "$(capture mixed)" --to "file:$file?size=1400&compress=$form" || complain "not archived"
    records "$synfix" dump --to json:- "$file"
    whole=$seen
    [ "$code" = 0 ] && [ "$whole" -gt 40 ] || complain "$form: $whole records, exit code $code"
    for seed in $(seq 1 12) gap; do
        python3 "$work/damage.py" "$file" "$work/bad.$suffix" "$seed"
        allowed=8
        [ "$seed" != gap ] || allowed=$((whole * 2 / 3))
        records "$synfix" dump --to json:- "$work/bad.$suffix"
        [ $((whole - seen)) -le $allowed ] || complain "$form, damage $seed: $((whole - seen)) records lost: $(cat "$work/err")"
        [ "$seen" = "$whole" ] || [ "$code" = 1 ] || complain "$form, damage $seed: records lost, exit code $code"
        [ "$code" = 0 ] || [ -s "$work/err" ] || complain "$form, damage $seed: no message"
        # hosts reads the same archive to its end as well
        records "$synfix" hosts --format json "$work/bad.$suffix"
        [ "$code" -le 1 ] && [ "$seen" -gt 0 ] || complain "$form, damage $seed: hosts: exit code $code, $(cat "$work/err")"
    done
done

# the beginning with its templates is damaged: repeated templates decode all records
for profile in full compact; do
    read_quietly "$(capture web)" "$(capture mixed)" --to "file:$work/repeated.ipfix?size=1400&repeat-size=4K&profile=$profile" ||
        complain "$profile: not archived"
    records "$synfix" dump --format json "$work/repeated.ipfix"
    [ "$code" = 0 ] && [ ! -s "$work/err" ] || complain "$profile: repeated templates: exit code $code, $(cat "$work/err")"
    whole=$seen
    python3 - "$work/repeated.ipfix" "$work/bad.ipfix" <<'END' || complain "$profile: no copy without its templates"
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
at = damaged = 0
while at < len(data):  # replace each message with a template before the first data record by noise
    length = struct.unpack_from(">H", data, at + 2)[0]
    if struct.unpack_from(">H", data, at + 16)[0] > 255 and damaged and b"flowStart" not in data[at:at + length]:
        break
    data[at:at + length] = b"\xff" * length
    damaged += length
    at += length
open(sys.argv[2], "wb").write(data)
sys.exit(not damaged)
END
    records "$synfix" dump --format json "$work/bad.ipfix"
    [ "$code" = 1 ] && [ "$seen" = "$whole" ] && grep -q "after the first records" "$work/err" ||
        complain "$profile: $seen of $whole records after a damaged beginning: exit code $code, $(cat "$work/err")"
done

# an unfinished file with damage in the middle keeps the messages after the damage
read_quietly "$(capture web)" --to "file:$work/open.ipfix?size=1400" || complain "not archived"
records "$synfix" dump --to json:- "$work/open.ipfix"
whole=$seen
python3 "$work/damage.py" "$work/open.ipfix" "$work/open.ipfix.part" gap
rm "$work/open.ipfix"
records "$synfix" recover "$work/open.ipfix.part"
[ "$code" = 1 ] && grep -q "damaged bytes" "$work/err" || complain "recover: exit code $code, $(cat "$work/err")"
records "$synfix" dump --to json:- "$work/open.ipfix"
[ $((whole - seen)) -le 24 ] || complain "recover: $((whole - seen)) of $whole records lost"
exit $((failures > 0))
