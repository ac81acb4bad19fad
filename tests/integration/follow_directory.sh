#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# read --follow: the directory is removed and created again; a file without read permission is read once permitted.
. "$(dirname "$0")/common.sh"
web=$(capture web)
lines() { grep -c '"tcp_fp"' "$work/out.json"; }
has() { # COUNT CASE
    wait_for 20 eval '[ $(lines) -ge '"$1"' ]'
    [ "$(lines)" -eq "$1" ] || complain "$2: $(lines) records, not $1: $(cat "$work/err")"
}
expect_message() { # TEXT
    wait_for 20 grep -qF "$1" "$work/err" || complain "no '$1' in: $(cat "$work/err")"
}
one=$("$synfix" read "$web" --quiet --to json:- | grep -c '"tcp_fp"')
[ "$one" -gt 0 ] || complain "no observation in the capture"

# The reader is another user, so that file modes apply.
as=()
[ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
if [ ${#as[@]} -gt 0 ]; then
    cp "$synfix" "$work/synfix" # that user may lack access to the build directory
    [ ! -e "$(dirname "$synfix")/synfix-data" ] || cp -rL "$(dirname "$synfix")/synfix-data" "$work/synfix-data"
    chmod -R a+rX "$work"
    "${as[@]}" "$work/synfix" --version >/dev/null 2>&1 && synfix=$work/synfix || as=()
fi
mkdir "$work/in"
: >"$work/out.json"
: >"$work/err"
chmod 777 "$work" "$work/in"
chmod 666 "$work/out.json"
"${as[@]}" "$synfix" read --follow "$work/in" --follow-state "$work/state" --quiet --sigdb "$here/test.fp" \
    --to "json:$work/out.json?append=yes" 2>"$work/err" &
pid=$!
wait_for 20 [ -e "$work/state" ] || complain "no state file: $(cat "$work/err")"

# put NAME MODE: a complete file of the reading user; the kernel then shows that no process writes to the file
put() {
    install -m "$2" ${as[0]:+-o 65534} "$web" "$work/.$1"
    mv "$work/.$1" "$work/in/$1"
}

put 1.pcap 644
has "$one" "the first file"
mv "$work/in" "$work/old"
expect_message 'the directory is missing; its captures are read when the directory exists again'
mkdir "$work/in"
chmod 777 "$work/in"
expect_message 'another directory has this name now'
put 2.pcap 644
has $((2 * one)) "a file in the new directory"

if [ ${#as[@]} -gt 0 ]; then
    put 3.pcap 000
    expect_message '3.pcap: Permission denied; synfix tries again until the file is readable'
    chmod 644 "$work/in/3.pcap"
    has $((3 * one)) "a file that became readable"
    [ "$(grep -c '3.pcap' "$work/err")" -eq 1 ] || complain "reported more than once: $(cat "$work/err")"
fi
kill -TERM $pid
wait $pid || complain "--follow: exit code $?: $(cat "$work/err")"
exit $((failures > 0))
