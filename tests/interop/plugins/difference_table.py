#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""difference_table.py SOURCE: each cause in the tables of differences of docs/how-to/zeek.md and suricata.md has a
case in zeek_differences.py or suricata_differences.py, and each case belongs to one cause. The name of a case is a
part of the cause."""
import re
import sys

sys.dont_write_bytecode = True
import suricata_differences
import zeek_differences


def causes(page):
    """First cells of the table with the heading `cause`, `effect`."""
    table = re.search(r"(?m)^\| cause \| effect \|\n\|[-|]+\|\n((?:\|.*\n)+)", page)
    return [line.strip("| ").split(" | ")[0] for line in table.group(1).splitlines()] if table else []


def alternatives(cause):
    """The texts that need a case: the items in parentheses and the text after them, else the whole cause. `or` and
    `;` separate items."""
    before, parenthesis, rest = cause.partition("(")
    items, _, rest_of_cause = rest.partition(")")
    pieces = [*items.split(","), rest_of_cause] if parenthesis else [before]
    return [text.strip(" ,") for piece in pieces for text in re.split(r"\bor\b|;", piece) if re.search(r"\w", text)]


def has(text, words):
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def problems(name, page, cases):
    rows = causes(page)
    if not rows:
        yield f"{name}: no table of differences"
    texts = [text for row in rows for text in alternatives(row)]
    for text in texts:
        if not any(has(text, words) for words in cases):
            yield f"{name}: '{text}' has no case in the test"
    for words in cases:
        found = sum(has(text, words) for text in texts)
        if found != 1:
            yield f"{name}: the case '{words}' belongs to {found} causes instead of one"


def main(source):
    wrong = []
    for name, cases in (("zeek", zeek_differences.CASES), ("suricata", suricata_differences.CASES)):
        with open(f"{source}/docs/how-to/{name}.md", encoding="utf-8") as file:
            wrong += problems(f"docs/how-to/{name}.md", file.read(), cases)
    print("\n".join(wrong))
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
