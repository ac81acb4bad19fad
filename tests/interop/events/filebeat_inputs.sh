#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Filebeat (if installed, with the input netflow): IPFIX with the definitions of the kit, and ecs: through the input
# filestream. All records arrive, and the sensor does not become the host of an event.
. "$(dirname "$0")/../common.sh"
need filebeat jq

send "$data/mixed.pcap" --to "ecs:$work/events.json" --to "json:$work/own.json"
wanted=$(wc -l <"$work/own.json")
cat >"$work/filebeat.yml" <<EOF
filebeat.inputs:
  - type: netflow
    host: "127.0.0.1:$port"
    protocols: [ipfix]
    custom_definitions: [$kit/filebeat.yml]
    publisher_pipeline.disable_host: true
    tags: [forwarded]
  - type: filestream
    id: synfix
    paths: [$work/events.json]
    parsers:
      - ndjson: {target: "", overwrite_keys: true, add_error_key: true}
    publisher_pipeline.disable_host: true
processors:
  - add_host_metadata: {when.not.contains.tags: forwarded}
output.file: {path: $work/out, filename: got}
logging: {to_files: false, to_stderr: true}
EOF
chmod 600 "$work/filebeat.yml"
filebeat -e -c "$work/filebeat.yml" --path.home "$work" --path.data "$work/data" --strict.perms=false >"$work/log" 2>&1 &
pid=$!
for _ in $(seq 300); do
    grep -q "$(printf ':%04X ' "$port")" /proc/net/udp && break
    kill -0 $pid 2>/dev/null || break
    sleep 0.1
done
kill -0 $pid 2>/dev/null || { grep -q 'netflow' "$work/log" && skip "this Filebeat has no input netflow"; complain "$(tail -2 "$work/log")"; }
send "$data/mixed.pcap" --to "udp://127.0.0.1:$port"
flows() { cat "$work"/out/* 2>/dev/null | jq -c 'select(.netflow.type == "netflow_flow")'; }
events() { cat "$work"/out/* 2>/dev/null | jq -c 'select(.input.type == "filestream")'; }
for _ in $(seq 300); do
    [ "$(flows | wc -l)" -ge "$wanted" ] && [ "$(events | wc -l)" -ge "$wanted" ] && break
    sleep 0.1
done
stop $pid

[ "$(flows | wc -l)" = "$wanted" ] || complain "$(flows | wc -l) records of $wanted by netflow"
flows | jq -c 'select(.source.ip == "10.0.0.9")' >"$work/first"
for value in '"ip":"10.0.0.3"' '"port":3082' '"tcp_signature":"4:128+0:0:1460:mss*44,0:mss,nop,nop,sok:df,id+:0"' \
    '"os_label":"Windows XP"' '"tcp_maximum_segment_size":1460' '"flow_start_milliseconds":"2004-08-26T12:12:06.102Z"'; do
    expect "$value" "$work/first"
done
flows | jq -e 'has("host")' | grep -q true && complain "the sensor is the host of a flow"

# Filebeat adds fields; the fields of the event remain.
jq -cS '[.host, .source, .destination, .tcp_fp, .tcp_uptime, .event]' "$work/events.json" | sort >"$work/sent"
events | jq -cS '[.host, .source, .destination, .tcp_fp, .tcp_uptime, .event]' | sort >"$work/arrived"
diff "$work/sent" "$work/arrived" >"$work/diff" || complain "filestream: $(head -2 "$work/diff" | cut -c1-400)"
exit $((failures > 0))
