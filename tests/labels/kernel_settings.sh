#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# kernel_settings.sh SYNFIX: SYNs of this kernel with each setting that changes them, and the share that the shipped
# database identifies as Linux. ROWS=FILE: also writes the packets as rows of a labelled list. The figures depend on the
# kernel, so this is no test.
. "$(dirname "$0")/../live/common.sh"
sigdb=$tests/../sigdb/synfix.fp
ip address add 10.9.0.1/24 dev near0
peer ip address add 10.9.0.2/24 dev far0
ip address add fd09::1/64 dev near0 nodad 2>/dev/null || skip "no IPv6; enable it (sysctl net.ipv6.conf.all.disable_ipv6=0)"
peer ip address add fd09::2/64 dev far0 nodad
peer sysctl -qw net.ipv4.tcp_fastopen=3
nsenter -t $peer_pid -n python3 "$tests/live/connect.py" serve 10.9.0.2 7004 >"$work/ready-4" &
nsenter -t $peer_pid -n python3 "$tests/live/connect.py" serve fd09::2 7004 >"$work/ready-6" &
wait_for 10 grep -q ready "$work/ready-4" || complain "no server"
wait_for 10 grep -q ready "$work/ready-6" || complain "no server"
begin settings -i near0 "${confinement[@]}"
made=$(python3 "$here/kernel_settings.py" connect 10.9.0.2 fd09::2 7004)
[ "${made:-0}" -gt 100 ] || complain "only ${made:-0} connections"
wait_for 10 eval "[ \$(grep -c '\"kind\":\"syn\"' '$out.json') -ge $made ]" || complain "SYNs of connections are missing"
finish
python3 "$here/kernel_settings.py" report "$out.json"
if [ -n "${ROWS-}" ]; then
    python3 "$here/kernel_settings.py" rows "$out.json" >"$ROWS"
fi
exit $((failures > 0))
