# SPDX-License-Identifier: MIT OR Apache-2.0
"""A plug-in that was built with headers of a Suricata with other features must not run: the layout of packets
differs."""
import re
import shutil

PACKET = r"typedef struct Packet_\s*\{"


def other_features(host):
    """Headers with an additional first field."""
    included = re.search(r"-I(\S+)", host.flags).group(1)
    shutil.copytree(f"{host.root}{included}", host.inside("headers"))
    with open(host.inside("headers/decode.h"), encoding="utf-8") as file:
        text, count = re.subn(PACKET, r"\g<0> uint64_t other_feature;", file.read())
    host.check(count == 1, "decode.h has no structure Packet_")
    with open(host.inside("headers/decode.h"), "w", encoding="utf-8") as file:
        file.write(text)
    build = "/mnt/synfix/build-layout" if host.root else f"{host.work}/build-layout"
    right, host.plugin = host.plugin, host.build_plugin(build, f"{host.work}/layout", host.flags.replace(included, f"{host.work}/headers"))
    host.configuration("layout.yaml")
    host.plugin = right
    for arguments in (("-T",), ("-r", f"{host.work}/web.pcap")):
        done = host.suricata(*arguments, config="layout.yaml")
        host.check(done.returncode == 1 and "built with other features" in done.stderr + done.stdout,
                   f"other layout, {arguments}: {done.returncode} {done.stderr[-300:]}")
