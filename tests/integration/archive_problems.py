#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Files that `dump` and `dump --to` cannot read completely: complete records are printed or converted, the last lines
count the other parts by reason, and the exit code is 1.

usage: archive_problems.py PROGRAM DATA SIGDB DIRECTORY
"""
import bz2
import gzip
import lzma
import os
import re
import struct
import subprocess
import sys

PROGRAM, DATA, SIGDB, WORK = sys.argv[1:5]
failures = 0


def complain(text):
    global failures
    failures += 1
    print(text)


def path(name):
    return os.path.join(WORK, name)


def write(name, data):
    with open(path(name), "wb") as file:
        file.write(data)
    return path(name)


def read(name):
    with open(name, "rb") as file:
        return file.read()


def archive(capture, name, options=""):
    subprocess.run([PROGRAM, "read", "--quiet", "--sigdb", SIGDB, os.path.join(DATA, capture), "--to",
                    f"file:{path(name)}?recover=no{options}"], check=True)
    return read(path(name))


# An independent reader: offsets of the records, from the templates before them.
def template_sets(body, is_options):
    at = 0
    while at + 4 <= len(body):
        number, count = struct.unpack_from(">HH", body, at)
        at += 6 if is_options else 4
        lengths = []
        for _ in range(count):
            element, length = struct.unpack_from(">HH", body, at)
            at += 8 if element & 0x8000 else 4
            lengths.append(length)
        yield number, lengths


def record_end(lengths, data, at):
    for length in lengths:
        if length == 65535:
            length = data[at]
            at += 1
            if length == 255:
                length = struct.unpack_from(">H", data, at)[0]
                at += 2
        at += length
    return at


def record_ends(data):
    """Offset after each data record."""
    templates, ends, at = {}, [], 0
    while at < len(data):
        end = at + struct.unpack_from(">H", data, at + 2)[0]
        at += 16
        while at < end:
            number, length = struct.unpack_from(">HH", data, at)
            body = data[at + 4:at + length]
            if number in (2, 3):
                templates.update({key: (lengths, number == 3) for key, lengths in template_sets(body, number == 3)})
            else:
                lengths, is_options = templates[number]
                record = at + 4
                while at + length - record >= sum(1 if one == 65535 else one for one in lengths):
                    record = record_end(lengths, data, record)
                    if not is_options:
                        ends.append(record)
            at += length
    return ends


def message(sets, sequence=0, domain=1):
    body = b"".join(struct.pack(">HH", number, 4 + len(data)) + data for number, data in sets)
    return struct.pack(">HHIII", 10, 16 + len(body), 1700000000, sequence, domain) + body


# 12 octets: sourceIPv4Address, destinationIPv4Address, octetDeltaCount of four octets
TEMPLATE = (2, struct.pack(">HHHHHHHH", 300, 3, 8, 4, 12, 4, 1, 4))


def foreign(count):
    return (300, b"".join(struct.pack(">III", 0x0A000000 + i, 0xC0000200, 100 + i) for i in range(count)))


def dump(*arguments):
    run = subprocess.run([PROGRAM, "dump", *arguments], stdin=subprocess.DEVNULL, capture_output=True)
    return run.returncode, run.stdout.decode().splitlines(), run.stderr.decode()


def reasons(errors):
    """Converts `synfix: dump: 3 files without an IPFIX message: ...` to {text: 3}."""
    found = re.findall(r"^synfix: dump: (\d+) ([^:\n]*?)(?:: .*)?$", errors, re.M)
    return {text: int(count) for count, text in found if " read to the end" not in text}


def expect(name, arguments, code, lines, wanted):
    got, output, errors = dump(*arguments)
    if got != code or len(output) != lines:
        complain(f"{name}: exit code {got}, {len(output)} lines; expected {code} and {lines}\n{errors}")
    if reasons(errors) != wanted:
        complain(f"{name}: {reasons(errors)}, not {wanted}\n{errors}")


def check_truncations(data):
    """For each length: complete records are read, and the cut is counted, except between two messages."""
    ends = record_ends(data)
    borders, at = [0], 0
    while at < len(data):
        at += struct.unpack_from(">H", data, at + 2)[0]
        borders.append(at)
    for length in [*range(1, len(data), max(1, len(data) // 60)), *borders[1:-1], *(end + 1 for end in ends[:3]), ends[1]]:
        name = write("cut.ipfix", data[:length])
        whole = sum(end <= length for end in ends)
        wanted = {} if length in borders else {"file that ends inside a message": 1}
        for sink in (["--to", "json:-"], ["--format", "json"]):
            expect(f"{length} bytes {sink[0]}", [name, *sink], 1 if wanted else 0, whole, wanted)


def check_foreign(full):
    web = read(os.path.join(DATA, "web.pcap"))
    files = {"capture.ipfix": web, "ng.ipfix": read(os.path.join(DATA, "local.pcapng")), "packed.ipfix": gzip.compress(full),
             "xz.ipfix": lzma.compress(full), "bz.ipfix": bz2.compress(full),
             "text.ipfix": b"this is not an archive\n" * 50,
             "netflow5.ipfix": struct.pack(">HHIIIIBBH", 5, 1, 1, 2, 3, 4, 0, 0, 0) + bytes(48),
             "netflow9.ipfix": struct.pack(">HHIIII", 9, 1, 1, 2, 3, 4) + bytes(40), "zeros.ipfix": bytes(5000)}
    for name, data in files.items():
        for sink in (["--to", "json:-"], ["--format", "json"]):
            expect(name, [write(name, data), *sink], 1, 0, {"file without an IPFIX message": 1})
    expect("an empty file", [write("empty.ipfix", b""), "--to", "json:-"], 1, 0, {"empty file": 1})
    expect("no file", [path("nowhere.ipfix"), "--to", "json:-"], 1, 0, {"input that cannot be opened or read": 1})
    expect("all of them", [*(path(name) for name in files), path("empty.ipfix"), path("nowhere.ipfix"), "--to", "json:-"], 1, 0,
           {"files without an IPFIX message": len(files), "empty file": 1, "input that cannot be opened or read": 1})


def check_exporters():
    """Records of another exporter: printed, but not observations."""
    name = write("other.ipfix", message([TEMPLATE, foreign(7)]))
    text = "records of another exporter (no element observationKind)"
    expect("another exporter", [name, "--to", "json:-"], 1, 0, {text: 7})
    expect("another exporter, printed", [name, "--format", "json"], 0, 7, {})
    expect("a set without a template", [write("bare.ipfix", message([foreign(3), (301, bytes(8))])), "--format", "json"], 1, 0,
           {"sets without a template": 2})
    expect("reserved and short", [write("odd.ipfix", message([TEMPLATE, (7, bytes(4)), (300, bytes(8)), foreign(2)])),
                                  "--format", "json"], 1, 2,
           {"set with a reserved id": 1, "set shorter than one record of its template": 1})
    damaged = message([TEMPLATE, foreign(2)]) + message([foreign(2), (2, struct.pack(">HHHH", 301, 9, 8, 4)), foreign(2)], 2)
    expect("a damaged set", [write("set.ipfix", damaged), "--format", "json"], 1, 4, {"message with a damaged set": 1})
    gap = message([TEMPLATE, foreign(2)]) + b"\xff" * 100 + message([foreign(2)], 2)
    expect("a damaged place", [write("gap.ipfix", gap), "--format", "json"], 1, 4, {"damaged place without a message": 1})


def check_many_damages(full):
    """After the damaged parts with their own line, the last lines count all of them, also in hosts and report."""
    damaged = message([(257, b"")])[:16] + struct.pack(">HH", 257, 9999)
    many = write("many.ipfix", full + 25 * damaged)
    for command in (["hosts", many], ["report", many, "--output", path("many.html")], ["dump", many]):
        result = subprocess.run([PROGRAM, *command], capture_output=True, text=True)
        counted = re.search(r": (\d+) messages with a damaged set", result.stderr)
        if result.returncode != 1 or "5 more damaged places" not in result.stderr or not counted or counted[1] != "25":
            complain(f"25 damages, {command[0]}: exit code {result.returncode}: {result.stderr}")


def check_profiles():
    for profile in ("compact", "iana"):
        archive("web.pcap", f"{profile}.ipfix", f"&profile={profile}")
        code, output, errors = dump(path(f"{profile}.ipfix"), "--to", "json:-")
        counted = sum(reasons(errors).values())
        printed = len(dump(path(f"{profile}.ipfix"), "--format", "json")[1])
        if code != 1 or output or counted != printed or not printed:
            complain(f"{profile}: exit code {code}, {len(output)} lines, {counted} of {printed} counted\n{errors}")


def check_directory(full):
    os.mkdir(path("mixture"))
    ends = record_ends(full)
    records = len(ends)
    for name, data in {"1.ipfix": full, "2.ipfix": b"", "3.ipfix": b"a text\n" * 9, "4.ipfix": full[:ends[-1] - 1],
                       "5.ipfix": message([TEMPLATE, foreign(4)]), "6.ipfix": full, "note.txt": b"not read"}.items():
        write(os.path.join("mixture", name), data)
    wanted = {"empty file": 1, "file without an IPFIX message": 1, "file that ends inside a message": 1}
    expect("a directory, printed", [path("mixture"), "--format", "json"], 1, 3 * records - 1 + 4, wanted)
    wanted["records of another exporter (no element observationKind)"] = 4
    expect("a directory", [path("mixture"), "--to", "json:-"], 1, 3 * records - 1, wanted)
    errors = dump(path("mixture"), "--to", "json:-")[2]
    if f"3 of 6 files read to the end without a problem; {3 * records - 1 + 4} data records decoded" not in errors:
        complain(f"the sum of a directory: {errors}")


def check_late_templates(full):
    """A template after its records. The file has only one definition."""
    late = message([foreign(2)]) + message([foreign(3)], 2) + message([TEMPLATE, foreign(4)], 5)
    code, output, errors = dump(write("late.ipfix", late), "--format", "json")
    if code != 0 or len(output) != 9 or "1 template stands after the first records" not in errors:
        complain(f"a late template: exit code {code}, {len(output)} records: {errors}")
    if [line.split('"octetDeltaCount":')[1].split("}")[0].split(",")[0] for line in output] != \
            [str(100 + i) for count in (2, 3, 4) for i in range(count)]:
        complain(f"values by a late template: {output}")
    two = late + message([(2, struct.pack(">HHHHHHHH", 300, 3, 8, 4, 12, 4, 2, 4))], 9)
    expect("two definitions", [write("two.ipfix", two), "--format", "json"], 1, 4, {"sets without a template": 2})
    withdrawn = late + message([(2, struct.pack(">HH", 300, 0))], 9)
    expect("a withdrawal", [write("gone.ipfix", withdrawn), "--format", "json"], 1, 4, {"sets without a template": 2})
    misfit = message([(300, bytes(26) + b"\1")]) + message([TEMPLATE, foreign(1)])
    expect("a set that does not fit", [write("misfit.ipfix", misfit), "--format", "json"], 1, 1, {"set without a template": 1})
    # the beginning of an archive with its templates is damaged; the templates are repeated later
    first = struct.unpack_from(">H", full, 2)[0]
    damaged = b"\xff" * first + full[first:] + full[:first]
    records = len(record_ends(full))
    code, output, errors = dump(write("repeated.ipfix", damaged), "--to", "json:-")
    if code != 1 or len(output) != records or reasons(errors) != {"damaged place without a message": 1}:
        complain(f"a damaged beginning: exit code {code}, {len(output)} of {records} records: {errors}")


web = archive("web.pcap", "full.ipfix", "&size=2000")
check_truncations(web)
check_foreign(web)
check_exporters()
check_many_damages(web)
check_profiles()
check_directory(web)
check_late_templates(web)
sys.exit(failures > 0)
