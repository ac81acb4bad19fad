#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""kafka.py PROGRAM SOURCE MOCK: `--to kafka://` writes to a broker; the Kafka engine of ClickHouse (chdb, in this
process) reads into the tables of conf/clickhouse with the settings of 10_kafka.sql. The rows equal the JSON lines."""
import pathlib
import re
import subprocess
import sys
import tempfile
import time

try:
    from chdb import session
except ImportError:
    print("skipped: no chdb; pip install chdb")
    sys.exit(77)

PROGRAM, SOURCE, MOCK = sys.argv[1], pathlib.Path(sys.argv[2]), [path for path in sys.argv[3:] if path]
CAPTURE = SOURCE / "tests/data/mixed.pcap"
TRIES = 20  # queries of one consumer group; the first wait for its members
ATTEMPTS = 8


def statements(path, broker):
    text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")).replace("broker:9092", broker)
    return [part.strip() for part in text.split(";") if part.strip()]


def make_kafka_table(database, text):
    """Creates a table. chdb has no background threads: it creates the table and then reports a shutdown."""
    try:
        database.query(text)
    except Exception as error:  # the module of the class differs between versions of chdb
        if "Shutdown was called" not in str(error):
            raise


def read_topic(database, broker, attempt, wanted):
    """The rows that one consumer group reads from the topic. Each attempt has a new group, which begins at the first
    message: members of an earlier group may have read, committed or lost messages."""
    table, view = statements(SOURCE / "conf/clickhouse/10_kafka.sql", broker)
    database.query("DROP TABLE IF EXISTS synfix.kafka SYNC")
    database.query("TRUNCATE TABLE synfix.events")
    make_kafka_table(database, table.replace("'clickhouse'", f"'clickhouse{attempt}'"))
    # the view reads in the background, which chdb does not support; this runs its query instead
    insert = view.partition("TO ")[2].replace(" AS ", " ", 1)
    count = 0
    for _ in range(TRIES):
        database.query(f"INSERT INTO {insert} SETTINGS stream_like_engine_allow_direct_select = 1")
        count = int(str(database.query("SELECT count() FROM synfix.events", "CSV")))
        if count >= wanted:
            break
        time.sleep(0.2)
    return count


def rows(database):
    return str(database.query("SELECT * FROM synfix.events ORDER BY ALL", "JSONEachRow")).splitlines()


def main():
    if not MOCK:
        print("skipped: built without librdkafka; install the package librdkafka-dev and build again")
        return 77
    with tempfile.TemporaryDirectory() as directory, \
            subprocess.Popen(MOCK, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as mock:
        broker = mock.stdout.readline().strip()
        lines = pathlib.Path(directory) / "own.json"
        subprocess.run([PROGRAM, "read", "--quiet", str(CAPTURE), "--to", f"kafka://{broker}/synfix", "--to", f"json:{lines}"],
                       check=True)
        wanted = len(lines.read_text(encoding="utf-8").splitlines())
        database = session.Session()
        for path in sorted((SOURCE / "conf/clickhouse").glob("0*.sql")):
            for text in statements(path, broker):
                database.query(text)
        for attempt in range(ATTEMPTS):
            count = read_topic(database, broker, attempt, wanted)
            if count == wanted:
                break
            print(f"attempt {attempt}: {count} of {wanted} rows")
        by_kafka = rows(database)
        database.query("TRUNCATE TABLE synfix.events")
        database.query(f"INSERT INTO synfix.lines SELECT line FROM file('{lines}', 'LineAsString', 'line String')")
        by_file = rows(database)
        mock.stdin.close()
    print(f"{count} of {wanted} rows through Kafka")
    return 0 if by_kafka == by_file and count == wanted > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
