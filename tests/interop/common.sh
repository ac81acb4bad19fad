# SPDX-License-Identifier: MIT OR Apache-2.0
# For the scripts in the subdirectories: the functions of tests/integration/common.sh, and the following ones.
. "$(dirname "${BASH_SOURCE[0]}")/../integration/common.sh"
database=$tests/integration/test.fp
kit=$tests/../ipfix-templates/collectors

# send FILE SINK...: writes a capture to sinks, with the database of the tests
send() {
    local file=$1
    shift
    "$synfix" read --sigdb "$database" --quiet "$file" "$@" || complain "synfix read $file $*"
}

# expect TEXT FILE: the file contains the fixed string
expect() {
    grep -qF -- "$1" "$2" || complain "'$1' is not in $(basename "$2")"
}

# wait_for_udp PORT: waits until a process listens (10 s)
wait_for_udp() {
    local hex
    hex=$(printf ':%04X ' "$1")
    for _ in $(seq 100); do
        grep -q "$hex" /proc/net/udp && return
        sleep 0.1
    done
    complain "no process listens on UDP port $1"
}

# stop PID: TERM, then KILL after 5 s; also for its children
stop() {
    local children
    children=$(cat "/proc/$1/task/$1/children" 2>/dev/null)
    kill "$1" 2>/dev/null
    for _ in $(seq 50); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    for pid in $1 $children; do
        kill -9 "$pid" 2>/dev/null
    done
    wait "$1" 2>/dev/null
}

port=$(unused_port)
