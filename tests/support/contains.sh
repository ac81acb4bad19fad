# SPDX-License-Identifier: MIT OR Apache-2.0
# contains GREP-ARGUMENTS...: `grep -q` for a pipe. `grep -q` ends at the first match; the program before the pipe
# then receives SIGPIPE, and with `pipefail` the whole pipe fails, depending on timing. This function reads to the
# end.
contains() {
    grep "$@" | cat >/dev/null
}
