# SPDX-License-Identifier: MIT OR Apache-2.0
"""openmetrics.py ADDRESS:PORT: reads the metrics with many clients at once, while one client sends a request and
never reads, and one never sends a request. Checks the text against the rules of OpenMetrics 1.0: each family in one
piece with TYPE first, names by type, no sample twice, counters that never decrease, the end. Also checks, for each
worker, that received packets are the sum of verdicts."""
import concurrent.futures
import http.client
import re
import socket
import sys

host, port = sys.argv[1].rsplit(":", 1)
wrong = []
SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\d+)')


def scrape():
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    connection.request("GET", "/metrics")
    answer = connection.getresponse()
    text = answer.read().decode()
    kind = answer.headers["Content-Type"]
    if answer.status != 200 or not kind.startswith("application/openmetrics-text; version=1.0.0"):
        wrong.append(f"status {answer.status}, type {kind}")
    return text


def parse(text):
    values, types, family = {}, {}, None
    lines = text.split("\n")
    if lines[-2:] != ["# EOF", ""]:
        wrong.append(f"the end is {lines[-2:]}")
    for line in lines[:-2]:
        if line.startswith("# TYPE "):
            _, _, family, kind = line.split(" ")
            if family in types or kind not in ("counter", "gauge"):
                wrong.append(f"family twice, or of what type: {line}")
            types[family] = kind
        elif line.startswith("# HELP "):
            if line.split(" ")[2] != family:
                wrong.append(f"help of another family: {line}")
        else:
            match = SAMPLE.fullmatch(line)
            name = family + ("_total" if types.get(family) == "counter" else "")
            if not match or match[1] != name or (name, match[2]) in values:
                wrong.append(f"sample: {line}")
            else:
                values[name, match[2]] = int(match[3])
    return values


greedy = socket.create_connection((host, int(port)))
greedy.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 50)
silent = socket.create_connection((host, int(port)))
# One client has eight connections at most (metrics_clients.h): these two, and one of each thread.
with concurrent.futures.ThreadPoolExecutor(6) as pool:
    texts = list(pool.map(lambda _: scrape(), range(40)))
first, last = parse(scrape()), None
for text in texts:
    parse(text)
last = parse(scrape())
for key, value in first.items():
    if key[0].endswith("_total") and last.get(key, 0) < value:
        wrong.append(f"{key} fell from {value} to {last.get(key)}")
workers = {labels for name, labels in last if name == "synfix_packets_received_total"}
for labels in workers:
    verdicts = sum(value for (name, own), value in last.items() if name == "synfix_packets_total" and own.startswith(labels + ","))
    if verdicts != last["synfix_packets_received_total", labels]:
        wrong.append(f"{labels}: received {last['synfix_packets_received_total', labels]}, verdicts {verdicts}")
for path, status in (("/", 404), ("/metrics/x", 404)):
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    connection.request("GET", path)
    if connection.getresponse().status != status:
        wrong.append(f"{path} is not answered by {status}")
for text in wrong[:10]:
    print(text)
print(f"{len(last)} samples, {len(workers)} workers")
sys.exit(1 if wrong or len(workers) < 2 or len(last) < 50 else 0)
