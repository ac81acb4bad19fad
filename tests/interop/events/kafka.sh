#!/bin/bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# kafka.sh PROGRAM [MOCK]: JSON and IPFIX messages through a broker to kcat, compared with the output in files. The
# broker is Apache Kafka if SYNFIX_KAFKA_LIBS names a directory with its jars (see kafka.pom.xml), else librdkafka's
# mock cluster.
. "$(dirname "$0")/../common.sh"
mock=${2-}
need kcat jq

start_kafka() {
    local controller
    controller=$(unused_port)
    cat >"$work/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
log.dirs=$work/data
offsets.topic.replication.factor=1
num.partitions=3
END
    java -cp "$SYNFIX_KAFKA_LIBS/*" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAA \
        -c "$work/server.properties" >"$work/kafka.log" 2>&1 || {
        complain "Kafka cannot format its storage: $(tail -2 "$work/kafka.log")"
        exit 1
    }
    java -Xmx512m -cp "$SYNFIX_KAFKA_LIBS/*" kafka.Kafka "$work/server.properties" >>"$work/kafka.log" 2>&1 &
    broker=127.0.0.1:$port
    for _ in $(seq 120); do
        kcat -L -b "$broker" -m 2 >/dev/null 2>&1 && break
        sleep 0.5
    done
    echo "broker: $(basename "$(echo "$SYNFIX_KAFKA_LIBS"/kafka_2*.jar)" .jar)"
}

start_mock() {
    mkfifo "$work/hold"
    "$mock" <"$work/hold" >"$work/address" 2>"$work/kafka.log" &
    exec 9>"$work/hold" # the mock cluster ends when this descriptor is closed
    for _ in $(seq 100); do
        [ -s "$work/address" ] && break
        sleep 0.05
    done
    broker=$(head -1 "$work/address")
    [ -n "$broker" ] || {
        complain "the mock cluster does not start: $(cat "$work/kafka.log")"
        exit 1
    }
    echo "broker: librdkafka's mock cluster"
}

if [ -n "${SYNFIX_KAFKA_LIBS-}" ]; then
    need java
    start_kafka
elif [ -x "$mock" ]; then
    start_mock
else
    skip "built without librdkafka; install the package librdkafka-dev and build again"
fi
consume() { # TOPIC KCAT-OPTION...
    local topic=$1
    shift
    timeout 60 kcat -C -b "$broker" -t "$topic" -o beginning -e -q "$@" || complain "kcat: $topic"
}
file=$(capture mixed)

# JSON: the same events as in a file; the key is the source; the events of a host are in one partition, in order
send "$file" --to "kafka://$broker/events" --to "json:$work/events.json"
consume events -f '%s\n' >"$work/consumed"
[ "$(wc -l <"$work/consumed")" -gt 5 ] || complain "JSON: only $(wc -l <"$work/consumed") messages"
sort "$work/events.json" | diff - <(sort "$work/consumed") || complain "JSON: not the same events"
consume events -J | jq -r '[.key, (.payload | fromjson | .src_ip), .partition] | @tsv' >"$work/keys"
awk -F '\t' '$1 != $2 || (($1 in at) && at[$1] != $3) { exit 1 } { at[$1] = $3 }' "$work/keys" ||
    complain "a key is not the source, or a host is in two partitions: $(cat "$work/keys")"
for host in $(cut -f 1 "$work/keys" | sort -u); do
    diff <(jq -c "select(.src_ip == \"$host\") | .pcap_cnt" "$work/events.json") \
        <(jq -c "select(.src_ip == \"$host\") | .pcap_cnt" "$work/consumed") || complain "$host: not in order"
done

# IPFIX: every message can be decoded alone; all messages together contain the records of a file
send "$file" --to "kafka://$broker/records?format=ipfix&domain=77" --to "file:$work/file.ipfix?domain=77"
mkdir "$work/messages"
consume records -f '%R%s' -D '' >"$work/framed"
python3 - "$work/framed" "$work/messages" <<'END' || complain "IPFIX: a message is not one IPFIX message of domain 77"
import struct, sys
data = open(sys.argv[1], "rb").read()
at = number = 0
while at < len(data):
    (length,) = struct.unpack_from(">I", data, at)
    message = data[at + 4:at + 4 + length]
    version, stated, when, sequence, domain = struct.unpack_from(">HHIII", message)
    assert (version, stated, domain) == (10, length, 77) and when > 1600000000, message[:16]
    open(f"{sys.argv[2]}/{number:05}", "wb").write(message)
    at += 4 + length
    number += 1
assert number > 5
END
for message in "$work"/messages/*; do
    "$synfix" dump "$message" --format json >"$work/alone" || complain "IPFIX: a single message cannot be read"
    if grep observationKind "$work/alone" >>"$work/records"; then
        cat "$message" >>"$work/all.ipfix"
    else
        "$synfix" dump --options --format json "$message" | contains informationElementName ||
            complain "IPFIX: a message without records and types"
    fi
done
"$synfix" dump "$work/file.ipfix" --format json | grep observationKind | sort | diff - <(sort "$work/records") ||
    complain "IPFIX: the records differ from the file"
if command -v ipfixDump >/dev/null; then
    ipfixDump --in "$work/all.ipfix" 2>/dev/null | grep -q " $(wc -l <"$work/records") Data Records" ||
        complain "the number of records of ipfixDump differs"
fi
# Compact: one partition alone contains the labels and the names of the elements
send "$file" --to "kafka://$broker/compact?format=ipfix&profile=compact" --to "file:$work/compact.ipfix?profile=compact"
found=0
partitions=$(kcat -L -b "$broker" -t compact -J | jq '.topics[0].partitions | length')
[ "$partitions" -ge 1 ] || complain "no partition of the topic compact"
for ((partition = 0; partition < partitions; partition++)); do
    consume compact -p "$partition" -f '%s' -D '' >"$work/partition.ipfix"
    "$synfix" hosts "$work/partition.ipfix" --format json >"$work/hosts" 2>"$work/errors" ||
        complain "partition $partition: $(cat "$work/errors")"
    grep -q 'label table' "$work/errors" && complain "partition $partition: labels are unknown: $(cat "$work/errors")"
    "$synfix" dump --options "$work/partition.ipfix" --format json | grep '"informationElementName":"osLabelId"' | contains '' ||
        complain "partition $partition: no type records"
    found=$((found + $("$synfix" dump "$work/partition.ipfix" --format json | grep -c observationKind)))
done
[ "$found" = "$("$synfix" dump "$work/compact.ipfix" --format json | wc -l)" ] || complain "compact: $found records"
# options=none sends only data records
send "$file" --to "kafka://$broker/bare?format=ipfix&options=none"
[ "$(consume bare -f '%s' -D '' | "$synfix" dump --options --format json - | grep -vc observationKind)" = 0 ] ||
    complain "options=none sends options records"
"$synfix" read "$file" --quiet --to "kafka://$broker/x?format=avro" 2>"$work/errors"
[ $? -eq 2 ] && grep -q "format: 'avro' is unknown; write json or ipfix" "$work/errors" ||
    complain "format=avro: $(cat "$work/errors")"
exec 9>&-
exit $((failures > 0))
