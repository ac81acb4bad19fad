#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs as root under systemd in the container of boot.sh. Prints FAILED lines, and `all checks ran` at the end.
set -u -o pipefail
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive
conf=/etc/synfix/synfix.conf
echo begun
complain() {
    echo "FAILED: $*"
    journalctl -u synfix -n 8 --no-pager -o cat
}
state() { systemctl show synfix --property="$1" --value; }
# until_true TEXT COMMAND...: the command succeeds within a minute, else TEXT is reported
until_true() {
    local text=$1 tries
    shift
    for tries in {1..300}; do
        "$@" && return 0
        sleep 0.2
    done
    complain "$text"
    return 1
}
is() { [ "$(state "$1")" = "$2" ]; }
is_other() { [ "$(state "$1")" != "$2" ]; }
logged() { journalctl -u synfix --no-pager -o cat | grep -c -e "$1" >/dev/null; }
dpkg_do() {
    dpkg --force-confold "$@" >/tmp/dpkg.log 2>&1 </dev/null || complain "dpkg $1: $(tail -3 /tmp/dpkg.log)"
}
# A refused connection to an address of this host: the service observes its SYN.
connect() { (exec 3<>/dev/tcp/192.0.2.1/9) 2>/dev/null; }

ip link set lo up
ip address add 192.0.2.1/32 dev lo
dpkg_do -i /synfix.deb
is ActiveState inactive || complain "an installation starts the service"

# start, observe, reload
systemctl start synfix || complain "the service does not start"
is ActiveState active || complain "started, but not active"
pid=$(state MainPID)
[ "$(stat -c %U "/proc/$pid")" = synfix ] || complain "runs as another user"
# capset is not permitted: a system call filter replaces it
[ "$(awk '/^(CapInh|CapPrm|CapEff|CapAmb|Seccomp):/ { print $2 }' "/proc/$pid/status" | tr '\n' ' ')" = \
    "0000000000002000 0000000000002000 0000000000002000 0000000000000000 2 " ] ||
    complain "unexpected privileges: $(grep -E '^(Cap|Seccomp)' "/proc/$pid/status")"
until_true "the log has no interface" logged 'any'
connect
printf '[metrics]\nmetrics-file = /run/synfix/metrics.prom\nmetrics-interval = 1s\n' >>$conf
systemctl reload synfix || complain "reload"
until_true "a reload does not write the metrics file" test -s /run/synfix/metrics.prom
observed() { grep -c '^synfix_observations_total{.*} [1-9]' /run/synfix/metrics.prom >/dev/null 2>&1; }
connect
until_true "the connection was not observed" observed
cp $conf /good.conf
echo 'no-such-setting = 1' >>$conf
systemctl reload synfix 2>/dev/null
until_true "a reload with an error reports the error" logged 'no-such-setting'
[ "$(state MainPID)" = "$pid" ] && is ActiveState active || complain "a reload with an error ends the service"

# an error at the start is final
systemctl restart synfix 2>/dev/null && complain "starts with an error in the configuration"
until_true "an error is not final" is ActiveState failed
is ExecMainStatus 2 || complain "an error ends with $(state ExecMainStatus), not 2"

# the service waits for a missing interface
sed 's/^interface = .*/interface = synfix9/' /good.conf >$conf
systemctl reset-failed synfix
systemctl start --no-block synfix
until_true "a missing interface ends with $(state ExecMainStatus), not 5" is ExecMainStatus 5
ip link add synfix9 type veth peer name synfix8 && ip link set synfix9 up && ip link set synfix8 up
until_true "the service does not start when its interface appears" is ActiveState active
until_true "no process" is_other MainPID 0

# a process without progress is replaced
pid=$(state MainPID)
mkdir -p /run/systemd/system/synfix.service.d
printf '[Service]\nWatchdogSec=2\n' >/run/systemd/system/synfix.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart synfix || complain "restart"
pid=$(state MainPID)
kill -STOP "$pid"
until_true "the watchdog does not end a stopped process" is_other MainPID "$pid"
until_true "the watchdog does not start the service again" is ActiveState active
rm -r /run/systemd/system/synfix.service.d
systemctl daemon-reload

# the archive; then upgrade, remove, purge
cp /good.conf $conf
systemctl restart synfix || complain "restart with the first configuration"
connect
until_true "the connection was not observed after the restart" observed
systemctl stop synfix || complain "stop"
is Result success || complain "the stop ends with $(state Result)"
synfix hosts /var/lib/synfix | grep -c '^192\.0\.2\.1 .*client' >/dev/null || complain "the archive has no host: $(synfix hosts /var/lib/synfix 2>&1)"
systemctl start synfix
pid=$(state MainPID)
dpkg_do -i /newer.deb
until_true "the upgrade does not restart the service" is_other MainPID "$pid"
until_true "not active after the upgrade" is ActiveState active
cmp -s /good.conf $conf || complain "the upgrade changes the configuration"
dpkg_do -r synfix
[ -z "$(pidof synfix 2>/dev/null)" ] && is_other ActiveState active || complain "removed, but running"
[ -e $conf ] && [ -n "$(ls /var/lib/synfix)" ] || complain "removal deletes configuration or records"
dpkg_do -P synfix
[ -e $conf ] || [ -e /var/lib/synfix ] && complain "purging does not delete configuration and records"
echo "all checks ran"
