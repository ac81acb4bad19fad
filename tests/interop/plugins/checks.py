# SPDX-License-Identifier: MIT OR Apache-2.0
"""Common code of the plug-in tests: counted failures, waiting for a state, and the commands of a page."""
import re
import time


class Checks:
    failures = 0
    noted = frozenset()

    def note(self, text):
        """Prints a text once."""
        if text not in self.noted:
            print(text)
        self.noted |= {text}

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


def commands_of(page, begin, replaced):
    """The commands of the block of a page that begins with this text. `replaced` maps texts of the page to the values
    of the test. A text that is not in the block is an error."""
    with open(page, encoding="utf-8") as file:
        block = next((found for found in re.findall(r"(?ms)^```sh\n(.*?)^```", file.read()) if found.startswith(begin)), None)
    if block is None:
        raise ValueError(f"{page}: no block begins with '{begin}'")
    for text, other in replaced.items():
        if text not in block:
            raise ValueError(f"{page}: '{text}' is not in the block that begins with '{begin}'")
        block = block.replace(text, other)
    return block
