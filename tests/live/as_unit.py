#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""as_unit.py UNIT PROGRAM...: runs PROGRAM like the service: as user nobody, with CAP_NET_RAW as the only (ambient)
capability, and with the system call filter of UNIT. Exit code 77: libseccomp or a permission is missing."""
import ctypes
import errno
import os
import pathlib
import pwd
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "checks"))
import unit_syscalls  # noqa: E402  (the path above)

NET_RAW = 13
CAPABILITIES = 64
KEEPCAPS, CAPBSET_DROP, NO_NEW_PRIVS, AMBIENT, AMBIENT_RAISE = 8, 24, 38, 47, 2  # linux/prctl.h
CAPABILITY_VERSION = 0x20080522
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # seccomp.h
libc = ctypes.CDLL(None, use_errno=True)


def must(result, what):
    if result != 0:
        print(f"{what}: {os.strerror(ctypes.get_errno())}", file=sys.stderr)
        sys.exit(77)


def become_nobody():
    user = pwd.getpwnam("nobody")
    for capability in range(CAPABILITIES):
        if capability != NET_RAW:
            libc.prctl(CAPBSET_DROP, capability, 0, 0, 0)  # fails for capabilities that the kernel does not have
    must(libc.prctl(KEEPCAPS, 1, 0, 0, 0), "KEEPCAPS")
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    only = struct.pack("6I", *[1 << NET_RAW] * 3, 0, 0, 0)
    must(libc.capset(struct.pack("Ii", CAPABILITY_VERSION, 0), only), "capset")
    must(libc.prctl(AMBIENT, AMBIENT_RAISE, NET_RAW, 0, 0), "ambient capability")
    must(libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def confine(calls):
    try:
        seccomp = ctypes.CDLL("libseccomp.so.2")
    except OSError as problem:
        print(problem, file=sys.stderr)
        sys.exit(77)
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(REFUSE))
    for name in sorted(calls):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:
            must(seccomp.seccomp_rule_add(context, ALLOW, number, 0), name)
    must(seccomp.seccomp_load(context), "system call filter")


def main():
    calls = unit_syscalls.permitted(sys.argv[1])
    become_nobody()
    confine(calls)
    os.execv(sys.argv[2], sys.argv[2:])


main()
