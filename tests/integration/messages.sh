#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Errors of users. Each causes a line `synfix: what: why; what to do` and the documented exit code.
. "$(dirname "$0")/common.sh"
cp "$(capture web)" "$work/web.pcap"
cd "$work" || exit 1
head -c 2000 web.pcap >cut.pcap
: >empty.pcap
head -c 24 web.pcap >none.pcap
echo "this is not a capture" >text.txt
mkdir emptydir
printf 'noSuchField\n' >bad.profile
printf 'sourceIPv4Adress\n' >typing.profile
printf 'nonsense\n' >bad1.fp
printf 'classes = unix\n[tcp:request]\nlabel = s:win:A:1\n' >bad2.fp
printf 'workers=0\n[capture]\n' >before.conf
printf '[capture]\nbufer = 1\n[capure]\nbuffer = 1\n[export]\nbuffer = 1\nflush = soon\n' >typos.conf
cp "$here/test.fp" secret.fp
chmod 600 secret.fp web.pcap
chmod 755 .
python3 - "$work/listener" <<'PYTHON' &
import socket, sys, time
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
open(sys.argv[1], "w").write(str(s.getsockname()[1]))
time.sleep(60)
PYTHON
for _ in {1..100}; do
    [ -s listener ] && break
    sleep 0.05
done
port=$(cat listener)

"$synfix" read web.pcap --quiet --to file:some.ipfix || complain "an IPFIX file"
"$synfix" read web.pcap --quiet --filter 'tcp port 1' --to file:options.ipfix || complain "an IPFIX file without data records"

form='^synfix: [^;]+: [^;]+; .+'

# check CODE PATTERN COMMAND...: exit code; a line of that form that matches PATTERN; no other messages
check() {
    local code=$1 pattern=$2 got
    shift 2
    timeout 30 "$@" >out 2>err </dev/null
    got=$?
    [ $got -eq "$code" ] || complain "${*:2}: exit code $got, not $code: $(cat err)"
    grep -E "$form" err | contains -E -- "$pattern" || complain "${*:2}: no line with '$pattern': $(cat err)"
    if grep '^synfix: ' err | contains -vE "$form"; then
        complain "${*:2}: a message without advice: $(grep '^synfix: ' err | grep -vE "$form")"
    fi
}

# Numbers refer to the list of user errors for which this test was written. Arguments are split at spaces.
while IFS='|' read -r number code pattern arguments; do
    [ -n "$number" ] || continue
    eval "set -- $arguments"
    check "$code" "$pattern" "$synfix" "$@"
