#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The dashboard has the types of Grafana's schema: tsc checks it as a literal of the type Dashboard. Needs the npm
# packages @grafana/schema and typescript, in the directory SYNFIX_GRAFANA_SCHEMA or global (npm install -g).
dashboard=$(realpath "$(dirname "$0")/../../conf/grafana/synfix.json")
modules=${SYNFIX_GRAFANA_SCHEMA:+$SYNFIX_GRAFANA_SCHEMA/node_modules}
modules=${modules:-$(npm root -g 2>/dev/null)}
tsc=$modules/typescript/bin/tsc
[ -e "$tsc" ] && [ -d "$modules/@grafana/schema" ] && command -v node >/dev/null ||
    { echo "skipped: no npm packages @grafana/schema and typescript; npm install them"; exit 77; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
ln -s "$modules" "$work/node_modules"

# check FILE: prints the errors of a dashboard
check() {
    {
        echo "import type { Dashboard } from '@grafana/schema';"
        echo "export const dashboard: Dashboard ="
        cat "$1"
    } >"$work/dashboard.ts"
    (cd "$work" && node "$tsc" --noEmit --skipLibCheck --strict --module esnext --moduleResolution bundler dashboard.ts)
}

check "$dashboard" || { echo "FAILED: conf/grafana/synfix.json is not a valid dashboard"; exit 1; }
sed 's/"gridPos"/"gridPosition"/' "$dashboard" >"$work/wrong.json"
check "$work/wrong.json" >/dev/null && { echo "FAILED: a wrong dashboard is accepted"; exit 1; }
sed -n 's/.*"version": "\(.*\)".*/valid by @grafana\/schema \1/p' "$modules/@grafana/schema/package.json" | head -1
