#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# monitoring.sh PROGRAM rules: the alert rules are valid and fire for their faults (promtool, package prometheus).
# monitoring.sh PROGRAM metrics: rules and dashboard use only metrics of the program.
set -u -o pipefail
synfix=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
conf=$here/../../conf
work=$(mktemp -d) || exit 1
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
. "$here/../support/complain.sh"
python3 - "$conf/grafana/synfix.json" <<'END' >"$work/expressions" || complain "conf/grafana/synfix.json"
import json, sys
dashboard = json.load(open(sys.argv[1], encoding="utf-8"))
ids = [panel["id"] for panel in dashboard["panels"]]
assert len(ids) == len(set(ids)) and dashboard["uid"] and dashboard["schemaVersion"] >= 36
for panel in dashboard["panels"]:
    assert panel["title"] and panel["type"] in ("timeseries", "stat")
    place = panel["gridPos"]
    assert 0 <= place["x"] and place["x"] + place["w"] <= 24
    assert panel["targets"]
    for target in panel["targets"]:
        print(target["expr"])
print(dashboard["templating"]["list"][1]["query"]["query"])
END
[ -s "$work/expressions" ] || complain "no expression in the dashboard"
check_rules() {
    command -v promtool >/dev/null || skip "no promtool; install the package prometheus"
    promtool check rules "$conf/prometheus/synfix.rules.yml" >"$work/log" 2>&1 || complain "$(cat "$work/log")"
    cp "$conf/prometheus/synfix.rules.yml" "$here/rules_test.yml" "$work"
    promtool test rules "$work/rules_test.yml" >"$work/log" 2>&1 || complain "$(cat "$work/log")"
    # each expression of the dashboard is a valid PromQL expression: tested as a separate rule
    number=0
    {
        echo "groups: [{name: dashboard, rules: ["
        while read -r expression; do
            case $expression in label_values*) continue ;; esac
            expression=${expression//\$__rate_interval/5m}
            printf '{record: "dashboard:expression", labels: {n: "%d"}, expr: %s},\n' "$((++number))" "'${expression//\'/\'\'}'"
        done <"$work/expressions"
        echo "]}]"
    } >"$work/dashboard.yml"
    promtool check rules "$work/dashboard.yml" >"$work/log" 2>&1 || complain "dashboard: $(cat "$work/log")"
}

# The metrics of a running sensor
check_metrics() {
    if "$synfix" capture -i lo --to "json:$work/lo.json" --metrics-file "$work/metrics" --metrics-interval 1s --quiet \
        >"$work/log" 2>&1 & then
        capture=$!
        for _ in $(seq 50); do
            [ -s "$work/metrics" ] && break
            kill -0 $capture 2>/dev/null || break
            sleep 0.1
        done
        kill $capture 2>/dev/null
        wait $capture
    fi
    if [ -s "$work/metrics" ]; then
        grep -oE '^synfix_[a-z_]+' "$work/metrics" | sort -u >"$work/known"
        cat "$work/expressions" "$conf/prometheus/synfix.rules.yml" | grep -oE '\bsynfix_[a-z_]+' | sort -u >"$work/used"
        [ "$(wc -l <"$work/used")" -gt 10 ] || complain "only $(wc -l <"$work/used") metrics are used"
        comm -23 "$work/used" "$work/known" >"$work/unknown"
        [ -s "$work/unknown" ] && complain "the program has no metric $(cat "$work/unknown")"
    else
        skip "no permission to capture ($(cat "$work/log")); run as root"
    fi
}

case ${2-} in
rules) check_rules ;;
metrics) check_metrics ;;
*) complain "rules or metrics" ;;
esac
exit $((failures > 0))
