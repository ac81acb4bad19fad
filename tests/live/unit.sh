#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs the program like its unit, without systemd: capture and reload work under the unit's system call filter.
. "$(dirname "$0")/common.sh"
need systemd-analyze setpriv
[ -z "${SYNFIX_TEST_SANITIZED-}" ] || skip "the unit does not permit the system calls of a sanitizer; run with another build"
unit=$(dirname "$synfix")/synfix.service
[ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$synfix" -a -r "$sigdb" ||
    skip "another user cannot run the program; run as root, in a directory that others can read"
program=$synfix
synfix=$work/as-unit
printf '#!/bin/sh\nexec python3 "%s/as_unit.py" "%s" "%s" "$@"\n' "$here" "$unit" "$program" >"$synfix"
chmod 755 "$synfix"
"$synfix" --version >/dev/null 2>"$work/messages" ||
    skip "$(cat "$work/messages"); install the package libseccomp2, run as root"

# permitted, effective, ambient capabilities: a unit with capset drops them; without capset, the filter makes them
# useless
rights="0000000000002000 0000000000002000 0000000000000000 "
grep -q '^SystemCallFilter=capset' "$unit" && rights="0000000000000000 0000000000000000 0000000000000000 "
number=0
for arguments in "" "--workers 2" "--no-seccomp"; do
    # shellcheck disable=SC2086 # words
    begin unit -i near0 --uptime off $arguments
    [ "$(awk '/^Cap(Prm|Eff|Amb):/ { print $2 }' "/proc/$pid/status" | tr '\n' ' ')" = "$rights" ] ||
        complain "$arguments: $(grep Cap "/proc/$pid/status")"
    kill -HUP "$pid"
    wait_for 20 grep -q '^synfix: reloaded' "$out.err" || complain "$arguments: no reload: $(cat "$out.err")"
    peer python3 "$here/tap.py" far0 far0 $number 10 || complain "no packet was sent"
    number=$((number + 10))
    wait_for 10 eval "[ \$(grep -c '\"syn+ack\"' '$out.json') -ge 10 ]" || complain "$arguments: no observation"
    finish
done
exit $((failures > 0))
