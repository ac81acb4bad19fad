# SPDX-License-Identifier: MIT OR Apache-2.0
# For scripts that test a capture after it has dropped its privileges, after `. common.sh`: only their packets are on
# the wire, $work/out is the directory for output, certificates can be made, `fail` ends the script.
need openssl curl
sysctl -qw net.ipv6.conf.near0.disable_ipv6=1
peer sysctl -qw net.ipv6.conf.far0.disable_ipv6=1
fail() {
    echo "FAILED: $*"
    exit 1
}
. "$here/../interop/certificates.sh"
number=0
send() { # COUNT handshakes, new ones in each call
    peer python3 "$here/tap.py" far0 far0 $number "$1" || complain "no packet was sent"
    number=$((number + $1))
}
owner=nobody
[ -z "${SYNFIX_TEST_SANITIZED-}" ] || owner=root # the user remains root, without capabilities
mkdir "$work/out"
chown $owner "$work/out"
chmod 711 "$work"
# after the start of the capture
check_rights() { # PROCESS
    [ -n "${SYNFIX_TEST_SANITIZED-}" ] ||
        [ "$(awk '/^(Seccomp|NoNewPrivs|CapEff):/ { print $2 }' "/proc/$1/status" | tr '\n' ' ')" = "0000000000000000 1 2 " ] ||
        complain "privileges remain: $(grep -E '^(Seccomp|NoNewPrivs|CapEff):' "/proc/$1/status")"
}
