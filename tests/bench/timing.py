# SPDX-License-Identifier: MIT OR Apache-2.0
"""Measures whole processes; `compare` and `bench-file` share this code."""
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Sample:
    def __init__(self, seconds, cpu, peak_kib, output):
        self.seconds, self.cpu, self.peak_kib, self.output = seconds, cpu, peak_kib, output


def run(command, quiet=False):
    """One run. Exits if the command fails. QUIET: its output goes to /dev/null."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL if quiet else subprocess.PIPE,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    output = b"" if quiet else process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(command)}: failed with status {status}")
    return Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, output.decode(errors="replace"))


def alternate(table, runs, before=None):
    """Runs the commands of TABLE (name -> (command, quiet)) alternately, all of them once a round. Calls BEFORE
    before each run. Returns name -> samples."""
    samples = {name: [] for name in table}
    for _ in range(runs):
        for name, (command, quiet) in table.items():
            if before:
                before()
            samples[name].append(run(command, quiet))
    return samples


def median(samples):
    return statistics.median(sample.seconds for sample in samples)


def build(name, directory):
    """Builds the peer DIRECTORY/NAME from C."""
    program = os.path.join(directory, name)
    subprocess.run(["cc", "-O2", "-o", program, os.path.join(HERE, "peers", name + ".c"), "-lpcap"], check=True)
    return program


def build_huginn(directory):
    if not shutil.which("cargo"):
        return None
    built = subprocess.run(["cargo", "build", "-q", "--release", "--target-dir", os.path.join(directory, "huginn")],
                           cwd=os.path.join(HERE, "peers", "huginn"), capture_output=True, text=True)
    if built.returncode:
        print("huginn-net-tcp skipped; error of cargo: " + built.stderr.strip().split("\n")[-1], file=sys.stderr)
        return None
    return os.path.join(directory, "huginn", "release", "huginn-peer")


def ticks_per_ns(directory):
    return float(run([build("ticks", directory)]).output)


def print_table(samples, packets, reference, ticks, shown=()):
    """Prints a table in Markdown. REFERENCE: name with rate 1. SHOWN: names whose last line of output is a column."""
    loop = median(samples[reference])
    print(f"| run | ns a packet | fastest - slowest | TSC ticks | CPU ns | rate to {reference} | peak MiB | output |")
    print("|---|---|---|---|---|---|---|---|")
    for name, rows in samples.items():
        times = [row.seconds * 1e9 / packets for row in rows]
        cpu = statistics.median(row.cpu for row in rows) * 1e9 / packets
        output = rows[-1].output.strip().split("\n")[-1][:40] if name in shown else ""
        middle = statistics.median(times)
        print(f"| {name} | {middle:.1f} | {min(times):.1f} - {max(times):.1f} "
              f"| {f'{middle * ticks:.0f}' if ticks else '-'} | {cpu:.1f} | {loop / median(rows):.2f} "
              f"| {max(row.peak_kib for row in rows) / 1024:.0f} | {output} |")
