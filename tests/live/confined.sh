# SPDX-License-Identifier: MIT OR Apache-2.0
# For scripts that look at a capture after its privileges were dropped, after `. common.sh`: only what they send is on the wire,
# $work/out is the directory that it may still write to, certificates can be made, `fail` ends it all.
need openssl curl
sysctl -qw net.ipv6.conf.near0.disable_ipv6=1
peer sysctl -qw net.ipv6.conf.far0.disable_ipv6=1
fail() {
    echo "FAILED: $*"
    exit 1
}
. "$here/../interop/certificates.sh"
number=0
send() { # COUNT handshakes, ever other ones
    peer python3 "$here/tap.py" far0 far0 $number "$1" || complain "nothing was sent"
    number=$((number + $1))
}
owner=nobody
[ -z "${SYNFIX_TEST_SANITIZED-}" ] || owner=root # who it stays then, without capabilities
mkdir "$work/out"
chown $owner "$work/out"
chmod 711 "$work"
# once it is under way
check_rights() { # PROCESS
    [ -n "${SYNFIX_TEST_SANITIZED-}" ] ||
        [ "$(awk '/^(Seccomp|NoNewPrivs|CapEff):/ { print $2 }' "/proc/$1/status" | tr '\n' ' ')" = "0000000000000000 1 2 " ] ||
        complain "rights are left: $(grep -E '^(Seccomp|NoNewPrivs|CapEff):' "/proc/$1/status")"
}
