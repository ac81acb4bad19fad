#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# suricata_root.sh ROOT: makes a Debian sid system in the directory ROOT with Debian's Suricata, the headers of its
# source package, and the build tools of the plug-in. Takes some minutes and 1.5 GB. ROOT/.complete marks a complete
# system.
set -eu
root=${1:?"usage: suricata_root.sh ROOT"}
[ -e "$root/.complete" ] && exit 0
rm -rf "$root"
mkdir -p "$(dirname "$root")"
# The clock of a test machine may be ahead of the archive's last update.
valid='Acquire::Check-Valid-Until "false"'
archive=$(awk '$1 == "URIs:" { print $2; exit } $1 == "deb" { print $2; exit }' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true)
archive=${archive:-http://deb.debian.org/debian}
mmdebstrap --quiet --variant=minbase --aptopt="$valid" --include="suricata suricata-update- \
    gcc libc6-dev make cmake ninja-build pkg-config dpkg-dev cbindgen cargo rustc \
    libjansson-dev libpcap-dev libyaml-dev libpcre2-dev libmagic-dev libcap-ng-dev liblz4-dev libnet1-dev \
    libnetfilter-queue-dev libnetfilter-log-dev libhiredis-dev libevent-dev libmaxminddb-dev libdpdk-dev libxdp-dev libbpf-dev \
    zlib1g-dev libzstd-dev liblzma-dev iproute2" \
    sid "$root" "deb $archive sid main" "deb-src $archive sid main"
cat >"$root/headers.sh" <<'END'
set -eu
mkdir -p /source && cd /source
apt-get -q update # mmdebstrap removes the lists of packages
# Only the original archive is needed; the packaging may already be replaced by a newer one.
apt-get -q source --download-only suricata || true
tar xf suricata_*.orig.tar.*z
cd suricata-*/
./configure --prefix=/usr --sysconfdir=/etc --localstatedir=/var --enable-af-packet --enable-nfqueue --enable-nflog \
    --enable-dpdk --enable-ebpf --disable-suricata-update --disable-gccmarch-native --enable-geoip --enable-hiredis
mkdir -p rust/gen
[ -s rust/gen/rust-bindings.h ] || (cd rust && cbindgen --config cbindgen.toml --quiet --output gen/rust-bindings.h)
make -C src install-headers DESTDIR=/headers
sh libsuricata-config --cflags | sed 's#-I/usr#-I/headers/usr#' >/suricata-cflags
END
chroot "$root" bash /headers.sh >"$root/headers.log" 2>&1 || {
    tail -n 20 "$root/headers.log"
    echo "suricata_root.sh: cannot make Suricata's headers in $root; the lines above are the end of $root/headers.log" >&2
    exit 1
}
touch "$root/.complete"
