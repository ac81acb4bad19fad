#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Who may include whom. The build has it too (an include path per folder); here it is told by name, and system
# headers that a folder has no business with are refused.
declare -A may=(
    [src/base]="base"
    [src/capture]="base capture"
    [src/decode]="base decode"
    [src/signature]="base signature"
    [src/sigdb]="base signature sigdb"
    [src/enrich]="base enrich"
    [src/engine]="base capture decode signature sigdb enrich engine"
    [exporter]="base exporter"
    [include/synfix]=""
)
result=0
for folder in "${!may[@]}"; do
    while IFS=: read -r file line text; do
        [[ $text =~ \"([^\"/]+)/ ]] && other=${BASH_REMATCH[1]} || other="(no folder)"
        [[ " ${may[$folder]} " == *" $other "* ]] ||
            { echo "$file:$line: $folder may not include $text"; result=1; }
    done < <(grep -nE '^ *# *include *"' "$folder"/*.[ch] /dev/null)
done
refuse() { # PATTERN FOLDER...
    local pattern=$1 found
    shift
    found=$(grep -nE "^ *# *include *<($pattern)" "${@/%//}" -r --include='*.[ch]') || return 0
    echo "$found" | sed "s/$/   <- not allowed here/"
    result=1
}
refuse 'glib|gio|gmodule|fixbuf' include src/base src/capture src/decode src/signature src/sigdb src/enrich src/engine
refuse 'pcap' include src/base src/decode src/signature src/sigdb src/enrich src/engine exporter
exit $result
