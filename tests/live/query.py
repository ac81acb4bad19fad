#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Clients of the query socket and of the HTTP listener: well-behaved and hostile ones."""
import ipaddress
import json
import os
import resource
import socket
import struct
import sys
import threading
import time

FORMAT = '<IIIIIIIIIhBB32s32s32s32s32s32s'
FIELDS = ['magic', 'status', 'first_seen', 'last_seen', 'total_conn', 'uptime_min', 'up_mod_days', 'last_nat', 'last_chg',
          'distance', 'bad_sw', 'os_match_q', 'os_name', 'os_flavor', 'http_name', 'http_flavor', 'link_type', 'language']
if sys.byteorder == 'big':
    FORMAT = FORMAT.replace('<', '>')


def connect(path, timeout=5):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(timeout)
    client.connect(path)
    return client


def request(address, magic=0x50304601, kind=None):
    packed = ipaddress.ip_address(address)
    return struct.pack('=IB16s', magic, kind if kind is not None else packed.version, packed.packed)


def receive(client, size):
    data = b''
    while len(data) < size:
        got = client.recv(size - len(data))
        if not got:
            break
        data += got
    return data


def p0f_query(path, address):
    with connect(path) as client:
        client.sendall(request(address))
        values = struct.unpack(FORMAT, receive(client, 232))
    return {name: value.split(b'\0')[0].decode() if isinstance(value, bytes) else value for name, value in zip(FIELDS, values)}


def addresses(path):
    with open(path) as lines:
        events = [json.loads(line) for line in lines]
    print(' '.join(sorted({event['src_ip'] for event in events if event['event_type'] == 'tcp_fp'})))


def compare(p0f, synfix, hosts):
    """p0f has one entry for each address, synfix one for each role: only addresses with one role are compared."""
    wrong = 0
    compared = 0
    for host in hosts:
        theirs, ours = p0f_query(p0f, host), p0f_query(synfix, host)
        if theirs['status'] != 0x10 or ours['status'] != 0x10:
            print(host, 'status', theirs['status'], ours['status'])
            wrong += theirs['status'] == 0x10
            continue
        compared += 1
        for name in ('magic', 'os_name', 'os_flavor', 'link_type', 'distance', 'os_match_q', 'bad_sw', 'http_name', 'language'):
            if name in ('http_name', 'language') and theirs[name]:
                continue  # synfix does not read HTTP
            if theirs[name] != ours[name]:
                print(f'{host}: {name}: p0f {theirs[name]!r}, synfix {ours[name]!r}')
                wrong += 1
        for name in ('first_seen', 'last_seen'):
            if abs(theirs[name] - ours[name]) > 2:
                print(f'{host}: {name}: p0f {theirs[name]}, synfix {ours[name]}')
                wrong += 1
    print(f'{compared} hosts compared with p0f')
    return wrong == 0 and compared >= 5


def client(path, host):
    """The client from PyPI leaves texts as bytes under Python 3."""
    from p0f import P0f
    reader = P0f(path, timeout=5)
    data = reader.get_info(host)
    ours = p0f_query(path, host)
    reader.close()
    name = data['os_name']
    name = name if isinstance(name, str) else name.rstrip(b'\0').decode()
    print('PyPI:', name, data['distance'], data['first_seen'])
    try:
        P0f(path, timeout=5).get_info('203.0.113.9')
        return False
    except KeyError:
        pass
    return name == ours['os_name'] != '' and data['distance'] == ours['distance'] and data['first_seen'] is not None


