#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Tests of announcements.py, of evidence from devices, and of its use in extract.py."""
import unittest

import announcements
import evidence
import extract
import option_order

EMPTY = {name: [] if name in extract.LISTS else "" for name in extract.FIELDS}


def frame(**values):
    return {**EMPTY, **values}


class Descriptions(unittest.TestCase):
    def test_texts(self):
        cases = {
            "Cisco IOS Software, C2960 Software, Version 12.2(55)SE7": ("Cisco", ""),
            "User Access Verification Password:": ("Cisco", ""),
            "Juniper Networks, Inc. ex2200 internet router, kernel JUNOS 12.3": ("Juniper", ""),
            "RouterOS RB951G-2HnD": ("Linux", "RouterOS"),
            "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT": ("embedded", "HP ETHERNET MULTI-ENVIRONMENT"),
            "Linux nas 4.4.180 #1 SMP x86_64": ("Linux", "4.4.180"),
            "Hardware: Intel64 - Software: Windows NT Version 6.3": ("Windows", ""),
            "Darwin Kernel Version 19.6.0": ("macOS", "Darwin 19.6.0"),
            "FreeBSD/amd64 (host) (ttyv0)": ("FreeBSD", ""),
        }
        for text, expected in cases.items():
            claim = announcements.described(text, "a test")
            self.assertEqual((claim.os, claim.version), expected, text)
        self.assertIsNone(announcements.described("login:", "a test"))

    def test_snmp_values_are_hexadecimal(self):
        value = "Cisco IOS Software, C2960".encode().hex()
        claims = [claim for claim in announcements.claims_of(frame(sysdescr=[value])) if claim]
        self.assertEqual([claim.os for claim in claims], ["Cisco"])
        self.assertEqual([c for c in announcements.claims_of(frame(sysdescr=["zz" * 20])) if c], [])

    def test_bonjour_names_apple_only_in_multicast(self):
        row = frame(txt=["model=MacBookPro16,1", "osxvers=20"], protocols="eth:ip:udp:mdns")
        self.assertEqual([c.os for c in announcements.claims_of(row) if c], ["Apple"])
        self.assertEqual([c for c in announcements.claims_of({**row, "protocols": "eth:ip:udp:dns"}) if c], [])
        base_station = frame(txt=["model=AirPort7,120"], protocols="eth:ip:udp:mdns")
        self.assertEqual([c for c in announcements.claims_of(base_station) if c], [])

    def test_neighbours(self):
        self.assertEqual(announcements.neighbour(frame(cdp="cisco WS-C2960")).os, "Cisco")
        self.assertEqual(announcements.neighbour(frame(mndp="MikroTik")).version, "RouterOS")
        self.assertIsNone(announcements.neighbour(frame()))


class RoutingSessions(unittest.TestCase):
    bgp = frame(sport="50000", dport="179", ttl="1", mac="00:1e:bd:00:00:01", maker="Cisco Systems, Inc")

    def test_maker(self):
        self.assertEqual(announcements.exchanges_routes(self.bgp).os, "Cisco")
        self.assertIsNone(announcements.exchanges_routes({**self.bgp, "dport": "80"}))
        self.assertIsNone(announcements.exchanges_routes({**self.bgp, "ttl": "254"}), "a router has forwarded it")
        self.assertIsNone(announcements.exchanges_routes({**self.bgp, "maker": "VMware, Inc."}))

    def test_emulators(self):
        for mac in ("ca:01:0e:fc:00:08", "aa:bb:cc:00:20:00"):
            self.assertEqual(announcements.exchanges_routes({**self.bgp, "mac": mac, "maker": ""}).os, "Cisco", mac)
        self.assertIsNone(announcements.exchanges_routes({**self.bgp, "mac": "02:42:ac:11:00:02", "maker": ""}))


class Devices(unittest.TestCase):
    def test_consoles_and_services(self):
        cases = {
            "libhttp/3.73 (PS Vita)": ("PlayStation", "Vita"),
            "Mozilla/5.0 (PLAYSTATION 3; 4.86)": ("PlayStation", "3"),
            "Google Chrome/87.0.4280.88 Windows": ("Windows", ""),
        }
        for text, expected in cases.items():
            claim = evidence.user_agent(text)
            self.assertEqual((claim.os, claim.version), expected, text)

    def test_banners_of_other_systems(self):
        for text, system in {"SSH-2.0-ROSSSH": "Linux", "BigIP": "F5", "AirTunes/220.68": "Apple",
                             "FTP server (Version 6.4/OpenBSD) ready.": "OpenBSD"}.items():
            self.assertEqual(evidence.banner(text).os, system, text)
        self.assertIsNone(evidence.banner("FTP server (Version 6.4/OpenBSD/Linux-ftpd-0.17) ready."))
        self.assertIsNone(evidence.banner("FTP server (NetBSD-ftpd 20100320) ready."))

    def test_gateway_of_vmware(self):
        self.assertEqual(evidence.gateway("00:50:56:f6:1d:17").version, "VMware NAT")
        self.assertIsNone(evidence.gateway("00:50:56:c0:00:08"))

    def test_orders(self):
        self.assertFalse(option_order.possible("Linux", "4:64+0:0:1024:mss*8,0:mss,ws,ts,nop,nop,nop::0"))
        self.assertTrue(option_order.possible("Linux", "4:64+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+:0"))
        self.assertFalse(option_order.possible("Cisco", "4:64+0:0:1390:mss*4,6:mss,sok,ts,nop,ws:df:0"))

    def test_address_of_a_client_that_requests_one(self):
        """A device without an address, or with a self-assigned one, is one host."""
        found = extract.Evidence()
        for address in ("0.0.0.0", "169.254.3.4", "192.168.1.7"):
            found.add(frame(mac="00:24:e4:00:00:01", ip4=address, stream="0", sport="1"))
        self.assertEqual(found.addresses["00:24:e4:00:00:01"], {"192.168.1.7"})


if __name__ == "__main__":
    unittest.main()
