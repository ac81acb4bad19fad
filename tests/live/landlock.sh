#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Landlock: a capture with all files on the command line, or with landlock = yes, reaches no other files. By default,
# a reload of the configuration file may set other files, except files in system directories.
. "$(dirname "$0")/common.sh"
mkdir "$work/a" "$work/b"
chmod 777 "$work/a" "$work/b"
configure() { # LANDLOCK SINK
    printf '[capture]\ninterface = near0\n[engine]\nuptime = off\nsigdb = %s\n[process]\nlandlock = %s\nlog-level = debug\n[export]\nto = %s\n' \
        "$sigdb" "$1" "$2" >"$work/a/conf"
}
reload() { # reloaded | 'not reloaded'
    kill -HUP $pid
    reloads=$((reloads + 1))
    wait_for 20 eval "[ \$(grep -cE '^synfix: (not )?reloaded' '$work/err') -ge $reloads ]" || complain "HUP: no answer"
    [[ $(grep -E '^synfix: (not )?reloaded' "$work/err" | tail -1) = "synfix: $1"* ]] || complain "not '$1': $(tail -3 "$work/err")"
}
start() { # ARGUMENTS...
    reloads=0
    : >"$work/err" # remove the messages of earlier runs
    "$synfix" capture "$@" "${confinement[@]}" 2>"$work/err" &
    pid=$!
    wait_for 20 eval "grep -q 'capturing with [0-9]' '$work/err' || ! kill -0 $pid"
    grep -q 'capturing with [0-9]' "$work/err" || { complain "$*: never ready: $(cat "$work/err")"; exit 1; }
}
end() {
    kill $pid
    wait $pid
    local code=$?
    [ $code -eq 0 ] || complain "exit code $code: $(cat "$work/err")"
}

configure yes "json:$work/a/one.json"
start --config "$work/a/conf"
! grep -q '^synfix: landlock: ' "$work/err" || { end; skip "$(grep landlock: "$work/err"); start a kernel from 5.13 on with lsm=landlock"; }
configure yes "json:$work/a/two.json"
reload reloaded
configure yes "json:$work/b/one.json"
reload 'not reloaded'
grep -qF "$work/b (to write): not among the files and ports of the start" "$work/err" || complain "no reason: $(tail -2 "$work/err")"
configure yes "json:$work/a/two.json; tcp://127.0.0.1:4799"
reload 'not reloaded'
configure yes "json:$work/a/three.json"
reload reloaded
end
[ -e "$work/a/three.json" ] || complain "the last sink has no file"
[ ! -e "$work/b/one.json" ] || complain "a file outside was created"

configure auto "json:$work/a/one.json"
start --config "$work/a/conf"
configure auto "json:$work/b/one.json"
reload reloaded
configure auto "json:/etc/synfix-test.json"
reload 'not reloaded'
grep -qF '/etc (to write)' "$work/err" || complain "no reason: $(tail -2 "$work/err")"
end

[ -z "${SYNFIX_TEST_SANITIZED-}" ] || exit $((failures > 0)) # root has write permission
configure no "json:$work/a/one.json"
start --config "$work/a/conf"
configure no "json:/etc/synfix-test.json"
reload 'not reloaded' # because of the permissions of the user
! grep -qF '/etc (to write)' "$work/err" || complain "restricted in spite of landlock = no"
end
exit $((failures > 0))
