#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# pipeline.sh PROGRAM: --dry-run describes the pipeline of a run; sections of the configuration set options of modules.
. "$(dirname "$0")/common.sh"
file=$(capture web)
cat >"$work/conf" <<END
[filter]
filter = tcp
not-ports = 22
[engine]
workers = 2
[sink records]
to = file:$work/records.ipfix
profile = compact
[sink events]
to = eve:$work/events.json
flow-id = yes
[enricher community-id]
seed = 7
END

# shows PATTERN...: the plan has a line for each pattern
shows() {
    for pattern in "$@"; do
        grep -qE -- "$pattern" "$work/plan" || complain "no line '$pattern' in $(cat "$work/plan")"
    done
}
read_quietly "$file" --config "$work/conf" --dry-run >"$work/plan" || complain "dry run: exit code $?"
shows "^source +file $file:" '^filter +libpcap: tcp$' '^filter +not-ports: 22$' '^database +test.fp ' '^workers +2; uptime: regression; signatures: packet$' \
    '^enricher +community-id:' 'seed=7' "^sink +file $work/records.ipfix:" 'profile=compact' \
    "^sink +eve $work/events.json:" 'flow-id=yes' '^template +[0-9]+: observation, IPv4, [0-9]+ fields' \
    '^template +[0-9]+: uptime, IPv6, in a tunnel over IPv4, ' 'encapsulationKind'
[ ! -e "$work/records.ipfix" ] && [ ! -e "$work/events.json" ] || complain "a dry run wrote a file"

read_quietly "$file" --config "$work/conf" || complain "run: exit code $?"
grep -q '"flow_id":' "$work/events.json" || complain "the section's option flow-id had no effect"
grep -q '"community_id":"1:' "$work/events.json" || complain "the section's enricher did not run"
# the templates in the file are those of the plan
"$synfix" dump "$work/records.ipfix" --format json >"$work/dump"
fields=$(sed -nE 's/^template +[0-9]+: observation, IPv4, ([0-9]+) fields$/\1/p' "$work/plan")
grep -m1 '"observationKind":[12]' "$work/dump" | grep -oE '"[A-Za-z0-9]+":' | wc -l | contains -x "$fields" ||
    complain "the fields of a record differ from the $fields of the plan"

# --sink-timeout applies to all sinks with such an option, except to a sink with its own value
read_quietly "$file" --dry-run --sink-timeout 3s --to tcp://127.0.0.1:1 --to 'tcp://127.0.0.1:1?sink-timeout=7s' --to json:- \
    >"$work/plan" || complain "dry run with --sink-timeout: exit code $?"
sed -n '/^sink/,/^template/p' "$work/plan" | grep -oE '^sink +[a-z]+|sink-timeout=[0-9a-z]+' | tr -s ' \n' ' ' >"$work/sinks"
grep -qx 'sink tcp sink-timeout=3000ms sink tcp sink-timeout=7s sink json ' "$work/sinks" ||
    complain "sink-timeout of the sinks: $(cat "$work/sinks")"

# wrong options are reported before the run, also in a dry run
for wrong in "file:$work/x?profil=full" "eve:$work/x?flow-id=perhaps" "file:$work/x?profile=none"; do
    "$synfix" read "$file" --dry-run --to "$wrong" >/dev/null 2>"$work/messages" && complain "$wrong: accepted"
    [ "$(grep -c '^synfix: ' "$work/messages")" = 1 ] || complain "$wrong: $(cat "$work/messages")"
done

exit $((failures > 0))
