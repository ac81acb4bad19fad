#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""zeek.py PROGRAM SOURCE BUILD: the plug-in of plugins/zeek in Zeek: its btests, tcp_fp.log compared with the log of
the sink `zeek:` over tests/data, fragments, the differences in the page, zkg, a live interface, a cluster. Skipped
(77) without Zeek."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import fragments
import zeek_differences
import zeek_live
from zeek_host import ZEEK, Host, maps, table


def btests(host):
    shutil.rmtree(f"{host.build}/btest", ignore_errors=True)
    shutil.copytree(f"{host.source}/plugins/zeek/tests", f"{host.build}/btest")
    done = subprocess.run(["btest", "-c", "btest.cfg", "-d"], cwd=f"{host.build}/btest", capture_output=True, text=True, timeout=300,
                          env={**os.environ, "SYNFIX_ZEEK_PLUGINS": host.plugins, "SYNFIX_SOURCE": host.source})
    host.check(done.returncode == 0, f"btest: {done.stdout[-2000:]} {done.stderr[-2000:]}")


def every_column_is_that_of_the_program(host):
    total = 0
    for capture in sorted(glob.glob(f"{host.source}/tests/data/*.pcap*")):
        with tempfile.TemporaryDirectory() as work:
            name = os.path.basename(capture)
            host.read(capture, f"{work}/own.log")
            messages = host.run(work, "-r", capture)
            host.check(not messages, f"{name}: {messages[-500:]}")
            own_names, own = table(f"{work}/own.log")
            names, lines = table(f"{work}/tcp_fp.log")
            host.check(not lines or names == own_names, f"{name}: columns {set(names) ^ set(own_names)}")
            missing, extra = own - lines, lines - own
            host.check(not missing and not extra, f"{name}: {sum(missing.values())} missing, {sum(extra.values())} extra of {sum(own.values())}"
                       + "".join(f"\n  {sign} {dict(line)}" for sign, found in (("-", missing), ("+", extra)) for line in list(found)[:2]))
            total += sum((own & lines).values())
    host.check(total > 90, f"only {total} lines were compared")
    return total


def fragments_are_whole(host):
    with tempfile.TemporaryDirectory() as work:
        lengths = fragments.capture(f"{work}/fragments.pcap")
        found = {int(line["id.orig_p"]): line for line in host.log_of(work, "-r", f"{work}/fragments.pcap")}
        host.check({port: int(line["ip_len"]) for port, line in found.items()} == lengths, f"fragments: {found}")
        for port, line in found.items():
            host.check(line["options"] == fragments.SIGNATURE_OPTIONS, f"{port}: options {line['options']}")
            host.check(("fragment" in line["flags"].split(",")) == (port != 1005), f"{port}: flags {line['flags']}")
        host.check(found[1007]["tunnel"] == "ip-in-ip", f"1007: tunnel {found[1007]['tunnel']}")


def sides_follow_the_roles(host):
    """Zeek exchanges originator and responder if the SYN comes after the SYN+ACK."""
    with tempfile.TemporaryDirectory() as work:
        fragments.answer_first(f"{work}/flipped.pcap")
        lines = {line["kind"]: line for line in host.log_of(work, "-r", f"{work}/flipped.pcap")}
        described = {kind: line["id.resp_h" if line["is_resp"] == "T" else "id.orig_h"] for kind, line in lines.items()}
        host.check(described == {"syn": "192.0.2.1", "syn+ack": "198.51.100.1"}, f"roles: {described}")
        connections = maps(f"{work}/conn.log")
        host.check([(line["id.orig_h"], line["client_os"], line["server_os"]) for line in connections]
                   == [("192.0.2.1", lines["syn"]["os"], lines["syn+ack"]["os"])], f"roles: {connections}")


def package_manager(host):
    """zkg installs the repository; then one @load is sufficient."""
    with tempfile.TemporaryDirectory() as work:
        repository = f"{work}/synfix"
        shutil.copytree(host.source, repository, ignore=shutil.ignore_patterns(".git", "build*", "roots"))
        git = ["git", "-C", repository, "-c", "user.name=test", "-c", "user.email=test@example.com"]
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "copy"]):
            subprocess.run([*git, *words], check=True, capture_output=True)
        with open(f"{work}/config", "w", encoding="utf-8") as file:
            file.write("[sources]\n[paths]\n" + "".join(f"{name} = {work}/{name}\n" for name in
                                                         ("state_dir", "script_dir", "plugin_dir", "bin_dir")))
        done = subprocess.run(["zkg", "--configfile", f"{work}/config", "install", "--force", "--skiptests", repository],
                              capture_output=True, text=True, timeout=1200)
        host.check(done.returncode == 0, f"zkg: {done.stdout[-1000:]} {done.stderr[-1000:]}")
        script = f'eval "$(zkg --configfile {work}/config env)" && {" ".join(ZEEK)} -r {host.source}/tests/data/web.pcap packages'
        subprocess.run(["sh", "-c", script], cwd=work, timeout=120, check=False)
        lines = maps(f"{work}/conn.log")
        host.check(lines and all(line.get("client_os", "-") != "-" and line["server_os"] != "-" for line in lines),
                   f"zkg: conn.log: {lines[:1]}")


def main(program, source, build):
    host = Host(program, source, build)
    total = every_column_is_that_of_the_program(host)
    fragments_are_whole(host)
    sides_follow_the_roles(host)
    zeek_differences.check(host)
    for part, tools in ((btests, ("btest",)), (package_manager, ("zkg", "git"))):
        if all(map(shutil.which, tools)):
            part(host)
        else:
            print(f"not checked: {part.__name__} (needs {', '.join(tools)})")
    if os.geteuid() == 0 and shutil.which("ip"):
        listed = subprocess.run(["zeek", "-N"], capture_output=True, text=True).stdout
        zeek_live.interface(host, "vb")
        if "AF_Packet" in listed:
            zeek_live.interface(host, "af_packet::vb")
            zeek_live.cluster(host, "af_packet::vb")
        else:
            print("not checked: AF_PACKET, a cluster (this Zeek has no AF_Packet)")
    else:
        print("not checked: a live interface, a cluster (only root, with ip)")
    print(f"{total} lines are equal, {host.failures} failures")
    return host.failures > 0


sys.exit(main(*sys.argv[1:4]))
