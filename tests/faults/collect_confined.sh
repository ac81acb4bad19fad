#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The collector restricts itself to the files, ports and system calls that it needs: each option with a path or a port
# is usable, and no other directory is accessible.
. "$(dirname "$0")/../integration/common.sh"
here=$(realpath "$here/../integration") # the directory with the database of the tests
. "$here/../interop/certificates.sh"
[ -z "${SYNFIX_TEST_SANITIZED-}" ] || skip "the system call filter is off in a build with sanitizers; build without SYNFIX_SANITIZE"
need python3 openssl curl
fail() {
    echo "FAILED: $*"
    exit 1
}
web=$(capture web)
wanted=$(read_quietly "$web" --to json:- | wc -l)
make_certificates
cd "$work" || exit 1

# collect ARGUMENTS...: starts a collector in the background; sets $pid; $work/err has the addresses
collect() {
    "$synfix" collect "$@" 2>"$work/err" &
    pid=$!
    for _ in $(seq 200); do
        # the filter is installed directly before the main loop
        grep -q '^Seccomp:.*2' /proc/$pid/status 2>/dev/null && return
        kill -0 $pid 2>/dev/null || break
        sleep 0.05
    done
    complain "$*: not confined: $(cat "$work/err")"
}
port_of() { sed -nE "s|.*listening on $1://127.0.0.1:([0-9]+).*|\1|p" "$work/err" | head -n 1; }
finish() { # CASE
    kill $pid
    wait $pid || complain "$1: exit code $?: $(cat "$work/err")"
}
records() { grep -c 'sourceTransportPort' "$1"; }

# Each option with a path, once with a relative path and once through a link.
mkdir out real plain
ln -s real linked
cp -r "$("$synfix" elements --help >/dev/null; dirname "$synfix")/synfix-data/ipfix-templates" templates 2>/dev/null ||
    cp -r "$here/../../ipfix-templates" templates
tls="ca=ca.pem&cert=server.pem&key=server.key&anonymous=yes"
collect --listen udp://127.0.0.1:0 --listen tcp://127.0.0.1:0 --listen "tls://127.0.0.1:0?$tls" \
    --listen "dtls://127.0.0.1:0?$tls" --to json:out/j.json --to csv:linked/c.csv --to "text:$work/plain/t.txt" \
    --to file:linked/a.ipfix --to json:/dev/null --templates templates --metrics-file plain/metrics
[ "$(awk '/^NoNewPrivs:/ { print $2 }' /proc/$pid/status)" = 1 ] || complain "no_new_privs is not set"
for scheme in udp tcp tls dtls; do
    options=
    case $scheme in *tls) options="?ca=$work/ca.pem&anonymous=yes&name=localhost" ;; esac
    read_quietly "$web" --to "$scheme://127.0.0.1:$(port_of $scheme)$options" || complain "$scheme: not sent: $(cat err)"
done
for _ in $(seq 100); do
    [ "$(records out/j.json)" -ge $((wanted * 4)) ] && break
    sleep 0.1
done
finish "all options"
[ "$(records out/j.json)" = $((wanted * 4)) ] || complain "json: $(records out/j.json) of $((wanted * 4)) records: $(cat err)"
[ "$(wc -l <real/c.csv)" -ge $((wanted * 4)) ] || complain "csv: $(wc -l <real/c.csv) lines"
[ -s plain/t.txt ] && [ -s plain/metrics ] || complain "no text or no metrics"
[ "$(ls real/*.ipfix | wc -l)" = 4 ] || complain "archives: $(ls real)"
[ "$("$synfix" dump --format json real/*.ipfix | grep -c sourceTransportPort)" = $((wanted * 4)) ] || complain "archives lack records"

# The metrics address, standard output through a path, and the syntax of default addresses.
collect --listen udp://127.0.0.1:0 --to json:/dev/stdout --metrics-listen "127.0.0.1:$(unused_port | tee metrics-port)" >stdout
curl -sf "http://127.0.0.1:$(cat metrics-port)/metrics" | contains -x '# EOF' || complain "metrics are not served"
read_quietly "$web" --to "udp://127.0.0.1:$(port_of udp)"
for _ in $(seq 100); do
    [ "$(records stdout)" -ge "$wanted" ] && break
    sleep 0.1
done
finish "standard output"
[ "$(records stdout)" = "$wanted" ] || complain "standard output: $(records stdout) of $wanted records"

# A directory that is replaced by a link during the run is not followed, except with --no-landlock.
attempt() { # EXIT_CODE OPTIONS...
    local wanted_code=$1 code
    shift
    rm -rf archive elsewhere
    mkdir archive elsewhere
    collect --listen tcp://127.0.0.1:0 --to file:archive/a.ipfix "$@"
    rm -rf archive
    ln -s elsewhere archive
    read_quietly "$web" --to "tcp://127.0.0.1:$(port_of tcp)" 2>/dev/null
    [ "$wanted_code" = 0 ] && kill $pid
    for _ in $(seq 200); do
        kill -0 $pid 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL $pid 2>/dev/null
    wait $pid
    code=$?
    [ $code = "$wanted_code" ] || complain "$*: exit code $code instead of $wanted_code: $(cat err)"
}
attempt 0 --no-landlock
[ -s elsewhere/a.ipfix ] || complain "without Landlock: no file was written"
python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 1)' || skip "this kernel has no Landlock; start a kernel from 5.13 on with lsm=landlock"
attempt 3
[ ! -e elsewhere/a.ipfix ] || complain "a file was created in another directory"
grep -q 'Permission denied' err || complain "the reason is not reported: $(cat err)"

collect --no-landlock --listen udp://127.0.0.1:0 --to json:/dev/null
finish "--no-landlock"
"$synfix" collect --no-seccomp --listen udp://127.0.0.1:0 --to json:/dev/null --idle 1 2>err || complain "--no-seccomp: $(cat err)"
exit $((failures > 0))
