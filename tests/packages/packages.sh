#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# packages.sh BUILD: two builds of the .deb files are equal, lintian finds no error; in a minimal Debian they install,
# upgrade, keep a changed configuration, and leave no files after removal.
set -u -o pipefail
build=$1
. "$(dirname "$0")/root.sh"
[ -e "$build/CPackConfig.cmake" ] || { echo "skipped: this build makes no packages; install the packages dpkg-dev and file, and configure again"; exit 77; }
command -v cpack >/dev/null || { echo "skipped: no cpack; install the package cmake"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf --one-file-system "$work"' EXIT
. "$(dirname "$0")/../support/complain.sh"

for round in first second; do
    cpack --config "$build/CPackConfig.cmake" -B "$work/$round" >"$work/log" 2>&1 ||
        { tail -20 "$work/log"; complain "cpack"; exit 1; }
    (cd "$work/$round" && sha256sum ./*.deb) >"$work/$round.sums"
done
cmp "$work/first.sums" "$work/second.sums" || complain "a second build of the packages differs"
cd "$work/first" || exit 1
[ "$(find . -maxdepth 1 -name '*.deb' | wc -l)" -eq 3 ] || complain "not three packages: $(ls)"

if command -v lintian >/dev/null; then
    lintian ./*.deb >"$work/lintian" 2>&1
    grep '^E:' "$work/lintian" && complain "lintian finds errors"
else
    echo "not checked: no lintian"
fi

if [ "$(id -u)" -ne 0 ] || ! command -v mmdebstrap >/dev/null; then
    [ $failures -eq 0 ] || exit 1
    echo "skipped: installing needs root and mmdebstrap; run as root, and install the package mmdebstrap"
    exit 77
fi
root=$work/root
unpack_root "$build" "$root" "$(depends_of synfix_* libsynfix0_*),systemd-standalone-sysusers" || {
    tail -3 "$work/log"
    [ $failures -eq 0 ] || exit 1
    echo "skipped: mmdebstrap cannot make a root here; run as root with a Debian mirror in reach"
    exit 77
}
mkdir -p "$root/dev" "$root/proc"
: >"$root/dev/null"
inside() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C chroot "$root" "$@"
}
dpkg_inside() {
    DEBIAN_FRONTEND=noninteractive inside dpkg --force-confold "$@" >"$work/log" 2>&1 </dev/null ||
        complain "dpkg $1: $(tail -5 "$work/log")"
}

# an older version with another configuration file
mkdir "$root/old" "$root/new"
for deb in ./*.deb; do
    with_version "$deb" 0.0.9 "$root/old"
    cp "$deb" "$root/new"
done
old=("$root"/old/synfix_*.deb "$root"/old/libsynfix0_*.deb)
dpkg_inside -i "${old[@]/#$root\///}"
grep -q '^synfix:' "$root/etc/passwd" || complain "no user synfix"
[ "$(stat -c %a "$root/var/lib/synfix")" = 750 ] || complain "/var/lib/synfix: mode"
echo '# ours' >>"$root/etc/synfix/synfix.conf"
new=("$root"/new/*.deb)
dpkg_inside -i "${new[@]/#$root\///}"
grep -q '^# ours' "$root/etc/synfix/synfix.conf" || complain "the upgrade replaced a changed configuration"
version=$(inside synfix --version) || complain "the program does not run"
[ "$version" = "synfix $(dpkg-deb -f ./synfix_*.deb Version)" ] || complain "version: $version"
inside synfix modules >"$work/modules" || complain "synfix modules"
inside ldconfig -p >"$work/loader"
grep -q "libsynfix.so.0 " "$work/loader" || complain "the loader does not know libsynfix.so.0"
inside synfix capture -c /etc/synfix/synfix.conf --check-config >"$work/log" 2>&1 || complain "the shipped configuration: $(cat "$work/log")"
for file in usr/share/man/man1/synfix.1.gz usr/share/man/man1/synfix-read.1.gz usr/share/man/man5/synfix.conf.5.gz \
    usr/share/bash-completion/completions/synfix usr/lib/systemd/system/synfix.service usr/include/synfix/engine.h \
    usr/share/synfix/sigdb/synfix.fp usr/share/synfix/ipfix-templates/collectors/pmacct.primitives; do
    [ -s "$root/$file" ] || complain "$file is missing"
done
grep -q '^ExecStart=/usr/bin/synfix ' "$root/usr/lib/systemd/system/synfix.service" ||
    complain "the unit starts another program"
touch "$root/var/lib/synfix/records.ipfix"
dpkg_inside -r libsynfix-dev libsynfix0 synfix
[ -e "$root/usr/bin/synfix" ] && complain "removed, but the program exists"
[ -e "$root/var/lib/synfix/records.ipfix" ] && [ -e "$root/etc/synfix/synfix.conf" ] ||
    complain "removal deleted configuration or records"
dpkg_inside -P synfix libsynfix0 libsynfix-dev
left=$(find "$root/etc" "$root/usr" "$root/var/lib/synfix" -name '*synfix*' 2>/dev/null)
[ -z "$left" ] || complain "left after purge: $left"
exit $((failures > 0))
