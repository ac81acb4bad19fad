# SPDX-License-Identifier: MIT OR Apache-2.0
"""SYNs and SYN+ACKs derived from the entries of p0f's database, some with small changes: another TTL, MSS, window or
scale, a quirk more or less. The packets cause exact, generic and fuzzy matches, tools, and random TTLs."""
import struct

from lines import DATABASE

OPTION = {"nop": b"\x01", "mss": b"\x02\x04", "ws": b"\x03\x03", "sok": b"\x04\x02", "sack": b"\x05\x0a" + bytes(8)}
TCP, SYN, ACK, PSH, URG, ECE = 6, 2, 16, 8, 32, 64
MTU_LESS_MSS = {"4": 40, "6": 60}


def entries():
    """(whether it is a SYN+ACK, fields) of each TCP signature."""
    section = ""
    with open(DATABASE, encoding="utf-8") as file:
        for text in file:
            section = text.strip() if text.startswith("[") else section
            name, _, value = (part.strip() for part in text.partition("="))
            if name == "sig" and section in ("[tcp:request]", "[tcp:response]"):
                yield section == "[tcp:response]", value.split(":")


def quirks_of(chance, text):
    quirks = set(text.split(",")) - {""}
    if chance.random() < 0.5:
        quirks ^= {chance.choice(("df", "id+", "id-", "ecn", "0+", "flow", "seq-", "uptr+", "pushf+", "ts1-", "ts2+", "ack-"))}
    return quirks


def value(chance, text, others):
    return chance.choice(others) if text == "*" or chance.random() < 0.1 else int(text)


def options(chance, layout, mss, scale, quirks):
    made = b""
    for name in filter(None, layout.split(",")):
        if name.startswith("eol+"):
            made += b"\0" + (b"\1" if "opt+" in quirks else b"\0") * int(name[4:])
        elif name == "ts":
            made += struct.pack(">2B2I", 8, 10, 0 if "ts1-" in quirks else chance.getrandbits(32) | 1, "ts2+" in quirks)
        elif name.startswith("?"):
            made += bytes((int(name[1:]), 2))
        else:
            made += OPTION[name] + (struct.pack(">H", mss) if name == "mss" else bytes((scale,)) if name == "ws" else b"")
    return made if len(made) % 4 == 0 and len(made) <= 40 else None


def window(chance, text, mss, version):
    if text == "*" or chance.random() < 0.05:
        return chance.choice((0, 1024, 8192, 65535, mss * 3))
    kind, _, number = text.partition("*")
    if kind in ("mss", "mtu") and number:
        return int(number) * (mss + (MTU_LESS_MSS[version] if kind == "mtu" else 0))
    return int(text[1:]) * chance.randrange(1, 20) if text.startswith("%") else int(text)


def life(chance, text):
    """A TTL near the initial TTL of the entry."""
    first = sum(int(part) for part in text.rstrip("-").split("+"))
    return min(max(first - chance.choice((0, 0, 1, 7, 34, 35, 36, 60, -1, -10)), 1), 255)


def segment(chance, answer, fields, version, quirks):
    """The TCP header; None if the fields of the entry cannot be encoded."""
    mss = value(chance, fields[3], (1460, 1440, 1380, 536, 99))
    scale = min(value(chance, fields[4].split(",")[1], (0, 1, 7, 14)), 255)
    made, size = options(chance, fields[5], mss, scale, quirks), window(chance, fields[4].split(",")[0], mss, version)
    if made is None or size > 65535:
        return None
    flags = (SYN | ACK if answer else SYN) | PSH * ("pushf+" in quirks) | URG * ("urgf+" in quirks)
    flags |= ECE * ("ecn" in quirks and chance.random() < 0.5)
    number = 0 if ("ack-" in quirks if answer else "ack+" not in quirks) else 0x01000001
    ports = (80, 40000) if answer else (40000, 80)
    return struct.pack(">2H2I4H", *ports, 0 if "seq-" in quirks else 1000, number, (20 + len(made)) << 10 | flags, size, 0,
                       "uptr+" in quirks) + made + (b"payload" if fields[7] == "+" or chance.random() < 0.05 else b"")


def packet(chance, answer, fields, ends):
    version = chance.choice("46") if fields[0] == "*" or chance.random() < 0.1 else fields[0]
    quirks = quirks_of(chance, fields[6])
    tcp = segment(chance, answer, fields, version, quirks)
    if tcp is None:
        return None
    ecn = "ecn" in quirks
    if version == "6":
        return struct.pack(">IH2B", 6 << 28 | ecn << 20 | ("flow" in quirks), len(tcp), TCP, life(chance, fields[1])) + \
            b"".join(bytes(12) + end for end in ends) + tcp
    extra = b"\x01" * int(fields[2])
    number = 0 if "id-" in quirks or ("df" in quirks and "id+" not in quirks) else 77
    return struct.pack(">2B3H2BH", 0x45 + len(extra) // 4, ecn, 20 + len(extra) + len(tcp), number,
                       0x4000 * ("df" in quirks) | 0x8000 * ("0+" in quirks), life(chance, fields[1]), TCP, 0) + \
        ends[0] + ends[1] + extra + tcp


def connection(chance, index, entry):
    """One packet. Before a SYN+ACK, also a plain SYN."""
    answer, fields = entry
    client, server = struct.pack(">I", 0x0B000000 + index), b"\xc0\x00\x02\x01"
    made = packet(chance, answer, fields, (server, client) if answer else (client, server))
    if made is None:
        return
    if answer:
        other = "4:64:0:1460:mss*4,7:mss,sok,ts,nop,ws:df,id+:0".split(":")
        plain = packet(chance, False, ["46"[made[0] >> 4 == 6]] + other[1:], (client, server))
        if plain is not None and plain[0] >> 4 == made[0] >> 4:
            yield plain
    yield made
