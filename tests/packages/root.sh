# SPDX-License-Identifier: MIT OR Apache-2.0
# Sourced by packages.sh and boot.sh: a minimal Debian, made once and kept in the build directory.

# Prints the packages on which the .deb files FILE... depend, separated by commas.
depends_of() {
    local deb
    for deb in "$@"; do dpkg-deb -f "$deb" Depends; done | tr ',' '\n' |
        sed -e 's/(.*)//' -e 's/.*systemd-standalone-sysusers.*//' -e 's/ //g' | grep -v '^libsynfix\|^synfix\|^$' | sort -u | paste -sd,
}

# unpack_root BUILD DIRECTORY PACKAGE,...: fails without a message if mmdebstrap cannot make the root; uses $work.
unpack_root() {
    local suite tar
    suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
    tar=$1/package-root-$(echo "$suite $3" | sha256sum | cut -c1-12).tar
    if [ ! -s "$tar" ]; then
        timeout 200 mmdebstrap --quiet --variant=essential --include="$3" "$suite" "$work/root.tar" >"$work/log" 2>&1 || return 1
        mv "$work/root.tar" "$tar"
    fi
    mkdir "$2"
    tar -C "$2" --exclude=./dev/* -xf "$tar"
}

# with_version DEB VERSION DIRECTORY: makes the same package with another version, for upgrades.
with_version() {
    dpkg-deb -R "$1" "$work/unpacked"
    sed -i -e "s/^Version: .*/Version: $2/" -e "s/(= [0-9.]*)/(= $2)/" "$work/unpacked/DEBIAN/control"
    [ -e "$work/unpacked/etc/synfix/synfix.conf" ] && echo "# $2" >>"$work/unpacked/etc/synfix/synfix.conf"
    dpkg-deb -Znone -b "$work/unpacked" "$3" >/dev/null
    rm -rf "$work/unpacked"
}
