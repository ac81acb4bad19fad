#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# read --follow: reads the captures of a directory, each once it is complete; skips bad files; a restart repeats
# nothing. Concatenated captures on standard input.
. "$(dirname "$0")/common.sh"
web=$(capture web)
mkdir "$work/dir"
lines() { grep -c '"event_type"' "$work/out.json"; }
begin() {
    : >"$work/err" # remove the messages of earlier runs
    "$synfix" read --follow "$work/dir" --quiet --log-level info --to "json:$work/out.json?append=yes" "$@" 2>"$work/err" 3>&- &
    pid=$!
}
end() {
    kill -TERM $pid
    wait $pid || complain "--follow: exit code $?: $(cat "$work/err")"
}
: >"$work/out.json"
# number of records for the same capture once, twice, ...: the uptime of a host is reported once
copies=()
for n in 1 2 3 4 5; do
    copies+=("$web")
    wanted[n]=$("$synfix" read "${copies[@]}" --quiet --to json:- | wc -l)
done
cp "$web" "$work/dir/a.pcap"
exec 3>"$work/dir/b.pcap" # a writer that has not finished
head -c 2000 "$web" >&3
echo "no capture" >"$work/dir/c.txt"
begin
wait_for 10 grep -q 'c.txt: neither pcap' "$work/err" || complain "a bad file is not reported: $(cat "$work/err")"
wait_for 10 eval '[ $(lines) -eq '"${wanted[1]}"' ]' || complain "one capture: $(lines) records, not ${wanted[1]}"
grep -q 'b.pcap' "$work/err" && complain "an unfinished file was read: $(cat "$work/err")"
tail -c +2001 "$web" >&3
exec 3>&-
wait_for 10 eval '[ $(lines) -eq '"${wanted[2]}"' ]' || complain "two captures: $(lines) records, not ${wanted[2]}"
gzip -c "$web" >"$work/.d.gz"
mv "$work/.d.gz" "$work/dir/d.pcap.gz"
wait_for 10 eval '[ $(lines) -eq '"${wanted[3]}"' ]' || complain "three captures: $(lines) records"
end
[ -s "$work/dir/.synfix-followed" ] || complain "no state file"
cp "$web" "$work/dir/e.pcap"
restarted=$((wanted[3] + wanted[1]))
killed=$((restarted + wanted[1]))
begin
wait_for 10 eval '[ $(lines) -eq '"$restarted"' ]' || complain "a restart: $(lines) records, not $restarted"
sleep 1
[ "$(lines)" -eq "$restarted" ] || complain "a restart repeats: $(lines) records"
grep -q 'c.txt' "$work/err" && complain "a restart reads the bad file again"
end

# kill -9 within two seconds loses nothing: the file that was not saved is read again
cp "$web" "$work/dir/f.pcap"
begin
wait_for 10 eval '[ $(lines) -ge '"$killed"' ]' || complain "before the kill: $(lines) records"
kill -9 $pid
wait $pid 2>/dev/null
begin --follow-state "$work/dir/.synfix-followed"
wait_for 10 grep -q 'f.pcap: .* packets' "$work/err" || complain "after the kill the last file is not read again: $(cat "$work/err")"
end
[ "$(lines)" -ge "$killed" ] || complain "after the kill: $(lines) records"

# without options, lines are appended: kill -9 after a save of the state loses no records, and no start replaces the
# file
mkdir "$work/plain"
cp "$web" "$work/plain/a.pcap"
follow_plain() {
    : >"$work/err"
    "$synfix" read --follow "$work/plain" --quiet --to "json:$work/plain.json" --to "file:$work/plain.ipfix" 2>"$work/err" 3>&- &
    pid=$!
}
plain_lines() { grep -c '"event_type"' "$work/plain.json"; }
follow_plain
wait_for 20 grep -q "a.pcap" "$work/plain/.synfix-followed" || complain "plain: no state: $(cat "$work/err")"
kill -9 $pid
wait $pid 2>/dev/null
grep -q 'plain.ipfix: the next start replaces this file' "$work/err" || complain "plain: no warning: $(cat "$work/err")"
[ "$(plain_lines)" -eq "${wanted[1]}" ] || complain "plain: $(plain_lines) records after kill -9, not ${wanted[1]}"
cp "$web" "$work/plain/b.pcap"
follow_plain
wait_for 10 eval '[ $(plain_lines) -eq '"$((wanted[1] * 2))"' ]' || complain "plain: $(plain_lines) records after a restart"
end
[ "$(plain_lines)" -eq $((wanted[1] * 2)) ] || complain "plain: $(plain_lines) records at the end"

