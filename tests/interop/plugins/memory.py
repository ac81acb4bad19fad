# SPDX-License-Identifier: MIT OR Apache-2.0
"""Resident memory of processes over time."""
import statistics
import sys
import time


def resident(pid):
    """kB, from the kernel; None for a process that has ended."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("VmRSS:")), None)


class Memory:
    """Samples of processes by name: seconds since the start, kB."""

    def __init__(self, processes):
        self.processes, self.samples, self.start = processes, {name: [] for name in processes}, time.monotonic()

    def sample(self):
        for name, process in self.processes.items():
            size = resident(process.pid)
            if size is None:
                sys.exit(f"FAILED: {name} has ended with exit code {process.poll()}")
            self.samples[name].append((self.passed(), size))

    def passed(self):
        return time.monotonic() - self.start

    def between(self, name, first, last):
        """Median of the samples between two fractions of the time."""
        end = self.samples[name][-1][0]
        return statistics.median(size for when, size in self.samples[name] if first * end <= when <= last * end)

    def growth(self, name):
        """Growth from the tenth of the time before the middle to the last tenth."""
        return self.between(name, 0.9, 1) - self.between(name, 0.4, 0.5)

    def report(self, name):
        parts = [self.between(name, tenth / 10, (tenth + 1) / 10) for tenth in range(10)]
        return f"{name}: kB in each tenth of the time: {' '.join(f'{size:.0f}' for size in parts)}; growth {self.growth(name):.0f} kB"
