# SPDX-License-Identifier: MIT OR Apache-2.0
# wait_for SECONDS COMMAND...: repeats COMMAND until it succeeds. Fails after SECONDS, which are counted in steps of
# 50 ms: on a loaded machine they are longer.
wait_for() {
    local tries=$(($1 * 20))
    shift
    while ! "$@" >/dev/null 2>&1; do
        [ $((tries -= 1)) -gt 0 ] || return 1
        sleep 0.05
    done
}
