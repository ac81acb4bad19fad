#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Queries about hosts during a capture: p0f's API, compared with p0f and used by the client from PyPI; `synfix query`;
# JSON over HTTP; unknown addresses, broken queries, thousands of connections. All of these interfaces are off by
# default.
if [ "${2-}" != inside ]; then
    # the namespace has no network; the client is used if it is installed or can be installed before
    if ! python3 -c 'import p0f' 2>/dev/null; then
        SYNFIX_PYPI=$(mktemp -d)
        timeout 60 python3 -m pip install -q --no-deps --disable-pip-version-check --root-user-action ignore --target "$SYNFIX_PYPI" p0f >/dev/null 2>&1
        export SYNFIX_PYPI
    fi
fi
. "$(dirname "$0")/common.sh"
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work" ${SYNFIX_PYPI:+"$SYNFIX_PYPI"}' EXIT
command -v tcpreplay >/dev/null || skip "no tcpreplay; install the package tcpreplay"
export PYTHONPATH=${SYNFIX_PYPI-}
ip link set near0 mtu 9000
peer ip link set far0 mtu 9000
socket=$work/query.sock
ask() { "$synfix" query --socket "$socket" "$@"; }
over_http() { # PATH: status and body
    python3 "$here/query.py" http 127.0.0.1:9464 "$1"
}

# ---- off by default
begin default -i near0 --metrics-listen 127.0.0.1:9464 "${confinement[@]}"
[ "$(over_http /hosts/10.0.2.15 | sed -n 1p)" = 404 ] || complain "hosts over HTTP without metrics-hosts"
ls "$work" | contains sock && complain "a socket without the option"
finish

# ---- the same packets to p0f and to synfix
p0f_database=/etc/p0f/p0f.fp
[ -r $p0f_database ] && sigdb=$p0f_database
begin queried -i near0 --query-socket "$socket" --query-socket-mode 0666 --metrics-listen 127.0.0.1:9464 --metrics-hosts \
    --uptime p0f --signatures p0f "${confinement[@]}"
[ "$(stat -c %a "$socket")" = 666 ] || complain "the mode of the socket is $(stat -c %a "$socket")"
command -v p0f >/dev/null && [ -r $p0f_database ] || echo "not compared with p0f: no p0f"
if command -v p0f >/dev/null && [ -r $p0f_database ]; then
    p0f -i near0 -f $p0f_database -s "$work/p0f.sock" -o "$work/p0f.log" >"$work/p0f.out" 2>&1 &
    wait_for 10 test -S "$work/p0f.sock" || complain "p0f does not start: $(tail -3 "$work/p0f.out")"
    wait_for 10 grep -q 'Entered main event loop' "$work/p0f.out"
fi
for name in web mixed ipv6-ftp; do
    peer tcpreplay --quiet --topspeed --intf1=far0 "$data/$name.pcap" >"$work/replayed" 2>&1 || complain "tcpreplay: $(tail -2 "$work/replayed")"
done
wait_for 10 eval "ask 10.0.2.15" || complain "no answer: $(ask 10.0.2.15 2>&1)"
sleep 0.5
addresses=$(python3 "$here/query.py" addresses "$out.json")
[ "$(wc -w <<<"$addresses")" -ge 5 ] || complain "only these hosts: $addresses"
if [ -S "$work/p0f.sock" ]; then
    python3 "$here/query.py" compare "$work/p0f.sock" "$socket" $addresses || complain "p0f and synfix differ"
    ask 10.0.2.15 --socket "$work/p0f.sock" | contains '^os_name: Linux' || complain "query to p0f: $(ask 10.0.2.15 --socket "$work/p0f.sock" 2>&1)"
fi
if python3 -c 'import p0f' 2>/dev/null; then
    python3 "$here/query.py" client "$socket" 10.0.2.15 || complain "the client of PyPI"
else
    echo "the client from PyPI is not installed: not tested"
fi

# ---- all facts of a host, on the command line and over HTTP
ask 10.0.2.15 | contains '^label: Linux' || complain "query: $(ask 10.0.2.15)"
ask --format json 10.0.2.15 >"$work/a.json" || complain "query as JSON"
over_http /hosts/10.0.2.15 >"$work/b.json"
[ "$(head -1 "$work/b.json")" = 200 ] || complain "HTTP: $(head -1 "$work/b.json")"
diff "$work/a.json" <(tail -n +2 "$work/b.json") || complain "socket and HTTP differ"
[ "$(over_http /hosts/203.0.113.9 | sed -n 1p)" = 404 ] || complain "HTTP: an unknown address"
for path in /hosts/ /hosts/nonsense /hosts/10.0.0.0/8 "/hosts/$(printf 'a%.0s' {1..3000})"; do
    over_http "$path" | sed -n 1p | contains -E '^(400|404|414)$' || complain "HTTP: ${path:0:40}: $(over_http "$path" | sed -n 1p)"
done
ask 203.0.113.9 2>"$work/err"
[ $? -eq 1 ] && grep -q 'no packet of this host' "$work/err" || complain "an unknown host: $(cat "$work/err")"

# ---- hostile clients do not disturb others
python3 "$here/query.py" abuse "$socket" 10.0.2.15 || complain "abuse"
python3 "$here/query.py" abuse_http 127.0.0.1:9464 $pid 10000 || complain "abuse over HTTP"
before=$(grep -c tcp_fp "$out.json")
peer tcpreplay --quiet --topspeed --intf1=far0 "$data/web.pcap" >"$work/replayed" 2>&1
wait_for 10 eval "[ \$(grep -c tcp_fp '$out.json') -ge $((before + 26)) ]" || complain "the capture does not continue"
ask 10.0.2.15 >/dev/null || complain "no answer after the hostile clients"
finish
[ -S "$socket" ] && [ "${confinement[0]}" != --user ] && complain "the socket remains"

# ---- errors
"$synfix" capture -i near0 --query-socket "$socket" --query-socket-mode 9 --check-config 2>"$work/err"
[ $? -eq 2 ] && grep -q 'query-socket-mode' "$work/err" || complain "a bad mode: $(cat "$work/err")"
"$synfix" capture -i near0 --metrics-hosts --check-config 2>"$work/err"
[ $? -eq 2 ] && grep -q 'metrics-listen' "$work/err" || complain "no listener: $(cat "$work/err")"
touch "$work/file"
"$synfix" capture -i near0 --query-socket "$work/file" --no-seccomp 2>"$work/err"
[ $? -eq 2 ] && grep -q "$work/file" "$work/err" && [ -f "$work/file" ] || complain "a file in the place of the socket: $(cat "$work/err")"
[ $failures -eq 0 ]
