#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Makes each system call of the program fail, with strace, and checks the behaviour of the program. With --shim, also
each memory allocation and each thread creation; all reads and writes become partial (refuse.c).

usage: sweep.py PROGRAM [--shim REFUSE.SO] [--case NAME ...] [--call NAME ...] [--sample N] [--seed N]

A case is a command line with inputs and outputs. The case runs once without a fault. Then it runs once for each
system call of that run, each error of the call, and each position: the call at that position fails once, or from that
position on. Conditions for each run:
  - the program ends without a signal, with a documented exit code and without a message of a library;
  - exit code 0 requires the outputs of the run without a fault;
  - other exit codes require a message;
  - a sink delivers, loses or keeps each observation: the sums of the summary are exact;
  - records that count as delivered are in the output; no temporary file remains.
--sample N selects N runs of each case with --seed; by default, all runs are executed.
Exit code 77: no strace, or no permission to trace.
"""
import argparse
import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib

sys.dont_write_bytecode = True
import cases  # noqa: E402, in this directory

# Errors of each call. Calls that are not listed do not fail, or no program survives their failure. No signal handler
# of the program interrupts a write, and stdio does not continue an interrupted one; refuse.c interrupts the writes of
# the program itself.
ERRORS = {
    "openat": ("EMFILE", "EIO", "ESTALE", "EACCES", "EDQUOT"),
    "read": ("EIO", "EINTR", "ESTALE"),
    "pread64": ("EIO", "EINTR"),
    "write": ("ENOSPC", "EIO", "EPIPE", "EDQUOT"),
    "writev": ("ENOSPC", "EIO", "EINTR", "EDQUOT"),
    "pwrite64": ("ENOSPC", "EIO", "EINTR", "EDQUOT"),
    "fsync": ("EIO", "ENOSPC", "EINTR", "EDQUOT"),
    "fdatasync": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO", "EINTR", "EROFS"),
    "fallocate": ("ENOSPC", "EOPNOTSUPP"),
    "renameat": ("EIO", "ENOSPC", "EROFS", "EDQUOT"),
    "renameat2": ("EIO", "ENOSPC", "EINVAL"),
    "linkat": ("EIO", "ENOSPC", "EPERM"),
    "unlink": ("EIO", "EROFS"),
    "unlinkat": ("EIO", "EROFS"),
    "mkdirat": ("ENOSPC", "EROFS", "EDQUOT"),
    "newfstatat": ("EIO", "ENOMEM"),
    "fstatfs": ("EIO",),
    "lseek": ("EIO",),
    "getdents64": ("EIO",),
    "fcntl": ("EMFILE",),
    "flock": ("ENOLCK", "EIO"),
    "close": ("EIO", "EINTR"),
    "mmap": ("ENOMEM",),
    "clone3": ("EAGAIN",),
    "getrandom": ("ENOSYS", "EINTR"),
    "pipe2": ("EMFILE",),
    "eventfd2": ("EMFILE",),
    "socket": ("EMFILE", "ENOBUFS"),
    "connect": ("EINTR", "ENETUNREACH", "ETIMEDOUT"),
    "setsockopt": ("ENOBUFS",),
    "sendto": ("ECONNRESET", "EINTR", "ENOBUFS"),
    "sendmsg": ("ECONNRESET", "EINTR", "ENOBUFS"),
    "recvfrom": ("ECONNRESET", "EINTR"),
    "recvmsg": ("EINTR", "ENOMEM"),
    "poll": ("EINTR", "ENOMEM"),
    "ppoll": ("EINTR",),
    "epoll_wait": ("EINTR",),
    "accept4": ("EMFILE", "ECONNABORTED", "EINTR"),
    "shutdown": ("ENOTCONN",),
    "statx": ("EIO",),
    "access": ("EIO",),
}
# The program has alternatives for EINTR and for unsupported calls: the outputs must equal those of the run without a
# fault.
HARMLESS = {"EINTR"}
LIBRARY_NOISE = re.compile(r"(ERROR|CRITICAL|WARNING) \*\*|Sanitizer|core dumped|double free|corrupted", re.I)
# main reads the time zone first; earlier failures belong to the dynamic loader.
MAIN_BEGINS = "zoneinfo/UTC"
# GLib ends a program that has no memory.
NO_MEMORY = re.compile(r"GLib-ERROR.*failed to allocate|GLib.*Cannot allocate memory|GLib-CRITICAL \(recursed\)")
OMITTED = re.compile(r"^synfix: .*(omitted|evicted).*: [0-9]+; ", re.M)
SINK = re.compile(r"^(\S+): (\d+) records? delivered(.*)$", re.M)
PART = re.compile(r"(\d+) (spooled|left on disk|pending|lost|dropped|too large to encode)")


class Run:
    """One run of a case in a separate directory. inject: an expression for strace, or VARIABLE=VALUE of the shim."""

    def __init__(self, case, options, inject=None):
        program = options.program
        self.directory = tempfile.mkdtemp(prefix="synfix-faults-")
        self.log = os.path.join(self.directory, ".trace")
        self.by_shim = inject is not None and ":" not in inject
        case.prepare(self.directory, program)
        environment = dict(os.environ, TZ="UTC", LC_ALL="C", TMPDIR=self.directory)
        words = ["strace", "-f", "-qq", "-o", self.log, "-e"]
        if inject is None:
            words += ["trace=" + ",".join(ERRORS)]
        elif self.by_shim:
            words = []
            environment.update([inject.split("=")], LD_PRELOAD=options.shim, REFUSE_COUNT=self.log)
        else:
            words += ["inject=" + inject, "-e", "trace=" + inject.split(":")[0]]
        words += [program] + case.words
        self.silenced = inject is not None and inject.startswith("write") and inject.endswith("+")
        with case.company(self.directory, program) as company:
            try:
                done = subprocess.run(words, cwd=self.directory, stdin=subprocess.DEVNULL, capture_output=True,
                                      timeout=60, env=environment, check=False)
                self.code, self.out, self.err = done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
            except subprocess.TimeoutExpired as late:
                self.code, self.out, self.err = 124, "", (late.stderr or b"").decode(errors="replace")
            self.received = company.received() if company else None

    def injected(self):
        if self.by_shim:
            return True
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "(INJECTED)" in log.read()

    def counts(self):
        """By name: the number of calls before main, and the largest number of calls of one thread."""
        counts, before = collections.Counter(), None
        with open(self.log, encoding="utf-8", errors="replace") as log:
            for line in log:
                if before is None and MAIN_BEGINS in line:
                    before = collections.Counter({name: count for (_, name), count in counts.items()})
                found = re.match(r"(\d+)\s+(\w+)\(", line)
                if found:
                    counts[found.groups()] += 1
        most = collections.Counter()
        for (_, name), count in counts.items():
            most[name] = max(most[name], count)
        return before or {}, most

    def end(self):
        shutil.rmtree(self.directory, ignore_errors=True)


def check_sums(run):
    """Each sink accounts for each observation."""
    found = re.search(r"(\d+) observations?: .*?(\d+) uptimes?$", run.err, re.M)
    if not found:
        return []
    observed = int(found[1]) + int(found[2])
    wrong = []
    for name, delivered, rest in SINK.findall(run.err):
        total = int(delivered) + sum(int(number) for number, _ in PART.findall(rest))
        if total != observed and "found on disk" not in rest:
            wrong.append(f"{name}: {total} of {observed} observations accounted for")
    return wrong


def judge(case, run, reference, program, inject):
    wrong = []
    if run.code not in range(0, 6):
        if NO_MEMORY.search(run.err) and run.code in (-signal.SIGABRT, -signal.SIGTRAP):
            return []
        wrong.append(f"ended with {run.code}" if run.code != 124 else "hangs")
    if LIBRARY_NOISE.search(run.err):
        wrong.append("a message of a library")
    content = case.content(run, program)
    ended = "; the reader has closed the output" in run.err or (inject.startswith("write:error=EPIPE") and "stdout" in content)
    ended = ended or (case.bounded and inject.startswith("REFUSE_ALLOCATION") and OMITTED.search(run.err))
    if run.code == 0 and content != reference and not ended: # a pipe without a reader is not a failure
        wrong.append(f"exit code 0 with other output: {describe(content, reference)}")
    if run.code in range(1, 6) and "synfix" not in run.err and not run.silenced:
        wrong.append("no message")
    wrong += check_sums(run)
    delivered = {name: int(count) for name, count, _ in SINK.findall(run.err)}
    for name, count in delivered.items():
        have = case.records(name, content)
        if have is not None and have < count:
            wrong.append(f"{name}: {count} delivered, {have} there")
    left = [name for name in os.listdir(run.directory) if name.endswith(".tmp")]
    if left and run.code in range(0, 6):
        wrong.append(f"remaining files: {left}")
    return wrong


def describe(content, reference):
    return ", ".join(f"{name}: {len(content.get(name) or [])} lines instead of {len(lines or [])}"
                     for name, lines in reference.items() if content.get(name) != lines)


def plan_of_shim(case, options):
    """Each memory allocation except those before main, in a run whose number of allocations is close to that of all
    other runs."""
    run = Run(case, options, "REFUSE_ALLOCATION=0")
    with open(run.log, encoding="utf-8") as log:
        requests = int(log.read())
    run.end()
    for position in range(1, requests + 1):
        yield f"REFUSE_ALLOCATION={position}", False
    for position in range(1, 6):
        yield f"REFUSE_THREAD={position}", False
    yield "SHORT_TRANSFERS=1", True


def plan(before, counts, calls):
    for name, errors in ERRORS.items():
        if calls and name not in calls:
            continue
        for position in range(before.get(name, 0) + 1, counts.get(name, 0) + 1):
            for error in errors:
                yield f"{name}:error={error}:when={position}", error in HARMLESS
                if error not in HARMLESS:
                    yield f"{name}:error={error}:when={position}+", False


def sweep(case, options):
    first = Run(case, options)
    reference = case.content(first, options.program)
    if first.code != case.code:
        print(f"{case.name}: ended with {first.code} undisturbed: {first.err}")
        return 1
    runs = list(plan(*first.counts(), options.call)) if not options.call or options.call != ["none"] else []
    runs += list(plan_of_shim(case, options)) if options.shim else []
    first.end()
    if options.sample: # by the name of the run: the sample remains the same if the calls of the program change
        runs = sorted(runs, key=lambda run: zlib.crc32(f"{options.seed} {case.name} {run[0]}".encode()))[:options.sample]
    bad = hit = 0
    for inject, harmless in runs:
        run = Run(case, options, inject)
        wrong = []
        if run.injected():
            hit += 1
            wrong = judge(case, run, reference, options.program, inject)
            by_loader = "cannot be loaded" in run.err # dlopen has its own calls
            if harmless and run.code != case.code and not wrong and not by_loader:
                wrong.append(f"ended with {run.code}")
        if wrong:
            bad += 1
            print(f"FAILED: {case.name}: {inject}: {'; '.join(wrong)}", flush=True)
            print("    " + "\n    ".join(run.err.splitlines()[-6:]), flush=True)
        run.end()
    print(f"{case.name}: {len(runs)} runs, {hit} with a failed call, {bad} wrong", flush=True)
    return bad


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--shim")
    arguments.add_argument("--case", action="append")
    arguments.add_argument("--call", action="append")
    arguments.add_argument("--sample", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    options.program = os.path.realpath(options.program)
    options.shim = os.path.realpath(options.shim) if options.shim else None
    if not shutil.which("strace") or subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False,
                                                   stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: no strace, or it may not trace; install the package strace, and allow ptrace (sysctl kernel.yama.ptrace_scope=1)")
        return 77
    with open(options.program, "rb") as program:
        if re.search(rb"__[at]san_init", program.read()):
            print("skipped: a sanitizer makes additional system calls and allocations; build without SYNFIX_SANITIZE")
            return 77
    chosen = [case for case in cases.ALL if not options.case or case.name in options.case]
    bad = sum(sweep(case, options) for case in chosen)
    return 1 if bad else 0


sys.exit(main())
