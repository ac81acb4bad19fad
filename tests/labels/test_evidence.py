#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Tests of evidence.py and of the resolution of claims in extract.py."""
import struct
import tempfile
import unittest

import capture_system
import client_hints
import evidence
import extract
import option_order
import service_names


class Claims(unittest.TestCase):
    def test_windows_builds(self):
        self.assertEqual(evidence.windows_build(10, 0, 14393, "NTLM").version, "10 1607, Server 2016")
        self.assertEqual(evidence.windows_build(5, 1, 2600, "NTLM").version, "XP")

    def test_builds_that_other_programs_send(self):
        self.assertIsNone(evidence.windows_build(6, 1, 0, "NTLM"))
        self.assertIsNone(evidence.windows_build(6, 1, 7600, "NTLM"))

    def test_agents(self):
        cases = {
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_2 like Mac OS X)": ("iOS", "16.2"),
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64)": ("Windows", "10, 11"),
            "Mozilla/5.0 (Linux; Android 13; Pixel 7)": ("Android", "13"),
            "Mozilla/5.0 (X11; Linux x86_64; rv:109.0)": ("Linux", ""),
            "Debian APT-HTTP/1.3 (2.6.1)": ("Linux", "6.1 to 6.6"),
            "Debian APT-HTTP/1.3 (2.8.0)": ("Linux", ""),
        }
        for text, expected in cases.items():
            claim = evidence.user_agent(text)
            self.assertEqual((claim.os, claim.version), expected, text)
        self.assertIsNone(evidence.user_agent("curl/7.88.1"))

    def test_client_hints(self):
        cases = {
            ('sec-ch-ua-platform: "Windows"', 'sec-ch-ua-platform-version: "15.0.0"'): ("Windows", "11"),
            ('Sec-CH-UA-Platform: "Windows"', 'sec-ch-ua-platform-version: "10.0.0"'): ("Windows", "10"),
            ('sec-ch-ua-platform: "Windows"',): ("Windows", ""),
            ('sec-ch-ua-platform: "macOS"', 'sec-ch-ua-platform-version: "13.5.0"'): ("macOS", "13.5.0"),
            ('sec-ch-ua-platform: "Chrome OS"',): ("Linux", ""),
        }
        for lines, expected in cases.items():
            claim = client_hints.claim_of(["Host: example.org"] + list(lines))
            self.assertEqual((claim.os, claim.version), expected, lines)
        self.assertIsNone(client_hints.claim_of(["Host: example.org", 'sec-ch-ua-platform: "Unknown"']))

    def test_header_lines_of_both_versions(self):
        row = {"lines": ["Host: a"], "names": ["sec-ch-ua-platform"], "values": ['"Linux"']}
        self.assertEqual(client_hints.claim_of(client_hints.header_lines(row)).os, "Linux")

    def test_cdp_of_others(self):
        self.assertEqual(evidence.cdp_platform("cisco WS-C2960-24TT-L").os, "Cisco")
        self.assertIsNone(evidence.cdp_platform("VMware"))

    def test_banners(self):
        self.assertEqual(evidence.banner("SSH-2.0-OpenSSH_8.9p1 Ubuntu-3").os, "Linux")
        self.assertEqual(evidence.banner("SSH-2.0-OpenSSH_for_Windows_8.1").os, "Windows")
        self.assertEqual(evidence.banner("Microsoft-IIS/10.0").version, "IIS 10.0")
        self.assertIsNone(evidence.banner("nginx"))

    def test_services_that_one_system_asks_for(self):
        cases = {
            "settings-win.data.microsoft.com": "Windows", "www.msftconnecttest.com": "Windows",
            "captive.apple.com": "Apple", "12-courier.push.apple.com.": "Apple",
            "connectivitycheck.gstatic.com": "Android", "2.debian.pool.ntp.org": "Linux", "pkg.freebsd.org": "FreeBSD",
        }
        for name, system in cases.items():
            self.assertEqual(service_names.claim_of(name).os, system, name)

    def test_services_of_every_system(self):
        for name in ("www.microsoft.com", "mobile.events.data.microsoft.com", "login.live.com", "www.apple.com",
                     "android.clients.google.com", "pool.ntp.org", "captive.apple.com.example.org", ""):
            self.assertIsNone(service_names.claim_of(name), name)

    def test_gateways(self):
        self.assertEqual(evidence.gateway("52:54:00:12:35:02").os, "Proxy")
        self.assertIsNone(evidence.gateway("52:54:00:12:36:02"))


def claim(os, trust="medium"):
    return evidence.Claim(os, "", "test", trust)


class Settling(unittest.TestCase):
    def test_trusted_claims_outweigh_others(self):
        best, contradicted = extract.settle(set(), {claim("Windows", "high"), claim("Linux")})
        self.assertEqual((best.os, contradicted), ("Windows", True))

    def test_android_is_linux(self):
        best, contradicted = extract.settle(set(), {claim("Android"), claim("Linux")})
        self.assertFalse(contradicted)
        self.assertIn(best.os, ("Android", "Linux"))

    def test_equal_claims_that_differ_settle_nothing(self):
        best, contradicted = extract.settle(set(), {claim("Windows"), claim("Linux")})
        self.assertEqual((best, contradicted), (None, True))

    def test_no_claim(self):
        self.assertEqual(extract.settle(set(), set()), (None, False))


def frame(**values):
    return {name: [] if name in extract.LISTS else "" for name in extract.FIELDS} | values