done <<END
1|2|raed: no such command; did you mean 'read'|raed web.pcap
2|2|-r: .*synfix read FILE|-r web.pcap
2|2|-i: .*synfix capture -i NAME|-i eth0
3|2|no capture file named; write synfix read FILE|read
4|2|--too: no such option of 'read'; did you mean --to|read web.pcap --too x
4|2|-w: .*--to file:PATH|read web.pcap -w x
4|2|-o: .*--to SCHEME:PATH|read web.pcap -o x
4|2|--json: .*write --to json:-|read web.pcap --json
5|1|nofile.pcap: No such file or directory; check the path|read nofile.pcap
6|1|emptydir: is a directory; .*--follow emptydir|read emptydir
7|1|text.txt: neither pcap nor pcapng; name a capture|read text.txt
7|1|empty.pcap: the file is empty; check the program|read empty.pcap
8|1|cut.pcap: truncated in packet 26; the packets before|read cut.pcap
10|2|ends at the space; quote the filter: --filter 'tcp port 80'|read web.pcap --filter tcp port 80
11|2|out.json: no such sink; write json:out.json|read web.pcap --to out.json
11|2|out.ipfix: no such sink; write file:out.ipfix|read web.pcap --to out.ipfix
11|2|write file:/tmp/x.ipfix|read web.pcap --to /tmp/x.ipfix
11|2|write json:/tmp/x or file:/tmp/x|read web.pcap --to /tmp/x
12|2|json:: a target is missing; write json:- .standard output. or json:FILE|read web.pcap --to json:
12|2|syslog: a target is missing; write syslog: .the daemon of this host. or|read web.pcap --to syslog
12|2|--to: json:: a target is missing; write json:- .standard output. or json:FILE|collect --listen tcp://127.0.0.1:0 --to json:
12|2|tcp: a target is missing; write tcp://HOST:PORT|read web.pcap --to tcp
13|2|JSON:-: no such sink; did you mean 'json:-'|read web.pcap --to JSON:-
13|2|no such sink; did you mean 'tcp://192.0.2.1'|read web.pcap --to tcpp://192.0.2.1
14|2|no option 'rotat-size'; the options are: append, rotate-size|read web.pcap --to 'json:-?rotat-size=5'
15|2|rotate-size: 'five' is not a number.*; write a whole number, with k, M or G|read web.pcap --to 'json:-?rotate-size=five'
16|2|queue: '1GB' is not a number from 64k to 2G; write|read web.pcap --queue 1GB
17|2|flush: '5sec' is not a time from 1ms to 1h; write|read web.pcap --flush 5sec
18|3|/nodir/x.json: .*No such file or directory; check the path|read web.pcap --to json:/nodir/x.json
19|2|port '99999' is not a port; write a number|read web.pcap --to tcp://127.0.0.1:99999
20|3|Connection refused; start the collector|read web.pcap --to tcp://127.0.0.1:9
21|3|udp://nosuchhost.invalid:4739: .*; check the|read web.pcap --to udp://nosuchhost.invalid:4739
22|2|profile 'compct' is unknown; write .*compact, .*full|read web.pcap --to 'file:x.ipfix?profile=compct'
23|2|bad.profile:1: unknown element 'noSuchField'; 'synfix elements' lists|read web.pcap --to 'file:x.ipfix?profile=./bad.profile'
23|2|did you mean 'sourceIPv4Address'|read web.pcap --to 'file:x.ipfix?profile=./typing.profile'
24|2|ca=no.pem: No such file or directory; check the path|read web.pcap --to 'tls://127.0.0.1:9?ca=no.pem'
25|2|addresses: '10.0.0.0/33' is not an address or a prefix; write|read web.pcap --addresses 10.0.0.0/33
25|2|addresses: '10.0.0' is not an address|read web.pcap --addresses 10.0.0
25|2|addresses: 'localhost' is not an address|read web.pcap --addresses localhost
25|2|'10.0.0.1/8' has bits set.*; write 10.0.0.0/8 for the network|read web.pcap --addresses 10.0.0.1/8
26|2|ports: 'http' is not a port.*; write a number|read web.pcap --ports http
26|2|ports: '80-22' is a descending range; write 22-80|read web.pcap --ports 80-22
27|2|filter: 'tcp prot 80': .*; see pcap-filter|read web.pcap --filter 'tcp prot 80'
28|2|encapsulations: 'vxlann' is unknown; did you mean 'vxlan'|read web.pcap --encapsulations vxlann
29|2|log-level: 'loud' .*; write error, warn, notice, info, debug|read web.pcap --log-level loud
30|2|uptime: 'on' is unknown; write off, regression or p0f|read web.pcap --uptime on
30|2|workers: '0' .*; write auto or a number from 1 to 64|read web.pcap --workers 0
31|1|none.fp: No such file or directory; check the path|read web.pcap --sigdb none.fp
33|2|bad1.fp:1: neither a section nor a field.*; write|read web.pcap --sigdb bad1.fp
33|2|bad2.fp:3: the class .*; add the class to the line|read web.pcap --sigdb bad2.fp
34|2|geoip: no database; write geoip.country=FILE|read web.pcap --enrich geoip
35|2|communityid: no such enricher; did you mean 'community-id'|read web.pcap --enrich communityid
35|2|geo: no such enricher; did you mean 'geoip'|read web.pcap --enrich geo
36|2|^synfix: web.pcap: invalid ELF header; name a shared object|read web.pcap --load web.pcap
37|2|^synfix: nofile.conf: No such file or directory; check|read web.pcap --config nofile.conf
38|2|typos.conf:2: .capture. bufer: no such setting; did you mean 'buffer'|capture -i lo --config typos.conf --check-config
38|2|typos.conf:4: .capure.: no such section; did you mean .capture.|capture -i lo --config typos.conf --check-config
38|2|typos.conf:6: .export. buffer: wrong section; move the setting to .capture.|capture -i lo --config typos.conf --check-config
39|2|typos.conf:7: flush: 'soon'|capture -i lo --config typos.conf --check-config
40|0|eth99: no such interface at present; capture needs the interface|capture -i eth99 --check-config
40|3|json:/nodir/x: No such file or directory; check the path|capture -i lo --check-config --to json:/nodir/x
41|2|no interface named; write -i NAME, one of: .*lo|capture
42|5|eth99: no such interface; .*--list-interfaces|capture -i eth99
43|2|extra: unexpected word; --list-interfaces lists all|capture --list-interfaces extra
43|2|eth0: unexpected word; .*-i eth0|capture eth0
45|2|user: nosuch: no such user; name|capture -i lo --user nosuch
45|2|cpus: '9999' is not a CPU of this machine.*; write|capture -i lo --cpus 9999
46|2|metrics-listen: '127.0.0.1' is not an address; write ADDRESS:PORT|capture -i lo --metrics-listen 127.0.0.1
47|2|--listen 127.0.0.1:4739: a scheme is missing; write udp://|collect --listen 127.0.0.1:4739
48|3|--listen tcp://127.0.0.1:$port: .*Address already in use; stop|collect --listen tcp://127.0.0.1:$port
49|1|web.pcap: .*no IPFIX message .*; for a capture, write synfix read FILE|dump web.pcap
50|1|nofile: No such file or directory; check|dump nofile
50|1|empty.pcap: no IPFIX message.*; check|dump empty.pcap
51|2|--filter: no such option of 'dump'; |dump --filter x
51|2|--format: 'splunk' .*; write one of|elements --format splunk
52|1|unknown.fp: No such file or directory; check|sigdb lint unknown.fp
53|2|tpc: no such module; did you mean 'tcp'|modules tpc
53|1|web.pcap: not an unfinished file; .*[.]part|recover web.pcap
54|2|csv:-: standard output is in use by json:-; choose|read web.pcap --to json:- --to csv:-
54|2|json:web.pcap: would replace web.pcap, which is an input; choose|read web.pcap --to json:web.pcap
0|2|vlan 10.: no VLAN support .*; see|capture -i any --filter 'vlan 10' --check-config
0|2|no such action of 'sigdb'; did you mean 'lint'|sigdb lnt
0|2|foo: no such command; see synfix --help|help foo
0|2|--to: 'out.json' is unknown; write text, json|collect --listen tcp://127.0.0.1:0 --to out.json
0|2|--to: 'file:out[?]compress=zstd': outputs of collect have no options; write file:out$|collect --listen tcp://127.0.0.1:0 --to 'file:out?compress=zstd'
0|2|hosts: no input named; write synfix hosts FILE|hosts
0|2|--format: no such option of 'read'; write --to SCHEME:-|read web.pcap --format json
0|2|--json: no such option of 'hosts'; write --format json|hosts web.pcap --json
0|2|tcp port 80: not a file; a filter is an option: --filter 'tcp port 80'|read web.pcap 'tcp port 80'
0|2|tcp: unexpected word; a filter is an option|capture -i lo tcp port 80
0|2|redis://x: no such sink; write eve:HOST:PORT.type=redis|read web.pcap --to redis://x
0|2|ipfix:x: no such sink; write file:NAME.ipfix|read web.pcap --to ipfix:x
0|2|sqlite:x: no such sink; write inventory:FILE|read web.pcap --to sqlite:x
0|1|no .ipfix or .ipfix.zst file in this directory; name files|dump emptydir
0|1|emptydir: no capture and no IPFIX file in this directory; name|hosts emptydir
0|1|emptydir: no capture and no IPFIX file in this directory; name|report emptydir --output -
0|2|options=none: the profile compact needs the label table; write options=all|read web.pcap --to 'file:x.ipfix?profile=compact&options=none'
0|2|options=types: the profile compact needs the label table; write options=all|read web.pcap --to 'file:x.ipfix?profile=compact&options=types'
0|2|--output: the suffix '.pdf' names no format; add --format|report web.pcap -o r.html.pdf
0|2|before.conf:1: a setting before the first section; write|capture -c before.conf --check-config
0|2|web.pcap: unexpected word; to read a file write synfix read web.pcap|capture -i lo web.pcap
0|2|'foo' is not a scheme; write udp, tcp, tls or dtls|collect --listen foo://127.0.0.1:1
0|2|--until is before --since: no time is between them; write|hosts web.pcap --since 2026-01-01 --until 2025-01-01
0|2|--until is the same as --since: .*; write|dump some.ipfix --since 2026-01-01 --until 2026-01-01
0|2|--top: '0' is not a number of hosts; write 1|hosts web.pcap --top 0
0|2|'fe80::1%eth0/64' has a zone.*; omit '%eth0'|hosts web.pcap --net fe80::1%eth0/64
0|1|text.txt: neither pcap nor pcapng, no IPFIX file and no inventory; name a file|hosts text.txt
0|1|text.txt: .*; name the query socket of a capture|query 192.0.2.1 -s text.txt
0|2|sigdb: no action named; write synfix sigdb ACTION, one of: lint show|sigdb
0|2|text.txt:1: neither a section, nor a setting, nor a comment; write|capture -c text.txt --check-config
0|2|--follow-state: no directory is followed; add --follow|read web.pcap --follow-state x
0|2|--label Linux: a label is .*; write a label, for example|sigdb learn web.pcap --label Linux
0|1|web.pcap: has a NUL byte; name a text file|sigdb convert web.pcap
0|2|ca=text.txt: .*; name certificates|read web.pcap --to 'tls://127.0.0.1:1?ca=text.txt&anonymous=yes'
0|2|--options: only text and json print options records; write --format json|dump some.ipfix --options --format csv
0|2|--options: only text and json print options records; add --to json|collect --listen udp://127.0.0.1:0 --options --to csv
0|2|--options: only text and json print options records; add --to json|collect --listen udp://127.0.0.1:0 --options --to csv:x --to file:x.ipfix
0|2|--quiet=no: this option has no value; write --quiet, or omit the option|read web.pcap --quiet=no
0|2|--top: not a number; write a number|hosts web.pcap --top x
0|2|ports: '80-70' is a descending range; write 70-80|read web.pcap --ports 80-70
0|2|min-quality: 'x' is not a number from 0 to 100; write a whole number$|read web.pcap --min-quality x
0|1|some.ipfix: neither pcap nor pcapng, but IPFIX; write synfix dump FILE|read some.ipfix
0|1|web.pcap: not a directory; name the directory|read --follow web.pcap
0|2|any: includes all other interfaces; write either any|capture -i any -i lo --check-config
0|2|json:-: option rotate-size has no value; write rotate-size=VALUE|read web.pcap --to 'json:-?rotate-size'
END

