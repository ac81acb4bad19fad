# SPDX-License-Identifier: MIT OR Apache-2.0
"""Counts the results of a comparison and prints them."""
import collections

from lines import FINGERPRINTS, MODULES


def share(part, whole):
    return f"{part} of {whole} ({100 * part / whole:.2f} %)" if whole else "none"


class Pairs:
    """Distinct pairs of raw signature and label in p0f's lines. A pair agrees if all of its lines do. For other
    pairs, counts the rules of the lines that differ."""

    def __init__(self):
        self.rules = {}

    def add(self, line, rule=None):
        key = (line["raw_sig"], line.get("os") or line.get("app"))
        self.rules.setdefault(key, set())
        if rule is not None:
            self.rules[key].add(rule)

    def share_of_plain(self):
        """Share in percent."""
        differing = sum(1 for names in self.rules.values() if names)
        return 100 * (1 - differing / len(self.rules)) if self.rules else 100

    def show(self):
        differing = {key: names for key, names in self.rules.items() if names}
        print("distinct pairs of raw signature and label:", len(self.rules))
        print("  agree without a rule:", share(len(self.rules) - len(differing), len(self.rules)))
        by_rules = collections.Counter(" and ".join(sorted(names)) for names in differing.values())
        for names, count in sorted(by_rules.items()):
            print(f"  differ by {names}: {count}")
        wanted = sum(1 for names in differing.values() if all(name.startswith("D") for name in names))
        print("  agree, without pairs that an intentional difference changes:",
              share(len(self.rules) - len(differing), len(self.rules) - wanted))


class Report:
    """@p without: numbers of the rules that do not apply."""

    def __init__(self, title="signatures: exact", without=()):
        self.title, self.without = title, without
        self.agree, self.total, self.same_pair = (collections.Counter() for _ in range(3))
        self.by_rule = collections.Counter()
        self.seen = collections.Counter()
        self.pairs = Pairs()
        self.failures = []
        self.captures = self.refused = self.flow_checked = 0

    def fail(self, capture, frame, what, ours=None, theirs=None):
        self.failures.append((capture, frame, what, ours, theirs))

    def rule(self, kind, number, name):
        self.by_rule[kind, number, name] += 1

    def show_lines(self):
        print(f"{'module':10} {'p0f lines':>9} {'agree':>7} {'share':>8}")
        for module in MODULES:
            total, agree = self.total[module], self.agree[module]
            if total:
                print(f"{module:10} {total:9} {agree:7} {100 * agree / total:7.2f} %")
        total, agree = sum(self.total.values()), sum(self.agree.values())
        if total:
            print(f"{'all':10} {total:9} {agree:7} {100 * agree / total:7.2f} %")
        print("lines with the same raw signature and label:",
              share(sum(self.same_pair.values()), sum(self.total[module] for module in FINGERPRINTS)))

    def show(self, limit):
        print(f"--- {self.title}\ncaptures: {self.captures}, refused by p0f: {self.refused}")
        self.show_lines()
        self.pairs.show()
        for (kind, number, name), count in sorted(self.by_rule.items()):
            print(f"{kind:8} {number:5} {name}: {count}")
        print("p0f's lines that fit the state of their flow in flows.py:", self.flow_checked)
        for (observed, reason), count in sorted(self.seen.items(), key=lambda item: (item[0][0], -item[1])):
            print(f"SYN frames {'with' if observed else 'without'} an observation, no line of p0f: {reason}: {count}")
        print(f"unexplained: {len(self.failures)}")
        for capture, frame, what, ours, theirs in self.failures[:limit]:
            print(f"  {capture} frame {frame}: {what}\n    synfix {ours}\n    p0f    {theirs}")
        return 1 if self.failures else 0
