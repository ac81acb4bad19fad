# SPDX-License-Identifier: MIT OR Apache-2.0
# Sourced by the tests in this directory: $synfix, $feeder, a directory $work that is removed at the end, collectors
# on loopback.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../support/unused_port.sh"
synfix=$1
feeder=$2
work=$(mktemp -d)
started=()
cleanup() {
    for pid in "${started[@]}"; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT

fail() { echo "FAILED: $*"; tail -n 20 "$work"/*.log 2>/dev/null; exit 1; }

# start_collect ADDRESS ARGUMENT...: sets $pid and $address (with the assigned port).
start_collect() {
    local where=$1 i
    shift
    : >"$work/collect.log"
    "$synfix" collect --listen "$where" "$@" 2>"$work/collect.log" &
    pid=$!
    started+=("$pid")
    for ((i = 0; i < 100; i++)); do
        address=$(sed -n 's/.*listening on //p' "$work/collect.log")
        [ -n "$address" ] && return 0
        kill -0 "$pid" 2>/dev/null || fail "collector does not start"
        sleep 0.05
    done
    fail "collector does not listen"
}

# wait_for_process PID SECONDS
wait_for_process() {
    local i
    for ((i = 0; i < $2 * 20; i++)); do
        kill -0 "$1" 2>/dev/null || { wait "$1"; return $?; }
        sleep 0.05
    done
    fail "process $1 does not end"
}

# wait_for_lines FILE COUNT: waits until the file has this number of lines (60 s)
wait_for_lines() {
    local i
    for ((i = 0; i < 1200; i++)); do
        [ -f "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ] && return
        sleep 0.05
    done
    fail "$1: not $2 lines"
}

# wait_for_received COUNT: waits until the server of start_server has this number of records (20 s)
wait_for_received() {
    local i got
    for ((i = 0; i < 200; i++)); do
        got=$("$synfix" dump --format json "$work/received" 2>"$work/dump.log" | grep -c '"tcpSignature"')
        [ "$got" = "$1" ] && return
        sleep 0.1
    done
    fail "$got records of $1 arrived"
}

# wait_for_line TEXT: waits until the exporter reports TEXT (60 s)
wait_for_line() {
    for _ in $(seq 1200); do
        grep -q -- "$1" "$work/feeder.log" && return
        sleep 0.05
    done
    fail "'$1' was not reported"
}