class Resolvers(unittest.TestCase):
    QUERY = {"ip4": "10.0.0.2", "query": "ctldl.windowsupdate.com", "response": "0"}

    def judge(self, rows):
        found = extract.Evidence()
        for row in rows:
            found.add(row)
        return found.of(frame(ip4="10.0.0.2", stream="1"), False)[1]

    def test_a_client_that_asks(self):
        self.assertEqual({claim.os for claim in self.judge([frame(**self.QUERY)])}, {"Windows"})

    def test_a_resolver_repeats_what_others_ask(self):
        answer = frame(ip4="10.0.0.2", query="ctldl.windowsupdate.com", response="1")
        self.assertEqual(self.judge([frame(**self.QUERY), answer]), set())


class Plausibility(unittest.TestCase):
    def test_initial_ttl(self):
        packet = {"ttl": 57, "options": "mss", "signature": "4:57+7:0:1460:65535,0:mss:df,id+:0"}
        self.assertTrue(extract.implausible(claim("Windows"), packet))
        self.assertFalse(extract.implausible(claim("Linux"), packet))

    def test_no_options(self):
        packet = {"ttl": 64, "options": "", "signature": "4:64+0:0:0:1024,0:::0"}
        self.assertTrue(extract.implausible(claim("Linux"), packet))
        self.assertFalse(extract.implausible(claim("embedded"), packet | {"window": 1024}))
        self.assertTrue(extract.implausible(claim("embedded"), packet | {"window": 8192}))

    def test_order_of_the_options(self):
        linux, apple = "mss,sok,ts,nop,ws", "mss,nop,ws,nop,nop,ts,sok,eol+1"
        for system, layout, quirks, wanted in (
                ("Windows", linux, "df,id+", False), ("macOS", linux, "df", False), ("Linux", linux, "df,id+", True),
                ("Linux", apple, "df", False), ("iOS", apple, "df", True), ("FreeBSD", apple, "df,id+", True),
                ("Windows", "mss,nop,ws,sok,ts", "df,id+", True), ("Windows", "mss,nop,ws,sok,ts", "df", False),
                ("FreeBSD", "mss,nop,ws,sok,ts", "df", True)):
            signature = f"4:64+0:0:1460:65535,6:{layout}:{quirks}:0"
            self.assertEqual(option_order.possible(system, signature), wanted, (system, layout, quirks))
        self.assertTrue(option_order.possible("Windows", "6:128+0:0:1440:65535,8:mss,nop,ws,nop,nop,sok:flow:0"))

    def test_mac_addresses(self):
        self.assertTrue(extract.real_mac("00:0c:29:aa:bb:cc"))
        for mac in ("", "00:00:00:00:00:00", "02:00:00:00:00:01", "01:00:5e:00:00:01", "00:00:02:00:00:00"):
            self.assertFalse(extract.real_mac(mac))


def section_header(options):
    """A section header of pcapng with text options."""
    body = b"".join(struct.pack("<HH", code, len(text)) + text + bytes(-len(text) % 4) for code, text in options)
    body += struct.pack("<HH", 0, 0)
    length = 28 + len(body)
    return struct.pack("<IIIHHq", 0x0A0D0D0A, length, 0x1A2B3C4D, 1, 0, -1) + body + struct.pack("<I", length)


def record(source, destination, ttl=64):
    return {"src_ip": source, "dest_ip": destination, "tcp_fp": {"ttl": ttl}}


class CapturingSystem(unittest.TestCase):
    def claim(self, options):
        with tempfile.NamedTemporaryFile(suffix=".pcapng") as capture:
            capture.write(section_header(options))
            capture.flush()
            return capture_system.claim_of(capture.name)

    def test_section_header(self):
        claim = self.claim([(3, b"64-bit Windows 11 (24H2), build 26100"), (4, b"Dumpcap (Wireshark) 4.4.8")])
        self.assertEqual((claim.os, claim.version), ("Windows", "build 26100"))
        claim = self.claim([(3, b"Linux 6.12.38+kali-amd64"), (4, b"Dumpcap (Wireshark) 4.4.7")])
        self.assertEqual((claim.os, claim.version), ("Linux", "6.12.38"))
        claim = self.claim([(3, b"macOS 14.1, build 23B74 (Darwin 23.1.0)"), (4, b"Dumpcap (Wireshark) 4.2.0")])
        self.assertEqual(claim.os, "macOS")

    def test_files_that_programs_rewrote_are_no_evidence(self):
        self.assertIsNone(self.claim([(3, b"Linux 6.2.0"), (4, b"Mergecap (Wireshark) 3.6.2")]))
        self.assertIsNone(self.claim([]))

    def test_the_address_that_is_in_all_handshakes_is_local(self):
        records = [record("10.0.0.5", "192.0.2.1"), record("192.0.2.1", "10.0.0.5", 52),
                   record("10.0.0.5", "192.0.2.2")]
        self.assertEqual(capture_system.local_addresses(records, 64), {"10.0.0.5"})
        self.assertEqual(capture_system.local_addresses(records, 128), set())

    def test_a_scanner_whose_ttl_is_random_is_in_all_handshakes_as_well(self):
        records = [record("10.0.0.5", "10.0.0.6", 41), record("10.0.0.6", "10.0.0.5")]
        self.assertEqual(capture_system.local_addresses(records, 64), set())

    def test_of_two_direct_hosts_neither_is_known_to_be_local(self):
        records = [record("10.0.0.5", "10.0.0.6"), record("10.0.0.6", "10.0.0.5")]
        self.assertEqual(capture_system.local_addresses(records, 64), set())
        self.assertEqual(capture_system.local_addresses(records[1:], 64), set())

    def test_a_telephone_that_a_computer_captures(self):
        claim = evidence.Claim("Linux", "4.15.0", "pcapng: Linux 4.15.0", "high")
        self.assertTrue(capture_system.speaks_for_another(claim, "Apple, Inc."))
        self.assertFalse(capture_system.speaks_for_another(claim, "VMware, Inc."))


if __name__ == "__main__":
    unittest.main()