# accepted values
for line in 'web.pcap' '-V' 'read web.pcap --log-level info' 'read web.pcap --log-level warn' 'sigdb lint secret.fp' \
    'capture --list-interfaces'; do
    # shellcheck disable=SC2086
    "$synfix" $line >out 2>err || complain "$line: exit code $?: $(cat err)"
done
grep -q '^lo ' out || complain "capture --list-interfaces: $(cat out)"

# 9, 32, 42, 44: without root
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    check 4 'web.pcap: Permission denied; check the owner' "${nobody[@]}" "$synfix" read web.pcap
    chmod 644 web.pcap
    mkdir -m 700 closed
    check 4 'secret.fp: Permission denied; check the owner' "${nobody[@]}" "$synfix" read web.pcap --sigdb secret.fp
    check 4 'secret.fp: Permission denied; check the owner' "${nobody[@]}" "$synfix" dump secret.fp
    check 4 'closed.*Permission denied; check the owner' "${nobody[@]}" "$synfix" dump closed
    check 5 'eth99: no such interface; ' "${nobody[@]}" "$synfix" capture -i eth99
    check 4 'lo: no permission to capture .*; run as root, or: setcap' "${nobody[@]}" "$synfix" capture -i lo
    if read -r first </proc/sys/net/ipv4/ip_unprivileged_port_start && [ "$first" -gt 1 ]; then
        port='127.0.0.1:1.*ports below 1024 need root or CAP_NET_BIND_SERVICE; choose another port'
        check 4 "$port" "${nobody[@]}" "$synfix" collect --listen udp://127.0.0.1:1 --to json:-
        check 4 "$port" "${nobody[@]}" "$synfix" capture -i sflow://127.0.0.1:24799 --metrics-listen 127.0.0.1:1 --to json:-
        check 4 "${port/:/ port }" "${nobody[@]}" "$synfix" capture -i sflow://127.0.0.1:1 --to json:-
    fi
