#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Tests of signature_packets.py: a packet has the fields of its signature."""
import io
import struct
import unittest

import signature_packets

SYN = {"flags": 2, "p0f_raw": "4:64+0:0:1460:mss*44,7:mss,sok,ts,nop,ws:df,id+,ecn:0"}
ANSWER = {"flags": 18, "p0f_raw": "6:64+0:0:1440:mss*45,8:mss,nop,nop,sok,nop,ws:flow:0", "syn_layout": "mss,nop,ws,nop,nop,sok"}


class Building(unittest.TestCase):
    def test_syn(self):
        packet, = signature_packets.packets_of(SYN, "10.0.0.1", "192.0.2.1", 40000)
        self.assertEqual(packet[8], 64)
        self.assertEqual(struct.unpack_from("!H", packet, 6)[0], 0x4000)
        self.assertNotEqual(packet[4:6], b"\0\0")
        self.assertEqual(packet[33], 0xC2)
        self.assertEqual(struct.unpack_from("!H", packet, 34)[0], 64240)
        self.assertEqual(packet[40:46], b"\x02\x04\x05\xb4\x04\x02")

    def test_an_answer_follows_the_syn_that_offers_its_options(self):
        syn, answer = signature_packets.packets_of(ANSWER, "10.0.0.1", "192.0.2.1", 40000)
        self.assertEqual((syn[53], answer[53]), (0x02, 0x12))
        self.assertEqual(syn[8:24], answer[24:40])
        self.assertEqual(struct.unpack_from("!H", answer, 54)[0], 64800)

    def test_what_is_not_built(self):
        self.assertTrue(signature_packets.can_build(SYN))
        self.assertFalse(signature_packets.can_build(dict(SYN, p0f_raw="4:64+0:0:1460:8192,0::seq-:0")))
        self.assertFalse(signature_packets.can_build({name: ANSWER[name] for name in ("flags", "p0f_raw")}))

    def test_windows_in_multiples(self):
        self.assertEqual(signature_packets.window_of("mss*45", 1460, ["mss", "ts"]), 45 * 1448)
        self.assertEqual(signature_packets.window_of("mtu*4", 1460, ["mss"]), 6000)

    def test_capture(self):
        stream = io.BytesIO()
        signature_packets.write(stream, [("10.0.0.1", [SYN, ANSWER])])
        self.assertEqual(stream.getvalue()[20:24], struct.pack("<I", signature_packets.RAW_IP))


if __name__ == "__main__":
    unittest.main()