def abuse(path, host):
    good = request(host)
    # broken queries: an answer with the status of a bad query, then an answer to the next query
    with connect(path) as one:
        for bad in (request(host, magic=0x12345678), request(host, kind=7), request(host, magic=0x50304601, kind=0)):
            one.sendall(bad)
            if struct.unpack_from('=II', receive(one, 232)) != (0x50304602, 0):
                print('a bad query is not refused')
                return False
        for byte in good:
            one.sendall(bytes([byte]))
        if struct.unpack_from('=II', receive(one, 232)) != (0x50304602, 0x10):
            print('a slow query is not answered')
            return False
    # ten thousand connections; some send half a query, some never read
    for number in range(10000):
        try:
            with connect(path, 2) as one:
                if number % 3:
                    one.send(good[:number % 22])
        except OSError:
            pass
    held = []
    for number in range(300):
        try:
            one = connect(path, 2)
            one.setblocking(False)
            for _ in range(200):
                one.send(request(host, magic=0x53594E01))  # requests long texts and never reads them
            held.append(one)
        except OSError:
            held.append(one)
    start = time.monotonic()
    for one in held:
        one.close()
    for _ in range(100):
        try:
            if p0f_query(path, host)['status'] == 0x10:
                print(f'answered {time.monotonic() - start:.2f} s after the clients had closed')
                return True
        except (OSError, struct.error):
            time.sleep(0.05)
    print('no answer after the hostile clients')
    return False


def over_http(where, path):
    host, port = where.rsplit(':', 1)
    with socket.create_connection((host, int(port)), 5) as one:
        one.sendall(f'GET {path} HTTP/1.0\r\n\r\n'.encode())
        answer = b''
        while True:
            got = one.recv(65536)
            if not got:
                break
            answer += got
    head, _, body = answer.partition(b'\r\n\r\n')
    print(head.split()[1].decode() if head else 'nothing')
    sys.stdout.write(body.decode())


def http_connection(where, number, request):
    """A connection from one of 200 addresses; does not wait."""
    host, port = where.rsplit(':', 1)
    one = socket.socket()
    one.setblocking(False)
    try:
        one.bind((f'127.0.1.{1 + number % 200}', 0))
        one.connect_ex((host, int(port)))
        one.send(request)
    except OSError:
        pass  # not connected yet, or refused
    return one


def scrape(where):
    """The metrics by name; None: refused."""
    host, port = where.rsplit(':', 1)
    try:
        with socket.create_connection((host, int(port)), 5) as one:
            one.sendall(b'GET /metrics HTTP/1.0\r\n\r\n')
            with one.makefile() as answer:
                lines = answer.read().splitlines()
    except OSError:
        return None
    return dict(line.rsplit(' ', 1) for line in lines if line.startswith('synfix_')) or None


def scrape_at_last(where):
    for attempt in range(1, 101):
        metrics = scrape(where)
        if metrics:
            return metrics, attempt
        time.sleep(0.1)
    print('never answered')
    return {}, 0


def descriptors(pid):
    return len(os.listdir(f'/proc/{pid}/fd'))


def drip(where, what):
    """Requests in single octets, on more connections than the limit. Another client receives its answer meanwhile."""
    held = [http_connection(where, number % 3, b'GET /metrics HTTP/1.1\r\nX-') for number in range(48)]
    for _ in range(60):
        time.sleep(0.5)
        for one in held:
            try:
                one.send(b'x')
            except OSError:
                pass
        if scrape(where):
            break
    else:
        print(f'{what}: never answered')
        return False
    for one in held:
        one.close()
    return True


def flood(where, pid, count):
    """Concurrent connections: a third sends a request, a third stops in the middle, a third sends nothing."""
    before = descriptors(pid)
    held, most = [], 0
    for number in range(count):
        held.append(http_connection(where, number, b'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'[:(0, 20, 99)[number % 3]]))
        if number % 100 == 0:
            most = max(most, descriptors(pid))
    metrics, attempts = scrape_at_last(where)
    for one in held:
        one.close()
    refused, displaced = (int(metrics.get(f'synfix_metrics_connections_{kind}_total', -1)) for kind in ('refused', 'displaced'))
    print(f'{count} connections: {refused} refused, {displaced} displaced, {most - before} descriptors more, attempt {attempts} answered')
    return most - before <= 20 and refused > 0 and displaced > 0


def abuse_http(where, pid, count):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(int(count), limit - 100)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    return drip(where, 'dripping clients') and flood(where, pid, count)


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == 'addresses':
        addresses(*rest)
    elif what == 'http':
        over_http(*rest)
    elif what == 'compare':
        sys.exit(not compare(rest[0], rest[1], rest[2:]))
    elif what == 'client':
        sys.exit(not client(*rest))
    elif what == 'abuse':
        sys.exit(not abuse(*rest))
    elif what == 'abuse_http':
        sys.exit(not abuse_http(*rest))


main()
