# SPDX-License-Identifier: MIT OR Apache-2.0
"""What tests with another program share: counted failures, and waiting for a state."""
import time


class Checks:
    failures = 0

    def check(self, condition, what):
        if not condition:
            self.failures += 1
            print(f"FAILED: {what}")

    def wait_until(self, condition, what, seconds=180):
        end = time.time() + seconds
        while time.time() < end:
            if condition():
                return
            time.sleep(0.2)
        self.check(False, f"not within {seconds} s: {what}")
