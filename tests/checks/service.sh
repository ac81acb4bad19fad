#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# service.sh UNIT: systemd accepts the unit file, the unit permits all system calls of the program, the manual page
# has no errors, and systemd-sysusers accepts its file.
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze; install the package systemd"; exit 77; }
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# the program and its page are not installed at the paths of the unit
sed -e 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' -e '/^Documentation=/d' "$1" >"$work/synfix.service"
systemd-analyze verify --man=no "$work/synfix.service" 2>&1 | tee "$work/messages"
grep -q synfix.service "$work/messages" && exit 1
if command -v python3 >/dev/null; then
    "$(dirname "$0")/unit_syscalls.py" "$1" src/app/service/allowed_calls.c src/app/service/privileges.c || exit 1
fi
# exposure of the service, from 0 to 100; systemd before 250 cannot compute the exposure offline
# processors with the system call socketcall (s390x) permit capset, and have their own figures
if systemd-analyze security --help | grep -q -- --threshold && ! grep -q '^SystemCallFilter=capset' "$1"; then
    systemd-analyze security --offline=true --threshold=15 "$work/synfix.service" >"$work/messages" 2>&1 ||
        { tail -3 "$work/messages"; exit 1; }
    # with the drop-in of docs/how-to/install-as-a-service.md
    sed -n '/^# .*addresses.conf$/,/^```$/p' docs/how-to/install-as-a-service.md | grep -v '```' >"$work/drop-in"
    grep -q '^IPAddressAllow=' "$work/drop-in" || { echo "no drop-in in the page"; exit 1; }
    cat "$work/synfix.service" "$work/drop-in" >"$work/restricted.service"
    systemd-analyze verify --man=no "$work/restricted.service" 2>&1 | tee "$work/messages"
    grep -q restricted.service "$work/messages" && exit 1
    systemd-analyze security --offline=true --threshold=15 "$work/restricted.service" >"$work/messages" 2>&1 ||
        { tail -3 "$work/messages"; exit 1; }
    # each line without full marks has a reason in the page
    systemd-analyze security --offline=true --json=short "$work/synfix.service" | "$here/exposure.py" docs/reference/operation.md || exit 1
fi
grep -q '^u synfix ' conf/synfix.sysusers || exit 1
if command -v man >/dev/null; then
    LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l docs/synfix.1 2>"$work/messages" >/dev/null
    cat "$work/messages"
    [ -s "$work/messages" ] && exit 1
fi
exit 0