fi
# an empty result states the reason; a file of another format is reported a few times, not once for each line
while IFS='|' read -r pattern arguments; do
    eval "set -- $arguments"
    "$synfix" "$@" >out 2>err || complain "$*: exit code $?"
    grep -qE "$pattern" err || complain "$*: no line with '$pattern': $(cat err)"
done <<'LIST'
no host: none of 2 rows .hosts by role. passes the filters|hosts web.pcap --os nothing
no host: no SYN and no SYN.ACK passed the filters of time|hosts web.pcap --since 2026-01-01
no host: no SYN and no SYN.ACK in the input|hosts none.pcap
none of 27 data records passes the filters|dump some.ipfix --os nothing
none of 27 data records passes the filters|dump some.ipfix --os nothing --to json:-
no data record in the input|dump options.ipfix
LIST
"$synfix" dump --options options.ipfix >out 2>err || complain "dump --options: exit code $?"
grep -q 'informationElementId' out || complain "dump --options: no options record"
[ -s err ] && complain "dump --options printed records, then: $(cat err)"
"$synfix" hosts web.pcap --net ::ffff:10.0.0.0/104 | contains '^10\.0\.2\.15 ' || complain "a mapped prefix selects no IPv4 host"
"$synfix" hosts web.pcap --os nothing 2>err | contains 'Address' && complain "a heading without rows"
"$synfix" hosts cut.pcap nofile.pcap --os nothing >out 2>err
grep -q 'no host:' err && complain "a failed input: $(cat err)"
"$synfix" report web.pcap -o page.MD 2>err && head -1 page.MD | contains '^#' || complain "report -o page.MD: $(head -1 page.MD) $(cat err)"
for _ in {1..40}; do echo "no setting"; done >long.conf
"$synfix" capture -c long.conf 2>err
[ "$(wc -l <err)" -le 12 ] || complain "a start with 40 mistakes: $(wc -l <err) lines"
grep -qE '^synfix: 3[01] more mistakes; --check-config lists' err || complain "a start with 40 mistakes: $(tail -2 err)"
"$synfix" capture -c long.conf --check-config 2>err
[ "$(grep -c '^synfix: long.conf:' err)" -eq 40 ] || complain "--check-config with 40 mistakes: $(wc -l <err) lines"
"$synfix" capture -c nofile.conf 2>err
[ "$(wc -l <err)" -eq 1 ] || complain "a missing configuration: $(cat err)"
exit $((failures > 0))
