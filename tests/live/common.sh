# SPDX-License-Identifier: MIT OR Apache-2.0
# For the scripts beside it, after `. common.sh`: this shell is in a network namespace of its own; `peer COMMAND` runs in
# a second one; near0 (here) and far0 (there) are the ends of a veth pair. All of it goes away with the processes.
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
    # the sanitizers' own system calls are not on the list
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
# no host's own IPv6 chatter: only what a test sends is on the wire
sysctl -qw net.ipv6.conf.near0.accept_dad=0 net.ipv6.conf.near0.router_solicitations=0 2>/dev/null
peer sysctl -qw net.ipv6.conf.far0.accept_dad=0 net.ipv6.conf.far0.router_solicitations=0 2>/dev/null
ip link set lo up
ip link set near0 up
peer ip link set lo up
peer ip link set far0 up

# begin OUT ARGUMENTS...: captures into OUT.json, what it says goes to OUT.err, its process is $pid
begin() {
    out=$work/$1
    shift
    : >"$out.json"
    : >"$out.err" # what an earlier one said is not this one's
    chmod 666 "$out.json"
    "$synfix" capture --sigdb "$sigdb" --flush 50ms --to "json:$out.json" "$@" 2>"$out.err" &
    pid=$!
    wait_for 20 eval "grep -q 'capturing with [0-9]' '$out.err' || ! kill -0 $pid"
    grep -q 'capturing with [0-9]' "$out.err" || complain "$out: never ready: $(cat "$out.err")"
}

# finish: TERM, and nothing may be wrong
finish() {
    kill -TERM $pid
    wait $pid
    local code=$?
    [ $code -eq 0 ] || complain "$out: exit code $code: $(cat "$out.err")"
}
