# SPDX-License-Identifier: MIT OR Apache-2.0
# Sourced: makes valid and invalid certificates in $work; starts openssl servers with them.
. "$(dirname "${BASH_SOURCE[0]}")/../support/unused_port.sh"
authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null || fail "openssl req"
}
# certificate NAME AUTHORITY SUBJECT_ALT_NAME [-not_before ... -not_after ...]
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$work/$1.key" \
        -out "$work/$1.csr" 2>/dev/null
    printf 'subjectAltName=%s\n' "$3" >"$work/$1.ext"
    openssl x509 -req -in "$work/$1.csr" -CA "$work/$2.pem" -CAkey "$work/$2.key" -CAcreateserial \
        -extfile "$work/$1.ext" -days "${4:-30}" -out "$work/$1.pem" 2>/dev/null || fail "openssl x509"
}
make_certificates() {
    authority ca
    authority foreign
    certificate server ca IP:127.0.0.1,DNS:localhost
    certificate other ca IP:192.0.2.1,DNS:elsewhere.example
    certificate unknown foreign IP:127.0.0.1
    certificate client ca DNS:probe.example
    certificate stranger foreign DNS:probe.example
    # 0 days: expired at its first use, at least one second later
    certificate expired ca IP:127.0.0.1 0
    certificate late ca DNS:probe.example 0
    sleep 1.1
}
# start_server CERTIFICATE ARGUMENT...: openssl as collector; it writes received bytes to $work/received. Sets $pid
# and $port.
start_server() {
    local name=$1 i attempt
    shift
    for attempt in 1 2 3; do # another process may bind the port before the server
        port=$(unused_port)
        openssl s_server -accept "127.0.0.1:$port" -cert "$work/$name.pem" -key "$work/$name.key" -CAfile "$work/ca.pem" \
            -Verify 3 -verify_return_error -quiet "$@" >"$work/received" 2>"$work/server.log" < <(sleep 60) &
        pid=$!
        started+=("$pid")
        for ((i = 0; i < 200; i++)); do
            ss -Hltunp "sport = :$port" | grep -q "pid=$pid," && return 0
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
    done
    fail "openssl s_server does not listen"
}
stop_server() { kill -9 "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; return 0; }
