#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Tests of the report and the rows of kernel_settings.py."""
import json
import os
import platform
import tempfile
import unittest

import kernel_settings

SYN = {"kind": "syn", "signature": "4:64+0:0:1460:mss*44,10:mss,sok,ts,nop,ws:df,id+:0", "os": "Linux 4.20 or newer",
       "family": "Linux", "match": "exact", "window": 64240, "options": "mss,sok,ts,nop,ws"}
SYN_ACK = dict(SYN, kind="syn+ack", signature="4:64+0:0:1460:mss*44,10:mss,sok,ts,nop,ws:df:0")
UNKNOWN = dict(SYN, signature="4:64+0:0:1460:mss*2,0:mss:df,id+:0", os="?", family="?", match="none", window=2920, options="mss")


def event(found, port, back=False):
    ends = [("10.9.0.1", port), ("10.9.0.2", 7004)]
    (source, source_port), (destination, destination_port) = ends[::-1] if back else ends
    return {"src_ip": source, "src_port": source_port, "dest_ip": destination, "dest_port": destination_port,
            "tcp_fp": found}


class KernelSettings(unittest.TestCase):
    def setUp(self):
        events = [event(SYN, 1), event(SYN_ACK, 1, True), event(SYN, 2), event(SYN_ACK, 2, True), event(UNKNOWN, 3),
                  event(UNKNOWN, 4), {"event_type": "tcp_uptime"}]
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            file.writelines(json.dumps(line) + "\n" for line in events)
        self.path = file.name
        self.addCleanup(os.remove, file.name)

    def test_report(self):
        self.assertEqual(kernel_settings.report(self.path), [
            "no label: 4:64+0:0:1460:mss*2,0:mss:df,id+:0: ?",
            f"Linux {platform.release()}: 4 SYNs: exact 2 (50.0 %), no label 2 (50.0 %)"])

    def test_rows(self):
        rows = [json.loads(row) for row in kernel_settings.rows(self.path)]
        self.assertEqual([(row["flags"], row["p0f_raw"], row["win"], row.get("syn_layout")) for row in rows], [
            (2, SYN["signature"], 64240, None), (18, SYN_ACK["signature"], 64240, "mss,sok,ts,nop,ws"),
            (2, UNKNOWN["signature"], 2920, None)])
        self.assertEqual({row["os"] for row in rows}, {"Linux"})


if __name__ == "__main__":
    unittest.main()
