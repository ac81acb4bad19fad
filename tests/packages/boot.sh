#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# boot.sh BUILD: a minimal Debian with the package boots in a container of systemd-nspawn. boot_checks.sh runs inside:
# it starts, reloads, breaks, upgrades and removes the service.
set -u -o pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/root.sh"
[ -e "$build/CPackConfig.cmake" ] || { echo "skipped: this build makes no packages; install the packages dpkg-dev and file, and configure again"; exit 77; }
[ "$(id -u)" -eq 0 ] || { echo "skipped: a container needs root; run as root"; exit 77; }
for program in cpack mmdebstrap systemd-nspawn; do
    command -v $program >/dev/null || { echo "skipped: no $program; install the packages cmake, mmdebstrap and systemd-container"; exit 77; }
done
work=$(mktemp -d) || exit 1
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root

cpack --config "$build/CPackConfig.cmake" -B "$work/packages" >"$work/log" 2>&1 || { tail -20 "$work/log"; exit 1; }
deb=$(echo "$work"/packages/synfix_*.deb)
unpack_root "$build" "$root" "$(depends_of "$deb"),systemd-sysv,dbus,iproute2" || {
    tail -3 "$work/log"
    echo "skipped: mmdebstrap cannot make a root here; run as root with a Debian mirror in reach"
    exit 77
}
cp "$deb" "$root/synfix.deb"
with_version "$deb" 99.0 "$root/newer.deb"
install -m 0755 "$here/boot_checks.sh" "$root/checks.sh"
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
cat >"$root/etc/systemd/system/checks.service" <<'UNIT'
[Unit]
After=basic.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
TimeoutStartSec=420
ExecStart=/bin/sh -c 'exec /checks.sh >/checks.log 2>&1'
UNIT
ln -s ../checks.service "$root/etc/systemd/system/multi-user.target.wants/checks.service"

# Without systemd on this host, no machined can register the container.
how=(--register=no)
[ -d /run/systemd/system ] || how+=(--keep-unit)
timeout -k 10 480 systemd-nspawn --quiet --directory="$root" --machine=synfix-boot-test --private-network "${how[@]}" --boot \
    </dev/null >"$work/console" 2>&1
if [ ! -s "$root/checks.log" ]; then
    tail -5 "$work/console"
    echo "skipped: systemd does not boot in a container here; allow systemd-nspawn"
    exit 77
fi
cat "$root/checks.log"
grep -qx 'all checks ran' "$root/checks.log" && ! grep -q '^FAILED' "$root/checks.log"
