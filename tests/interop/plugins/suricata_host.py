# SPDX-License-Identifier: MIT OR Apache-2.0
"""Suricata 8 with the plug-in of plugins/suricata: the Suricata in PATH if its headers are installed, else Debian's
Suricata in the directory ROOT (suricata_root.sh)."""
import atexit
import collections
import filecmp
import glob
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from checks import Checks, commands_of

TYPES = ("alert", "flow", "http", "stats", "tcp_fp", "tcp_uptime")
OUTER = ("timestamp", "event_type", "pcap_cnt", "src_port", "dest_port", "proto", "ip_v", "community_id")
PAGE_FLAGS = '"-DHAVE_CONFIG_H -I/tmp/suricata-headers/usr/local/include/suricata"'
CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def own_flags():
    """Compiler flags for the headers of the Suricata in PATH, or None."""
    program = shutil.which("suricata")
    version = subprocess.run([program, "-V"], capture_output=True, text=True).stdout if program else ""
    if not re.search(r"version ([89]|\d\d)\.", version):
        return None
    if shutil.which("libsuricata-config"):
        return subprocess.run(["libsuricata-config", "--cflags"], capture_output=True, text=True, check=True).stdout.strip()
    include = f"{os.path.dirname(os.path.dirname(program))}/include/suricata"
    return f"-DHAVE_CONFIG_H -I{include}" if os.path.exists(f"{include}/suricata-plugin.h") else None


def make_root(script, root):
    if os.geteuid() != 0:
        skip("another root directory is needed; run as root")
    if os.path.exists(f"{root}/.complete"):
        return
    if os.environ.get("SYNFIX_INTEROP_ROOTS") != "yes":
        skip(f"{root} is missing; run {script} {root}, or set SYNFIX_INTEROP_ROOTS=yes (some minutes, 1.5 GB)")
    if not shutil.which("mmdebstrap"):
        skip("no mmdebstrap; install the package mmdebstrap")
    subprocess.run([script, root], check=True)


def mirror(source, target):
    """Makes the target equal to the source. Equal files keep their time, all others get the current time. A build
    then compiles the changed files again, also if the source is another, older tree."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
        for name in set(os.listdir(target)) - set(os.listdir(source)):
            path = f"{target}/{name}"
            (shutil.rmtree if os.path.isdir(path) else os.remove)(path)
        for name in os.listdir(source):
            mirror(f"{source}/{name}", f"{target}/{name}")
    elif not os.path.isfile(target) or not filecmp.cmp(source, target, shallow=False):
        shutil.copyfile(source, target)


class Host(Checks):
    """Paths that begin with `work` are those of Suricata; inside() returns the same path for this process."""

    def __init__(self, program, source, root):
        self.program, self.source = program, source
        self.flags = own_flags()
        if self.flags:
            self.root, self.chroot, self.work = "", [], tempfile.mkdtemp(prefix="synfix-suricata-")
            atexit.register(shutil.rmtree, self.work, ignore_errors=True)
        else:
            self.root, self.chroot, self.work = root, ["chroot", root], "/mnt/test"
            make_root(f"{source}/tests/interop/plugins/suricata_root.sh", root)
            shutil.rmtree(self.inside(), ignore_errors=True)
            os.makedirs(f"{root}/mnt/synfix", exist_ok=True)
        os.makedirs(self.inside("log"))
        if self.root:
            self.built_source, self.flags = self.copy_source()
            self.plugin = self.build_plugin("/mnt/synfix/build", "/usr/local", self.flags)
        else:
            self.built_source = source
            self.plugin = self.build_plugin(f"{self.work}/build", f"{self.work}/prefix", self.flags)
        shutil.copy(f"{source}/sigdb/synfix.fp", self.inside("test.fp"))
        self.configuration("suricata.yaml")

    def inside(self, path=""):
        return f"{self.root}{self.work}/{path}"

    def copy_source(self):
        """Source and flags for a build in the root directory."""
        for part in ("CMakeLists.txt", "cmake", "src", "include", "plugins", "sigdb"):
            mirror(f"{self.source}/{part}", f"{self.root}/mnt/synfix/{part}")
        with open(f"{self.root}/suricata-cflags", encoding="utf-8") as file:
            return "/mnt/synfix", file.read().strip()

    def build_plugin(self, build, prefix, flags):
        """Runs the commands of the how-to page. Returns the path of the installed plug-in."""
        commands = commands_of(f"{self.source}/docs/how-to/suricata.md", "cmake -B build-suricata",
                               {PAGE_FLAGS: f'"{flags}" "-DCMAKE_INSTALL_PREFIX={prefix}"', "build-suricata": build})
        done = subprocess.run([*self.chroot, "sh", "-e", "-c", f"cd {self.built_source}\n{commands}"], capture_output=True, text=True,
                              env={**(CLEAN if self.root else os.environ), "CMAKE_GENERATOR": "Ninja"})
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:])
            sys.exit("FAILED: the commands of docs/how-to/suricata.md")
        warnings = re.findall(r".*plugins/.*warning:.*", done.stdout)
        self.check(not warnings, f"warnings: {warnings[:3]}")
        plugins = glob.glob(f"{self.root}{prefix}/lib/**/suricata/synfix.so", recursive=True)
        self.check(len(plugins) == 1, f"installed: {plugins}")
        return plugins[0][len(self.root):]

    def configuration(self, name, settings="", types=TYPES, output="filetype: regular", more=""):
        with open(self.inside(name), "w", encoding="utf-8") as file:
            file.write(f"""%YAML 1.1
