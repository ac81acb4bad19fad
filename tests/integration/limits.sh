#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The lowest limits of processes, open files and memory: each command succeeds, or ends with one clear message and an exit code.
. "$(dirname "$0")/common.sh"
command -v setpriv >/dev/null && command -v prlimit >/dev/null || skip "no setpriv or prlimit; install the package util-linux"
[ "$(id -u)" = 0 ] || skip "the limit of processes is tested as another user; run as root"
[ -z "${SYNFIX_TEST_SANITIZED-}" ] || skip "a sanitizer has additional threads and files; build without SYNFIX_SANITIZE"

user=$((54000 + $$ % 1000)) # no other process has this user
read_quietly "$(capture web)" --to "file:$work/a.ipfix" || complain "not archived"
chmod 777 "$work"
chmod 644 "$work/a.ipfix"
cp "$synfix" "$work/synfix" # other users may lack access to the build directory
[ ! -e "$(dirname "$synfix")/synfix-data" ] || cp -rL "$(dirname "$synfix")/synfix-data" "$work/synfix-data"
web=$work/web.pcap
cp $(capture web) "$web"
chmod -R a+rX "$work"
setpriv --reuid $user --regid $user --clear-groups "$work/synfix" read --quiet "$web" --to json:/dev/null ||
    skip "another user cannot read the tests' data; build in a directory that all users may read"

# limited LIMIT NUMBER ARGUMENTS...: runs the program under the limit; it must end within 20 s
limited() {
    local limit=$1 number=$2
    shift 2
    # inherited descriptors of the test suite would count; prlimit executes the program, so the user has only this
    # process
    timeout --signal=KILL 20 setpriv --reuid $user --regid $user --clear-groups prlimit "--$limit=$number" "$work/synfix" "$@" \
        >"$work/out" 2>"$work/err" </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
    local pid=$! code
    [ "$1" != collect ] || { sleep 0.3; kill $pid 2>/dev/null; }
    wait $pid 2>/dev/null
    code=$?
    [ $code = 127 ] && grep -q 'error while loading shared libraries' "$work/err" && return
    [ $code -le 5 ] || [ "$1" = collect -a $code = 143 ] || complain "$limit $number: $*: exit code $code: $(cat "$work/err")"
    [ $code = 0 ] || [ $code = 143 ] || grep -q '^synfix: ..*' "$work/err" || complain "$limit $number: $*: no message: $(cat "$work/err")"
    ! grep -qE 'ERROR|CRITICAL|core dumped' "$work/err" || complain "$limit $number: $*: $(cat "$work/err")"
}
for number in 1 2 3; do
    limited nproc $number read --quiet "$web" --to "json:$work/1.json"
    limited nproc $number read --quiet --workers 2 "$web" --to "json:$work/2.json" --to "csv:$work/2.csv"
    limited nproc $number dump "$work/a.ipfix" --to "json:$work/3.json"
    limited nproc $number hosts "$web"
    limited nproc $number report "$web" --output "$work/4.html"
    limited nproc $number collect --listen udp://127.0.0.1:24739 --to json:-
done
limited nproc 1 read --quiet "$web" --to "json:$work/1.json"
grep -q 'no thread: .*ulimit -u' "$work/err" || complain "no advice: $(cat "$work/err")"
for number in 4 5 6 7 9 12; do
    limited nofile $number read --quiet "$web" --to "json:$work/1.json"
    limited nofile $number read --quiet --workers 2 "$web" --to "json:$work/2.json" --to "csv:$work/2.csv"
    limited nofile $number dump "$work/a.ipfix" --to "file:$work/3.ipfix"
    limited nofile $number hosts "$web"
    limited nofile $number report "$work/a.ipfix" --output "$work/4.html"
    limited nofile $number collect --listen tcp://127.0.0.1:24739 --to json:-
done
for mib in 10 12 14 16 18 20 25 30 35 40 50 60; do
    limited as $((mib << 20)) read --quiet "$web" --to "json:$work/1.json" --to "file:$work/1.ipfix"
    limited as $((mib << 20)) hosts "$work/a.ipfix"
    limited as $((mib << 20)) hosts "$web"
    limited as $((mib << 20)) capture -i sflow://127.0.0.1:24739 --filter tcp --check-config
    ! grep 'install its package' "$work/err" || complain "memory of $mib MiB: wrong advice"
done
for kib in 400 1000 4000; do # of data segments
    limited data $((kib << 10)) read --quiet "$web" --to "json:$work/1.json"
    grep -q 'allow more memory' "$work/err" || complain "no advice with $kib KiB of data: $(cat "$work/err")"
done
for kib in 16 32 64 127 128 256; do # a thread has a stack of the same size
    limited stack $((kib << 10)) read --quiet --workers 2 "$web" --to "json:$work/1.json" --to "inventory:$work/1.db"
    [ $kib -ge 128 ] || grep -q 'ulimit -s 128' "$work/err" || complain "no advice about the stack: $(cat "$work/err")"
    [ $kib -lt 128 ] || [ ! -s "$work/err" ] || complain "a stack of $kib KiB: $(cat "$work/err")"
done
exit $((failures > 0))
