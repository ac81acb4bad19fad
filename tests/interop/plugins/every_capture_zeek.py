# SPDX-License-Identifier: MIT OR Apache-2.0
"""Many captures, one Zeek for each, for every_capture.py."""
import os
import subprocess
import tempfile

from zeek_host import ZEEK, Host, maps, table


class Compared(Host):
    def results(self, paths):
        """Path, lines of the plug-in, lines of the program, and the latter as maps with the exit code of Zeek."""
        for path in paths:
            with tempfile.TemporaryDirectory() as work:
                subprocess.run([self.program, "read", "--quiet", "--sigdb", f"{self.source}/sigdb/synfix.fp", path, "--to",
                                f"zeek:{work}/own.log"], capture_output=True, check=False)
                own, code = maps(f"{work}/own.log"), 0
                if own:
                    code = subprocess.run([*ZEEK, "-r", os.path.abspath(path)], cwd=work, capture_output=True, timeout=300,
                                          env=self.environment).returncode
                yield path, table(f"{work}/tcp_fp.log")[1], table(f"{work}/own.log")[1], (own, code)