---
plugins:
  - {self.plugin}
synfix:
  database: {self.work}/test.fp
{settings}
stats:
  enabled: yes
  interval: 1
outputs:
  - eve-log:
      enabled: yes
      {output}
      filename: eve.json
      community-id: yes
      types: [{", ".join(types)}]
{more}
""")
        return f"{self.work}/{name}"

    def command(self, *arguments, rules="/dev/null", config="suricata.yaml"):
        """Runs a command line after emptying the log directory. rules=None: the rules of the configuration."""
        for old in glob.glob(self.inside("log/*")):
            os.remove(old)
        return [*self.chroot, "suricata", "-c", f"{self.work}/{config}", "-l", f"{self.work}/log", "-k", "none",
                *(["-S", rules] if rules else []), *arguments]

    def suricata(self, *arguments, **options):
        return subprocess.run(self.command(*arguments, **options), capture_output=True, text=True, timeout=120)

    def read(self, capture, **options):
        """Reads a capture of the work directory in runmode single and returns the events of the plug-in."""
        done = self.suricata("-r", f"{self.work}/{capture}", "--runmode", "single", **options)
        self.check(done.returncode == 0, f"{capture}: exit code {done.returncode}: {done.stderr[-300:]}")
        return self.events()

    def events(self, path="log/eve.json", kinds=("tcp_fp", "tcp_uptime")):
        if not os.path.exists(self.inside(path)):
            return []
        with open(self.inside(path), encoding="utf-8") as file:
            return [event for event in map(json.loads, file) if not kinds or event["event_type"] in kinds]

    def program_events(self, capture):
        """The events of `synfix read`."""
        done = subprocess.run([self.program, "read", "--quiet", "--sigdb", self.inside("test.fp"), "--enrich", "community-id", capture,
                               "--to", "json:-"], capture_output=True, text=True, check=True)
        return list(map(json.loads, done.stdout.splitlines()))

    def of_program(self, capture):
        return counted(self.program_events(capture))

    def compare(self, name, found, expected):
        missing, extra = expected - found, found - expected
        self.check(not missing and not extra,
                   f"{name}: {sum(missing.values())} missing, {sum(extra.values())} extra of {sum(expected.values())}"
                   + "".join(f"\n  {sign} {text[:400]}" for sign, texts in (("-", missing), ("+", extra)) for text in list(texts)[:2]))
        return sum((found & expected).values())

    def agrees_with_schema(self, found, definition=None):
        try:
            import jsonschema
        except ImportError:
            self.note("not checked: the JSON schema (no Python package jsonschema)")
            return
        with open(f"{self.source}/conf/schema/eve-event.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        if definition:
            schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{definition}"}
        for instance in found:
            for error in jsonschema.Draft202012Validator(schema).iter_errors(instance):
                self.check(False, f"schema: {'/'.join(map(str, error.path))}: {error.message[:200]}")


def comparable(event):
    """The outer fields that both have, addresses in one form, the whole inner object."""
    fields = {key: event.get(key) for key in OUTER}
    for key in ("src_ip", "dest_ip"):
        fields[key] = str(ipaddress.ip_address(event[key]))
    fields["inner"] = event[event["event_type"]]
    return json.dumps(fields, sort_keys=True)


def counted(events):
    return collections.Counter(map(comparable, events))
