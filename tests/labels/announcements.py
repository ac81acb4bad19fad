# SPDX-License-Identifier: MIT OR Apache-2.0
"""Descriptions that devices send to neighbours and managers: SNMP, LLDP, CDP, EIGRP, MNDP, Bonjour, telnet.

The system itself writes its description (sysDescr, LLDP, the first lines of telnet). An announcement of the link
layer is a fact about the MAC address of its sender, so it applies to each packet of this address that no router has
forwarded. The vendor of the MAC address identifies a router that has a routing session with its neighbour.
"""
import re

import evidence

FIELDS = {
    "dport": "tcp.dstport", "ttl": "ip.ttl", "ttl6": "ipv6.hlim", "protocols": "frame.protocols",
    "sysdescr": "snmp.value.octets", "lldp": "lldp.tlv.system.desc", "eigrp": "eigrp.version", "mndp": "mndp.platform",
    "txt": "dns.txt", "telnet": "telnet.data", "sip": "sip.Server",
}
LISTS = ("sysdescr", "txt", "telnet")
FILTER = ("snmp.value.octets || lldp.tlv.system.desc || eigrp.version || mndp.platform || (mdns && dns.txt) || "
          "(telnet.data && tcp.srcport==23) || sip.Server")

DESCRIPTIONS = [
    (r"Cisco (?:Internetwork|IOS|NX-OS|Adaptive|Systems)|User Access Verification|Password required, but none set",
     "Cisco", "", "high"),
    (r"Juniper Networks|\bJUNOS\b", "Juniper", "", "high"),
    (r"RouterOS|MikroTik", "Linux", "RouterOS", "high"),
    (r"JETDIRECT|HP ETHERNET MULTI-ENVIRONMENT|RICOH|Brother NC|KONICA|Canon |EPSON|Lexmark|Kyocera|Xerox|ZebraNet",
     "embedded", r"\g<0>", "high"),
    (r"ProCurve|Huawei|HUAWEI|\bVRP\b|H3C|Comware|ZyXEL|NetScreen|Siemens|SIMATIC|Hirschmann|Moxa|WAGO|Schneider|APC Web",
     "embedded", r"\g<0>", "high"),
    (r"Windows (?:2000|NT) Version ([\d.]+)|Welcome to Microsoft Telnet", "Windows", "", "high"),
    (r"Darwin Kernel Version ([\d.]+)", "macOS", r"Darwin \1", "high"),
    (r"\b(FreeBSD|OpenBSD|NetBSD)[ /]", r"\1", "", "high"),
    *evidence.NAMED_SYSTEMS,
    (r"BusyBox|\bLinux \S+ ([\d.]+)", "Linux", r"\1", "high"),
    (r"\b(?:Debian|Ubuntu|Fedora|CentOS|Red Hat)\b", "Linux", "", "high"),
]

# The model in the record _device-info of Bonjour. AirPort base stations are not in the list, because they run another
# system.
APPLE_MODEL = re.compile(r"model=(?:MacBook|iMac|Macmini|MacPro|Mac\d|Xserve|AppleTV|iPhone|iPad|AudioAccessory|[JN]\d+[A-Za-z]*AP)")

ROUTE_PORTS = {"179", "639", "646", "711", "2065"}  # BGP, MSDP, LDP, TDP, DLSw
ROUTER_MAKERS = [(r"Cisco", "Cisco"), (r"Juniper", "Juniper"), (r"Huawei|Alcatel|Nokia|Zte|Ericsson", "embedded")]
# Interface addresses of emulators of Cisco's systems: Dynamips uses the model, IOS on Linux a constant.
EMULATED = re.compile(r"(?:ca|cc|c4|c2|c0|c8|d0):0[0-9a-f]:|aa:bb:cc:00:")


def described(text, source):
    """The claim of a text that describes the sender's own system, or None."""
    return evidence.first_claim(DESCRIPTIONS, text, source)


def octets(text):
    """The text of a value that tshark prints as hexadecimal digits."""
    try:
        return bytes.fromhex(text.replace(":", "")).decode("utf-8", "replace")
    except ValueError:
        return ""


def claims_of(row):
    """The claims of a frame about the sender of its IP packet."""
    for value in row["sysdescr"]:
        if len(value) > 20:
            yield described(octets(value), "SNMP description")
    yield described(" ".join(row["telnet"]), "telnet banner")
    if row["sip"]:
        yield described(row["sip"], "SIP server")
    if "mdns" in row["protocols"]:
        for text in row["txt"]:
            if APPLE_MODEL.match(text):
                yield evidence.Claim("Apple", text[len("model="):], "Bonjour model", "high")


def neighbour(row):
    """The claim of a link-layer announcement about the MAC address of its sender, or None."""
    if row["cdp"]:
        return evidence.cdp_platform(row["cdp"])
    if row["lldp"]:
        return described(row["lldp"], "LLDP description")
    if row["eigrp"]:
        return evidence.Claim("Cisco", "", "EIGRP", "medium")
    if row["mndp"]:
        return evidence.Claim("Linux", "RouterOS", "MNDP", "high")
    return None


def exchanges_routes(row):
    """The claim about a router that exchanges routes with its neighbour, or None."""
    if not ROUTE_PORTS & {row["sport"], row["dport"]}:
        return None
    if row["ttl"] not in ("1", "255", "64") and row["ttl6"] not in ("1", "255", "64"):
        return None
    if row["protocols"].startswith("chdlc") or (EMULATED.match(row["mac"]) and not real_maker(row)):
        return evidence.Claim("Cisco", "", "routing session", "medium")
    for pattern, system in ROUTER_MAKERS:
        if re.match(pattern, row["maker"]):
            return evidence.Claim(system, row["maker"], "routing session", "medium")
    return None


def real_maker(row):
    """Whether the column is the name of a vendor. For an unknown OUI, tshark prints the first octets of the address."""
    return bool(row["maker"]) and ":" not in row["maker"]
