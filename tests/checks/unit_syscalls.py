#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""unit_syscalls.py UNIT SOURCE...: the system call filter of the unit permits each call that the filter of the
program permits, and each call before that filter is installed. systemd on this machine expands the filter of the
unit."""
import re
import subprocess
import sys

# Calls at the start, before the filter of the program. The service cannot start without them.
AT_START = {"seccomp", "prctl", "capget", "execve", "landlock_create_ruleset", "landlock_add_rule",
            "landlock_restrict_self"}
# Calls that the unit excludes on purpose (~@resources): they set limits, or pin workers to CPUs (the setting cpus). On Arm,
# sync_file_range has a name that systemd does not know; the call is a hint to the kernel.
LEFT_OUT = {"sched_setaffinity", "sched_setattr", "arm_sync_file_range"}
# Calls that a service without root privileges never needs.
NEVER = {"setuid", "setresuid", "chown", "mount", "bpf", "init_module", "reboot", "ptrace", "keyctl"}


def members(name):
    """System calls of a set, nested sets included."""
    text = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", name], capture_output=True, text=True,
                          check=True).stdout
    found = set()
    for line in text.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            found |= members(word)
        elif word and not word.startswith("#"):
            found.add(word)
    return found


def permitted(unit):
    calls = set()
    with open(unit, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("SystemCallFilter="):
                continue
            value = line.strip().split("=", 1)[1]
            remove = value.startswith("~")
            for word in value.lstrip("~").split():
                named = members(word) if word.startswith("@") else {word}
                calls = calls - named if remove else calls | named
    return calls


def main():
    wanted = set(AT_START)
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            wanted |= set(re.findall(r"SCMP_SYS\((\w+)\)", file.read()))
    calls = permitted(sys.argv[1])
    missing = wanted - calls - LEFT_OUT
    if calls & NEVER:
        print(f"{sys.argv[1]}: SystemCallFilter permits {', '.join(sorted(calls & NEVER))}")
    if missing:
        print(f"{sys.argv[1]}: SystemCallFilter lacks calls of the program: {', '.join(sorted(missing))}")
    return 1 if missing or calls & NEVER else 0


if __name__ == "__main__":
    sys.exit(main())
