#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# suricata.sh PROGRAM [PLUGIN LIBRARY]: the plugin of examples/suricata inside Suricata 8 observes what the program does, field
# by field, and each event has the flow_id of Suricata's own event of that flow. Needs Suricata in PATH, and a build
# with its headers (SYNFIX_SURICATA_INCLUDE).
. "$(dirname "$0")/common.sh"
need suricata jq
[ $# -eq 3 ] || skip "built without Suricata's headers"
suricata --build-info | grep -q '^This is Suricata version 8' || skip "this Suricata is none of version 8"
plugin=$2
LD_LIBRARY_PATH=$(dirname "$3")
export LD_LIBRARY_PATH
cat >"$work/suricata.yaml" <<END
%YAML 1.1
---
plugins:
  - $plugin
synfix:
  database: $database
  filename: $work/synfix.json
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: $work/eve.json
      types:
        - flow
END
events='[.timestamp, .event_type, .src_ip, .src_port, .dest_ip, .dest_port, (.tcp_fp // {} |
    .kind, .signature, .os, .quality, .candidates, .distance, .mtu, .link),
    (.tcp_uptime // {} | .frequency, .uptime)]'
ends='[.src_port, .dest_port] | sort' # Suricata writes IPv6 addresses in full
total=0
for name in "${captures[@]}"; do
    rm -f "$work"/*.json
    file=$(capture "$name")
    suricata -c "$work/suricata.yaml" -r "$file" -l "$work" --runmode single -k none -S /dev/null >"$work/log" 2>&1 ||
        complain "$name: suricata: $(tail -3 "$work/log")"
    send "$file" --to "eve:$work/own.json"
    jq -c "$events" "$work/own.json" | sort >"$work/own"
    jq -c "$events" "$work/synfix.json" | sort >"$work/theirs"
    diff "$work/own" "$work/theirs" >"$work/differences" || complain "$name: program < > plugin: $(head -4 "$work/differences")"
    total=$((total + $(wc -l <"$work/theirs")))
    # a flow has the same two ports as all events with its id
    jq -c "[.flow_id, ($ends)]" "$work/eve.json" | sort -u >"$work/flows"
    jq -c "[.flow_id, ($ends)]" "$work/synfix.json" | sort -u | comm -23 - "$work/flows" >"$work/strangers"
    [ ! -s "$work/strangers" ] || complain "$name: flows that Suricata does not know: $(head -2 "$work/strangers")"
done
[ $total -gt 90 ] || complain "only $total events"
echo "$total events, $failures failures"
exit $((failures > 0))
