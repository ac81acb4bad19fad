# SPDX-License-Identifier: MIT OR Apache-2.0
# For test scripts: `complain TEXT...` reports a failed check, and the script continues; the script ends with `exit
# $((failures > 0))`. `skip REASON; HOW TO RUN IT` ends a script that cannot run here: ctest reports it as skipped.
# `need PROGRAM...` skips if one of the programs is missing.
failures=0

complain() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

skip() {
    echo "skipped: $*"
    exit 77
}

# Prints the Debian package of a program; only different names are listed.
package_of() {
    case $1 in
    ip | ss) echo iproute2 ;;
    nsenter | setpriv | prlimit | unshare) echo util-linux ;;
    java) echo default-jre-headless ;;
    logstash | otelcol*) echo "$1 (from its vendor)" ;;
    nfcapd | nfdump) echo nfdump ;;
    nprobe | goflow2 | ipfixcol2 | vflow) echo "$1 (from its vendor)" ;;
    promtool) echo prometheus ;;
    pmacctd | nfacctd) echo pmacct ;;
    redis-cli) echo redis-tools ;;
    rsyslogd) echo rsyslog ;;
    rwsort | rwcut | rwipfix2silk) echo silk ;;
    syslog-ng) echo syslog-ng-core ;;
    *) echo "$1" ;;
    esac
}

need() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || skip "no $program; install the package $(package_of "$program")"
    done
}
