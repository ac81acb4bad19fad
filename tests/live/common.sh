# SPDX-License-Identifier: MIT OR Apache-2.0
# For the scripts in this directory, after `. common.sh`: this shell runs in a separate network namespace, `peer
# COMMAND` in a second one. near0 (this namespace) and far0 (second one) are the ends of a veth pair. All of it ends
# with the processes.
set -u -o pipefail
if [ "${2-}" != inside ]; then
    for tool in unshare nsenter ip python3; do
        command -v $tool >/dev/null || { echo "skipped: no $tool; install the packages util-linux iproute2 python3"; exit 77; }
    done
    unshare -n true 2>/dev/null || { echo "skipped: no network namespace permitted here; run as root, or allow user namespaces"; exit 77; }
    exec unshare -n "$0" "$1" inside
fi
. "$(dirname "${BASH_SOURCE[0]}")/../support/script.sh"
sigdb=$tests/integration/test.fp
chmod 755 "$work"
confinement=(--user nobody)
if [ -n "${SYNFIX_TEST_SANITIZED-}" ]; then
    # the filter does not permit the system calls of the sanitizers
    confinement=(--no-seccomp)
    export ASAN_OPTIONS=detect_leaks=0
fi

peer() {
    nsenter -t $peer_pid -n "$@"
}

own_namespace=$(readlink /proc/self/ns/net)
unshare -n sleep 600 &
peer_pid=$!
wait_for 5 eval "[ \$(readlink /proc/$peer_pid/ns/net) != '$own_namespace' ]" || skip "no second network namespace; run as root"
ip link add near0 type veth peer name far0 2>/dev/null || skip "no veth devices; load the kernel module veth"
ip link set far0 netns $peer_pid
# no IPv6 packets of the kernel: only packets of the test are on the wire
sysctl -qw net.ipv6.conf.near0.accept_dad=0 net.ipv6.conf.near0.router_solicitations=0 2>/dev/null
peer sysctl -qw net.ipv6.conf.far0.accept_dad=0 net.ipv6.conf.far0.router_solicitations=0 2>/dev/null
ip link set lo up
ip link set near0 up
peer ip link set lo up
peer ip link set far0 up

# begin OUT ARGUMENTS...: captures to OUT.json; messages go to OUT.err; sets $pid
begin() {
    out=$work/$1
    shift
    : >"$out.json"
    : >"$out.err" # remove the messages of earlier runs
    chmod 666 "$out.json"
    "$synfix" capture --sigdb "$sigdb" --flush 50ms --to "json:$out.json" "$@" 2>"$out.err" &
    pid=$!
    wait_for 20 eval "grep -q 'capturing with [0-9]' '$out.err' || ! kill -0 $pid"
    grep -q 'capturing with [0-9]' "$out.err" || complain "$out: no start: $(cat "$out.err")"
}

# finish: TERM; the exit code must be 0
finish() {
    kill -TERM $pid
    wait $pid
    local code=$?
    [ $code -eq 0 ] || complain "$out: exit code $code: $(cat "$out.err")"
}
