#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Measures the sharing score on synthetic networks that consist of hosts from captures.

usage: evaluate.py --synfix PROGRAM [--p0f PROGRAM] [--networks N] [--seed N] CAPTURE, DIRECTORY OR TAR ARCHIVE...

Hosts are sources of at least six SYNs of one family. Networks: several hosts behind one address at the same time.
Single hosts: unchanged, with a restart, an update, another system, a VPN that starts and stops, ECN, a clamped MSS,
and a middlebox that removes options on some paths. Prints a Markdown table of the addresses that each program
classifies as shared. With --require FOUND,FALSE, the exit code is 1 if fewer than FOUND percent of the addresses with
several families are found, or more than FALSE percent of the single hosts are classified as shared.
"""
import argparse
import collections
import copy
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import zlib

sys.dont_write_bytecode = True
import packets  # noqa: E402, in this directory

SYNS_MIN, SYNS_MAX, SPAN_MAX = 6, 60, 6 * 3600
START = 1700000000


class Host:
    def __init__(self, syns):
        self.syns = syns
        self.family = self.label = None


def tarfile_like(path):
    return os.path.isfile(path) and re.search(r'\.tar(\.[a-z0-9]+)?$', path) is not None


def capture_files(paths, work):
    for path in paths:
        if tarfile_like(path):
            directory = os.path.join(work, os.path.basename(path))
            with tarfile.open(path) as archive:
                archive.extractall(directory, filter='data') if hasattr(tarfile, 'data_filter') else archive.extractall(directory)
            path = directory
        if os.path.isdir(path):
            for directory, _, names in os.walk(path):
                yield from (os.path.join(directory, name) for name in sorted(names))
        else:
            yield path


def read_hosts(paths, work):
    """The hosts of several captures. Hosts of different captures are different; times begin at 0."""
    hosts = []
    for path in sorted(capture_files(paths, work)):
        by_source = collections.defaultdict(list)
        try:
            for syn in packets.syns(path):
                by_source[syn.source].append(syn)
        except (ValueError, IndexError, KeyError, OSError) as problem:
            print(f'{path}: {problem}', file=sys.stderr)
        for _, syns in sorted(by_source.items()):
            syns = sorted(syns, key=lambda one: one.time)
            syns = [syn for syn in syns if syn.time - syns[0].time < SPAN_MAX][:SYNS_MAX]
            if len(syns) >= SYNS_MIN:
                begin = syns[0].time
                for syn in syns:
                    syn.time -= begin
                hosts.append(Host(syns))
    return hosts


def address(number):
    return f'10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}'


def place(syns, number):
    for syn in syns:
        syn.source = address(number)
        syn.time += START
    return syns


def label_hosts(hosts, synfix, work):
    """Selects hosts with SYNs of one family (with few exceptions): the ground truth of the networks."""
    path = os.path.join(work, 'hosts.pcap')
    packets.write(path, [syn for number, host in enumerate(hosts) for syn in place(copy.deepcopy(host.syns), number)])
    lines = subprocess.run([synfix, 'read', '-q', path, '--uptime', 'off', '--to', 'json:-'], capture_output=True, check=True, text=True)
    families, labels = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for line in lines.stdout.splitlines():
        event = json.loads(line)
        facts = event['tcp_fp']
        families[event['src_ip']][facts['family'] if facts['match'] in ('exact', 'generic') and facts['class'] != '!' else '?'] += 1
        labels[event['src_ip']][facts['os']] += 1
    kept = []
    for number, host in enumerate(hosts):
        counts = families[address(number)]
        known = [family for family in counts if family != '?']
        if len(known) == 1 and counts[known[0]] >= 0.8 * sum(counts.values()):
            host.family, host.label = known[0], labels[address(number)].most_common(1)[0][0]
            kept.append(host)
    return kept


def at_distance(syns, distance):
    for syn in syns:
        initial = next(value for value in (32, 64, 128, 255) if value >= syn.ttl)
        syn.ttl = max(1, initial - distance)


def alternates(members):
    """Whether families alternate: hosts that use an address one after another do not share it."""
    order = [family for _, family in sorted((syn.time, family) for family, syns in members for syn in syns)]
    runs = [family for number, family in enumerate(order) if number == 0 or order[number - 1] != family]
    return len(runs) >= 4


def share(chance, chosen):
    """The hosts behind one address at the same time; None if their times do not overlap."""
    members = [copy.deepcopy(host.syns) for host in chosen]
    span = max(syns[-1].time for syns in members)
    for syns in members:
        delay = chance.uniform(0, max(span - syns[-1].time, 0.1))
        for syn in syns:
            syn.time += delay
    several = len({host.family for host in chosen}) > 1
    if not alternates([(host.family if several else number, syns) for number, (host, syns) in enumerate(zip(chosen, members))]):
        return None
    distance = chance.randint(1, 12)
    translated = chance.random() < 0.5
    for syns in members:
        at_distance(syns, distance)
        for syn in syns:
            syn.port = chance.randint(1024, 65535) if translated else syn.port
    return [syn for syns in members for syn in syns]


def networks(chance, hosts, count, size, families):
    """Networks of @p size hosts with at least @p families families (1: exactly one)."""
    found = []
    for _ in range(count * 50):
        if len(found) == count:
            break
        chosen = chance.sample(hosts, size)
        number = len({host.family for host in chosen})
        if number >= families and (families > 1 or number == 1):
            syns = share(chance, chosen)
            if syns is not None:
                found.append(syns)
    return found


def half(syns):
    return len(syns) // 2


def clock_of(syns):
    """Frequency of the timestamps in Hz, from two SYNs to one address."""
    votes = collections.Counter()
    for first in syns:
        for second in syns:
            elapsed, ticks = second.time - first.time, second.timestamp() - first.timestamp()
            if first.destination == second.destination and elapsed > 0.5 and 0 < ticks < 1 << 31:
                votes.update(hertz for hertz in (1000, 250, 100, 10) if abs(ticks / elapsed / hertz - 1) < 0.05)
    return votes.most_common(1)[0][0] if votes else 1000


def spread(syns, chance):
    """Packets over hours, in bursts: a change of the test then lasts for minutes. Clocks continue in between."""
    late, hertz = 0, clock_of(syns)
    for number, syn in enumerate(syns):
        late += chance.choice((0, 0, 0, 0, 900)) if number else 0
        syn.time += late
        syn.set_timestamp(syn.timestamp() + late * hertz if syn.timestamp() else 0)


def plain(chance, host, others):
    return copy.deepcopy(host.syns)


def restart(chance, host, others):
    syns = plain(chance, host, others)
    base = syns[half(syns)].timestamp() - chance.randint(1000, 50000)
    for number, syn in enumerate(syns[half(syns):]):
        syn.time += 300
        syn.set_timestamp(syn.timestamp() - base if syn.timestamp() else 0)
        syn.port = 32768 + number * 2
        syn.ident = number + 1 if syn.ident else 0
    return syns


def one_after_the_other(chance, host, other):
    first, second = copy.deepcopy(host.syns), copy.deepcopy(other.syns)
    gap = first[-1].time + chance.choice((60, 600, 86400))
    for syn in second:
        syn.time += gap
    return first + second


def update(chance, host, others):
    same = [other for other in others if other.family == host.family and other.label != host.label]
    return one_after_the_other(chance, host, chance.choice(same)) if same else None


def other_system(chance, host, others):
    different = [other for other in others if other.family != host.family]
    return one_after_the_other(chance, host, chance.choice(different)) if different else None


def vpn(chance, host, others):
    syns = plain(chance, host, others)
    spread(syns, chance)
    inside, mss, hops = False, chance.choice((1360, 1380, 1400)), chance.randint(0, 4)
    for number, syn in enumerate(syns):
        inside = inside != (number > 0 and syn.time - syns[number - 1].time > 600)
        if inside and syn.mss() > mss:
            syn.set_mss(mss)
            syn.ttl = max(1, syn.ttl - hops)
    return syns


def clamp(chance, host, others):
    """A router clamps the MSS on one of two paths and does not change the window."""
    syns = plain(chance, host, others)
    for syn in syns:
        if zlib.crc32(syn.destination.encode()) % 2 and syn.mss() > 1412:
            syn.options[syn.option(packets.MSS)] = b'\x02\x04\x05\x84'
    return syns


def ecn(chance, host, others):
    syns = plain(chance, host, others)
    for syn in syns:
        if chance.random() < 0.5:
            syn.flags |= 0xC0
    return syns


def middlebox(chance, host, others):
    syns = plain(chance, host, others)
    kinds = chance.choice(((packets.TIMESTAMPS,), (packets.SACK,), (packets.SCALE,), (packets.TIMESTAMPS, packets.SACK)))
    paths = {}
    for syn in syns:
        if paths.setdefault(syn.destination, chance.random() < 0.5) or (len(paths) == 1 and chance.random() < 0.5):
            for kind in kinds:
                syn.strip(kind)
    return syns


def fast_open(chance, host, others):
    syns = plain(chance, host, others)
    for syn in syns:
        if chance.random() < 0.4 and sum(map(len, syn.options)) <= 28:
            syn.options.append(b'\x22\x02')
            syn.options += [b'\x01', b'\x01']
    return syns


SINGLES = [('as captured', plain), ('restart', restart), ('update', update), ('another system', other_system),
           ('VPN starts and stops', vpn), ('MSS clamped on some paths', clamp), ('ECN on and off', ecn),
           ('options removed on some paths', middlebox), ('Fast Open on and off', fast_open)]


def single_cases(chance, hosts, count):
    for name, change in SINGLES:
        found = []
        for host in chance.sample(hosts, min(count, len(hosts))):
            syns = change(chance, host, hosts)
            if syns is not None:
                at_distance(syns, chance.randint(0, 12)) if name == 'as captured' and chance.random() < 0.5 else None
                found.append(syns)
        yield name, found


def shared_by_synfix(synfix, path):
    lines = subprocess.run([synfix, 'hosts', path, '--shared', '--format', 'json'], capture_output=True, check=True, text=True)
    rows = [json.loads(line) for line in lines.stdout.splitlines()]
    return {row['address']: row['sharing_reasons'] for row in rows if row['role'] == 'client'}


def shared_by_p0f(p0f, path, work):
    log = os.path.join(work, 'p0f.log')
    subprocess.run([p0f, '-r', path, '-o', log, '-m', '60000,60000'], capture_output=True, check=True)
    with open(log) as lines:
        return set(re.findall(r'mod=ip sharing\|cli=([0-9.]+)/[0-9]+\|[^\n]*subj=cli', lines.read()))


def build(arguments, hosts):
    chance = random.Random(arguments.seed)
    wanted = arguments.networks
    groups = [('2 hosts, 2 families', True, networks(chance, hosts, wanted, 2, 2)),
              ('3 hosts, 2 or 3 families', True, networks(chance, hosts, wanted, 3, 2)),
              ('5 hosts, several families', True, networks(chance, hosts, wanted // 2, 5, 2)),
              ('2 hosts, 1 family', None, networks(chance, hosts, wanted // 2, 2, 1))]
    return groups + [('1 host: ' + name, False, found) for name, found in single_cases(chance, hosts, wanted)]


def write_groups(groups, path):
    everything, owners, number = [], {}, 1 << 16
    for index, (_, _, networks_of_group) in enumerate(groups):
        for syns in networks_of_group:
            everything += place(syns, number)
            owners[address(number)] = index
            number += 1
    packets.write(path, everything)
    return owners


def percent(part, whole):
    return f'{100 * part / whole:.1f} %' if whole else '-'


def print_table(groups, owners, answers):
    names = list(answers)
    print('| network | addresses | ' + ' | '.join(f'shared by {name}' for name in names) + ' |')
    print('|---|---|' + '---|' * len(names))
    sums = {True: collections.Counter(), False: collections.Counter()}
    for index, (name, truth, found) in enumerate(groups):
        counts = [sum(owners.get(one) == index for one in answers[program]) for program in names]
        print(f'| {name} | {len(found)} | ' + ' | '.join(percent(count, len(found)) for count in counts) + ' |')
        if truth is not None:
            sums[truth]['all'] += len(found)
            sums[truth].update(dict(zip(names, counts)))
    for truth, text in ((True, '**all with several families**'), (False, '**all single hosts**')):
        print(f'| {text} | {sums[truth]["all"]} | ' + ' | '.join(percent(sums[truth][name], sums[truth]['all']) for name in names) + ' |')
    return sums


def explain(groups, owners, answer):
    wrong = collections.Counter((groups[owners[one]][0], reasons) for one, reasons in answer.items()
                                if groups[owners[one]][1] is False)
    for (name, reasons), count in wrong.most_common(20):
        print(f'classified as shared: {name}: {reasons}: {count}', file=sys.stderr)
    missed = [one for one, index in owners.items() if groups[index][1] and one not in answer]
    print('missed:', dict(collections.Counter(groups[owners[one]][0] for one in missed)), ' '.join(missed[:50]), file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--synfix', required=True)
    parser.add_argument('--p0f')
    parser.add_argument('--networks', type=int, default=300)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--require', help='FOUND,FALSE in percent')
    parser.add_argument('--keep', help='directory for the capture of the networks')
    parser.add_argument('captures', nargs='+', help='captures, directories, tar archives; a missing one ends with 77 (skipped)')
    arguments = parser.parse_args()
    for path in arguments.captures:
        if not os.path.exists(path):
            print(f'skipped: {path} does not exist; name captures of this machine')
            sys.exit(77)
    with tempfile.TemporaryDirectory() as work:
        hosts = read_hosts(arguments.captures, work)
        known = label_hosts(hosts, arguments.synfix, work)
        print(f'{len(hosts)} hosts with {SYNS_MIN} or more SYNs, {len(known)} of one family: '
              f'{dict(collections.Counter(host.family for host in known))}', file=sys.stderr)
        groups = build(arguments, known)
        path = os.path.join(arguments.keep or work, 'networks.pcap')
        owners = write_groups(groups, path)
        ours = shared_by_synfix(arguments.synfix, path)
        answers = {'synfix': ours}
        if arguments.p0f:
            answers['p0f'] = shared_by_p0f(arguments.p0f, path, work)
        sums = print_table(groups, owners, answers)
        explain(groups, owners, ours)
    if arguments.require:
        found, false = (float(part) for part in arguments.require.split(','))
        good = 100 * sums[True]['synfix'] >= found * sums[True]['all'] and 100 * sums[False]['synfix'] <= false * sums[False]['all']
        sys.exit(not good)


main()