# a damaged line of the state affects only its entry: its file is read again, the others are not
lines_before=$(lines)
sed -i '/ a\.pcap$/s/^[0-9]*/x/' "$work/dir/.synfix-followed"
begin --follow-state "$work/dir/.synfix-followed"
wait_for 10 grep -q '1 damaged line: its file is read again' "$work/err" || complain "a damaged line: $(cat "$work/err")"
wait_for 10 grep -q ': [0-9]* packets' "$work/err" || complain "a damaged line: its file is not read again"
end
[ "$(grep -c ': [0-9]* packets' "$work/err")" = 1 ] || complain "a damaged line: other files were read too: $(cat "$work/err")"
[ "$(lines)" -gt "$lines_before" ] || complain "a damaged line: no records of its file"

# a foreign state file, a missing directory
echo other >"$work/other"
"$synfix" read --follow "$work/dir" --follow-state "$work/other" 2>"$work/err"
[ $? -eq 1 ] && grep -q 'not a state of --follow; remove the file' "$work/err" || complain "a foreign state: $(cat "$work/err")"
[ "$(cat "$work/other")" = other ] || complain "a foreign file was replaced"
"$synfix" read --follow "$work/none" 2>"$work/err"
[ $? -eq 1 ] && grep -q 'No such file or directory; check' "$work/err" || complain "no directory: $(cat "$work/err")"
"$synfix" read --follow "$work/dir" "$web" 2>"$work/err"
[ $? -eq 2 ] || complain "directory and files: $(cat "$work/err")"

# the last sink fails: the run ends, and a restart reads the captures that no sink received
mkdir "$work/failing"
(sleep 1; rm "$work/gone.json"; sleep 2; cp "$web" "$work/failing/1.pcap") &
timeout 30 "$synfix" read --quiet --follow "$work/failing" --to "json:$work/gone.json" 2>"$work/err"
[ $? -eq 3 ] && grep -q 'no sink is left' "$work/err" || complain "no sink is left: $(cat "$work/err")"
wait
(sleep 2; pkill -TERM -f -- "--follow $work/failing") &
timeout 30 "$synfix" read --quiet --follow "$work/failing" --to "json:$work/again.json" 2>"$work/err"
wait
[ "$(wc -l <"$work/again.json")" -gt 3 ] || complain "a restart does not read the captures: $(cat "$work/err")"

# concatenated captures
editcap=$(command -v editcap)
for second in "$web" "$data"/vlan.pcap*; do
    cat "$web" "$second" >"$work/both"
    want=$(($("$synfix" read "$web" "$second" --quiet --to json:- | wc -l)))
    got=$("$synfix" read - --quiet --to json:- <"$work/both" | wc -l)
    [ "$got" -eq "$want" ] || complain "$(basename "$second") after a capture: $got records, not $want"
done
if [ -z "$editcap" ]; then
    echo "not tested: concatenated captures of two formats (no editcap)"
else
    "$editcap" -F pcapng "$web" "$work/web.pcapng"
    for pair in "$web $work/web.pcapng" "$work/web.pcapng $web" "$work/web.pcapng $work/web.pcapng"; do
        # shellcheck disable=SC2086
        cat $pair >"$work/both"
        # shellcheck disable=SC2086
        want=$("$synfix" read $pair --quiet --to json:- | wc -l)
        got=$("$synfix" read "$work/both" --quiet --to json:- 2>"$work/err" | wc -l)
        [ "$got" -eq "$want" ] || complain "$pair: $got records, not $want: $(cat "$work/err")"
    done
fi
exit $((failures > 0))
