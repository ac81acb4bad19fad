#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# help.sh PROGRAM: help fits into 80 columns, generated manual pages have no errors, each shell accepts its
# completion, and the completion for bash offers the expected words.
synfix=$(realpath "$1")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
. "$(dirname "$0")/../support/complain.sh"
commands=$("$synfix" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ -n "$commands" ] || complain "no commands in --help"
"$synfix" --help >"$work/help"
for command in $commands; do
    "$synfix" "$command" --help >>"$work/help" || complain "$command --help"
    "$synfix" help "$command" | cmp -s - <("$synfix" "$command" --help) || complain "help $command is not $command --help"
done
awk 'length > 80 { print; wide = 1 } END { exit wide }' "$work/help" || complain "lines of more than 80 columns"
if command -v man >/dev/null; then
    for page in $commands synfix.conf; do
        "$synfix" help --man "$page" >"$work/page" || complain "help --man $page"
        LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$work/page" >"$work/shown" 2>"$work/warnings"
        [ -s "$work/warnings" ] && complain "$page: $(cat "$work/warnings")"
        grep -q '^EXIT STATUS\|^SETTINGS' "$work/shown" || complain "$page: a section is missing"
    done
fi
for shell in bash zsh fish; do
    "$synfix" help --completion $shell >"$work/completion.$shell" || complain "help --completion $shell"
    command -v $shell >/dev/null || continue
    $shell -n "$work/completion.$shell" || complain "$shell does not accept its completion"
done
# completes WORDS... EXPECTED: the completions of bash for the last word contain EXPECTED
completes() {
    local expected=${*: -1}
    (
        PATH=$(dirname "$synfix"):$PATH
        . "$work/completion.bash"
        COMP_WORDS=("${@:1:$#-1}")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _synfix
        printf '%s\n' "${COMPREPLY[@]}"
    ) | grep -qxF -- "$expected" || complain "completion of '${*:1:$#-1}' does not offer $expected"
}
completes synfix re read
completes synfix read --not-p --not-ports
completes synfix read --uptime re regression
completes synfix read --to js json:
completes synfix capture -i l lo
completes synfix sigdb li lint
completes synfix help hos hosts
completes synfix modules te text
if command -v fish >/dev/null; then
    # fish_completes LINE EXPECTED
    fish_completes() {
        PATH=$(dirname "$synfix"):$PATH fish --no-config -c "source $work/completion.fish; complete -C '$1'" | cut -f 1 | grep -qxF -- "$2" ||
            complain "completion of '$1' by fish does not offer $2"
    }
    fish_completes 'synfix re' read
    fish_completes 'synfix read --uptime re' regression
    fish_completes 'synfix read --to js' json:
    fish_completes 'synfix help hos' hosts
    fish_completes 'synfix modules te' text
fi
exit $((failures > 0))
