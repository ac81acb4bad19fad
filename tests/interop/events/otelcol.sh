#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The OpenTelemetry Collector (otelcol-contrib or otelcol, if installed with the receivers): lines of json: through
# file_log, syslog over TCP with octet counting, and IPFIX through the netflow receiver with the mapping of goflow2.
. "$(dirname "$0")/../common.sh"
collector=$(command -v otelcol-contrib || command -v otelcol) || skip "no OpenTelemetry Collector; install otelcol-contrib"
"$collector" components >"$work/components" 2>/dev/null || skip "$collector lists no components; install a later otelcol-contrib"
for name in file_log syslog; do
    grep -q "name: $name\$" "$work/components" || skip "this collector has no receiver $name; install otelcol-contrib"
done
netflow=no
grep -q 'name: netflow$' "$work/components" && netflow=yes

syslog_port=$(unused_port)
send "$data/mixed.pcap" --to "json:$work/own.json"
wanted=$(wc -l <"$work/own.json")
cat >"$work/conf.yaml" <<EOF
receivers:
  file_log:
    include: [$work/own.json]
    start_at: beginning
    operators:
      - type: json_parser
        timestamp: {parse_from: attributes.timestamp, layout: '%Y-%m-%dT%H:%M:%S.%f%z'}
  syslog:
    tcp: {listen_address: 127.0.0.1:$syslog_port}
    enable_octet_counting: true
    protocol: rfc5424
    operators:
      - {type: json_parser, parse_from: attributes.message}
EOF
[ $netflow = yes ] && cat >>"$work/conf.yaml" <<EOF
  netflow: {scheme: netflow, hostname: 127.0.0.1, port: $port, mapping: $kit/goflow2.yaml, send_raw: true}
EOF
cat >>"$work/conf.yaml" <<EOF
exporters:
  debug: {verbosity: detailed}
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    logs:
      receivers: [file_log, syslog$([ $netflow = yes ] && echo ', netflow')]
      exporters: [debug]
EOF
"$collector" --config "$work/conf.yaml" >"$work/out" 2>&1 &
pid=$!
for _ in $(seq 100); do
    grep -q "$(printf ':%04X .* 0A' "$syslog_port")" /proc/net/tcp && break
    sleep 0.1
done
send "$data/mixed.pcap" --to "syslog://127.0.0.1:$syslog_port?transport=tcp"
expected=$((2 * wanted))
if [ $netflow = yes ]; then
    wait_for_udp "$port"
    send "$data/mixed.pcap" --to "udp://127.0.0.1:$port"
    expected=$((3 * wanted))
fi
for _ in $(seq 200); do
    [ "$(grep -c '^LogRecord #' "$work/out")" -ge $expected ] && break
    sleep 0.1
done
stop "$pid"

[ "$(grep -c '^LogRecord #' "$work/out")" = $expected ] || complain "$(grep -c '^LogRecord #' "$work/out") records of $expected"
[ "$(grep -c '^Timestamp: 2004-08-26 12:12:06.102435 ' "$work/out")" = 2 ] ||
    complain "the times differ from those of the packets"
[ "$(grep -c -- '-> src_ip: Str(10.0.0.9)' "$work/out")" = 2 ] || complain "JSON is not parsed"
[ $netflow = no ] || grep 'time_flow_start_ns:1093522326102000000 .*src_port:3082 ' "$work/out" |
    grep -qF '2001:"4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"' || complain "no signature from the netflow receiver"
exit $((failures > 0))
