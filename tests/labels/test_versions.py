#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Tests of versions.py and distributions.py."""
import unittest

import distributions
import versions


class Versions(unittest.TestCase):
    def test_linux(self):
        for truth, flavor, expected in [
                ("5.15.0", "4.20 or newer", True), ("5.15.0", "3.11 to 4.19", False), ("3.13 to 4.4", "3.11 to 4.19", True),
                ("4.15 to 5.4", "4.20 or newer", True), ("2.6.32", "2.6.39 to 3.10", False), ("2.6.32", "2.4 or 2.6", True),
                ("3.10.0", "2.6.39 to 3.10", True), ("", "4.20 or newer", None), ("5.15.0", "its layout", None)]:
            self.assertIs(versions.agree("Linux", truth, flavor), expected, (truth, flavor))

    def test_windows(self):
        for truth, flavor, expected in [
                ("XP", "XP or Server 2003", True), ("7, Server 2008 R2", "10 or 11", False),
                ("10 1607, Server 2016", "7 to 10 1607, Server 2008 to 2016", True), ("10 22H2", "10 or 11", True),
                ("build 26100", "10 or 11, Server 2016 or newer", True), ("build 7601", "7 to 8.1, Server 2008 to 2012 R2", True),
                ("8.1, Server 2012 R2", "XP or Server 2003", False), ("10 22H2", "7 to 10 1607, Server 2008 to 2016", False)]:
            self.assertIs(versions.agree("Windows", truth, flavor), expected, (truth, flavor))

    def test_other_systems_have_no_version(self):
        self.assertIsNone(versions.agree("Apple", "14.1", "10.14 or newer"))

    def test_kernels_of_distributions(self):
        self.assertEqual(distributions.kernels("SSH-2.0-OpenSSH_7.2p2 Ubuntu-4ubuntu2.8"), "4.4 to 4.15")
        self.assertEqual(distributions.kernels("SSH-2.0-OpenSSH_10.0p2 Debian-7"), "6.12")
        self.assertEqual(distributions.kernels("SSH-2.0-OpenSSH_9.9"), "")


if __name__ == "__main__":
    unittest.main()
