#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""suricata.py PROGRAM SOURCE ROOT: the plug-in of plugins/suricata inside Suricata 8: the one in PATH if its headers are installed, else
Debian's in the directory ROOT (suricata_root.sh).

Every field of tcp_fp and tcp_uptime is compared with the program; then rules, records, settings, rotation, reload and
unix-socket mode. Skipped (77) without either; SYNFIX_INTEROP_ROOTS=yes makes ROOT first."""
import atexit
import collections
import glob
import ipaddress
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import fragments

PROGRAM, SOURCE, ROOT = sys.argv[1:4]
WORK = "/mnt/test"  # inside ROOT
CHROOT = ["chroot", ROOT]
FLAGS = None
CLEAN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}
failures = 0


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def check(condition, what):
    global failures
    if not condition:
        failures += 1
        print(f"FAILED: {what}")


def inside(path=""):
    return f"{ROOT}{WORK}/{path}"


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


def make_root():
    if os.geteuid() != 0:
        skip("only root may use another root directory")
    if os.path.exists(f"{ROOT}/.complete"):
        return
    if os.environ.get("SYNFIX_INTEROP_ROOTS") != "yes":
        skip(f"{ROOT} is missing: run tests/interop/suricata_root.sh {ROOT}, or set SYNFIX_INTEROP_ROOTS=yes (some minutes, 1.5 GB)")
    if not shutil.which("mmdebstrap"):
        skip("no mmdebstrap here")
    subprocess.run([f"{SOURCE}/tests/interop/suricata_root.sh", ROOT], check=True)


def build_plugin():
    """As the how-to page says, in ROOT."""
    source, flags = SOURCE, FLAGS
    build, prefix = f"{WORK}/build", f"{WORK}/prefix"
    if ROOT:
        for part in ("CMakeLists.txt", "cmake", "src", "include", "plugins", "sigdb"):
            subprocess.run(["cp", "-rpu", f"{SOURCE}/{part}", f"{ROOT}/mnt/synfix/"], check=True)
        with open(f"{ROOT}/suricata-cflags", encoding="utf-8") as file:
            flags = file.read().strip()
        source, build, prefix = "/mnt/synfix", "/mnt/synfix/build", "/usr/local"
    script = f"""cmake -S {source} -B {build} -G Ninja -DSYNFIX_PROGRAM=OFF -DSYNFIX_TESTS=OFF -DSYNFIX_SURICATA='{flags}' \\
        -DCMAKE_INSTALL_PREFIX={prefix} && cmake --build {build} && cmake --install {build}"""
    done = subprocess.run([*CHROOT, "sh", "-c", script], capture_output=True, text=True, env=CLEAN if ROOT else None)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:])
        sys.exit("FAILED: the plug-in does not build")
    warnings = re.findall(r".*plugins/.*warning:.*", done.stdout)
    check(not warnings, f"warnings: {warnings[:3]}")
    plugins = glob.glob(f"{ROOT}{prefix}/lib/**/suricata/synfix.so", recursive=True)
    check(len(plugins) == 1, f"installed: {plugins}")
    return plugins[0][len(ROOT):]


def configuration(name, plugin, settings="", types=("alert", "flow", "http", "stats", "tcp_fp", "tcp_uptime"), more=""):
    with open(inside(name), "w", encoding="utf-8") as file:
        file.write(f"""%YAML 1.1
---
plugins:
  - {plugin}
synfix:
  database: {WORK}/test.fp
{settings}
stats:
  enabled: yes
  interval: 1
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      community-id: yes
      types: [{", ".join(types)}]
{more}
""")
    return f"{WORK}/{name}"


def suricata(*arguments, rules="/dev/null", config=f"{WORK}/suricata.yaml"):
    for old in glob.glob(inside("log/*")):
        os.remove(old)
    return subprocess.run([*CHROOT, "suricata", "-c", config, "-S", rules, "-l", f"{WORK}/log", "-k", "none", *arguments],
                          capture_output=True, text=True, timeout=120)


def events(path="log/eve.json", kinds=("tcp_fp", "tcp_uptime")):
    if not os.path.exists(inside(path)):
        return []
    with open(inside(path), encoding="utf-8") as file:
        return [event for event in map(json.loads, file) if not kinds or event["event_type"] in kinds]


OUTER = ("timestamp", "event_type", "pcap_cnt", "src_port", "dest_port", "proto", "ip_v", "community_id")


def comparable(event):
    """The outer fields that both have, addresses in one form, the whole inner object."""
    fields = {key: event.get(key) for key in OUTER}
    for key in ("src_ip", "dest_ip"):
        fields[key] = str(ipaddress.ip_address(event[key]))
    fields["inner"] = event[event["event_type"]]
    return json.dumps(fields, sort_keys=True)


def of_program(capture):
    done = subprocess.run([PROGRAM, "read", "--quiet", "--sigdb", inside("test.fp"), "--enrich", "community-id", capture,
                           "--to", "json:-"], capture_output=True, text=True, check=True)
    return collections.Counter(comparable(json.loads(line)) for line in done.stdout.splitlines())


def compare(name, found, expected):
    missing, extra = expected - found, found - expected
    check(not missing and not extra, f"{name}: {sum(missing.values())} missing, {sum(extra.values())} extra of {sum(expected.values())}"
          + "".join(f"\n  {sign} {text[:400]}" for sign, texts in (("-", missing), ("+", extra)) for text in list(texts)[:2]))
    return sum((found & expected).values())


def agrees_with_schema(found, definition=None):
    try:
        import jsonschema
    except ImportError:
        return
    with open(f"{SOURCE}/conf/schema/eve-event.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    if definition:
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{definition}"}
    for instance in found:
        for error in jsonschema.Draft202012Validator(schema).iter_errors(instance):
            check(False, f"schema: {'/'.join(map(str, error.path))}: {error.message[:200]}")


def every_field_is_that_of_the_program(captures):
    total = 0
    for capture in captures:
        done = suricata("-r", f"{WORK}/{os.path.basename(capture)}", "--runmode", "single")
        check(done.returncode == 0, f"{capture}: exit code {done.returncode}: {done.stderr[-300:]}")
        agrees_with_schema(events())
        total += compare(f"single {os.path.basename(capture)}", collections.Counter(map(comparable, events())), of_program(capture))
    check(total > 90, f"only {total} events were compared")
    return total


def unix_socket_mode(captures):
    """Many captures in one process, with several threads. One capture holds the same connection inside different tunnels,
    which Suricata gives to different threads: retransmissions and uptimes across them are not seen."""
    config = configuration("socket.yaml", PLUGIN, more=f"unix-command: {{enabled: yes, filename: {WORK}/command}}\nrunmode: autofp")
    process = subprocess.Popen([*CHROOT, "suricata", "-c", config, "-S", "/dev/null", "-k", "none", "--unix-socket", "-l",
                                f"{WORK}/log"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = connect(process, inside("command"))
        for index, capture in enumerate(captures * 2):
            directory = f"log/{index}"
            os.makedirs(inside(directory))
            command(connection, "pcap-file", {"filename": f"{WORK}/{os.path.basename(capture)}", "output-dir": f"{WORK}/{directory}"})
        wait_until(lambda: command(connection, "pcap-file-number")["message"] == 0
                   and command(connection, "pcap-current")["message"] in ("None", None), 60)
        for index, capture in enumerate(captures * 2):
            if os.path.basename(capture) != "vxlan.pcap":
                compare(f"unix-socket {index} {os.path.basename(capture)}",
                        collections.Counter(map(comparable, events(f"log/{index}/eve.json"))), of_program(capture))
        command(connection, "shutdown")
        check(process.wait(20) == 0, "unix-socket mode: exit code")
    finally:
        process.kill()
        for index in range(len(captures) * 2):
            shutil.rmtree(inside(f"log/{index}"), ignore_errors=True)


def connect(process, path):
    for _ in range(300):
        if process.poll() is not None:
            sys.exit("FAILED: Suricata ended instead of opening its socket")
        try:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(path)
            connection.sendall(b'{"version": "0.2"}\n')
            connection.recv(4096)
            return connection
        except OSError:
            time.sleep(0.1)
    sys.exit("FAILED: Suricata does not open its socket")


def command(connection, name, arguments=None):
    connection.sendall((json.dumps({"command": name, **({"arguments": arguments} if arguments else {})}) + "\n").encode())
    answer = b""
    while not answer.endswith(b"\n"):
        answer += connection.recv(65536)
    return json.loads(answer)


def wait_until(condition, seconds):
    end = time.time() + seconds
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.2)
    check(False, f"not within {seconds} s: {condition}")
    return False


RULES = """alert tcp any any -> any any (msg:"os"; synfix.os:"Linux*"; sid:1;)
alert tcp any any -> any any (msg:"family"; synfix.family:"linux"; synfix.quality:>=50; sid:2;)
alert tcp any any -> any any (msg:"quality"; synfix.quality:>=101; sid:3;)
alert tcp any any -> any any (msg:"distance"; synfix.dist:<10; sid:4;)
alert tcp any any -> any any (msg:"signature"; synfix.signature; content:"mss,sok,ts"; sid:5;)
alert http any any -> any any (msg:"http"; http.method; content:"GET"; synfix.family:"Linux"; sid:6;)
alert tcp any any -> any any (msg:"not"; synfix.family:!"Linux"; sid:7;)
alert tcp any any -> any any (msg:"server"; flow:established,to_server; synfix.os:server,"Linux*"; content:"GET"; sid:8;)
"""


def frame(source, destination, flags, sequence, acknowledgement, options=b"", payload=b""):
    """Ethernet, IPv4 and TCP without checksums."""
    tcp = struct.pack(">HHIIBBHHH", source[1], destination[1], sequence, acknowledgement, (20 + len(options)) // 4 << 4, flags,
                      64240, 0, 0) + options + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 7, 0x4000, 64, 6, 0, bytes(source[0]), bytes(destination[0]))
    return b"\2" * 12 + b"\x08\x00" + ip + tcp


CLIENT_OPTIONS = bytes.fromhex("020405b40402080a00002710000000000103030a")
SERVER_OPTIONS = bytes.fromhex("020405b40402080a000100000000271001030307")


def write_frames(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for index, data in enumerate(frames):
            file.write(struct.pack("<IIII", 1700000000, index * 1000, len(data), len(data)) + data)


def http_capture(path):
    client, server = ((192, 0, 2, 1), 40000), ((198, 51, 100, 1), 80)
    request = b"GET / HTTP/1.1\r\nHost: example\r\n\r\n"
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    frames = [frame(client, server, 0x02, 1000, 0, CLIENT_OPTIONS), frame(server, client, 0x12, 9000, 1001, SERVER_OPTIONS),
              frame(client, server, 0x10, 1001, 9001), frame(client, server, 0x18, 1001, 9001, payload=request),
              frame(server, client, 0x18, 9001, 1001 + len(request), payload=response),
              frame(client, server, 0x11, 1001 + len(request), 9001 + len(response)),
              frame(server, client, 0x11, 9001 + len(response), 1002 + len(request)),
              frame(client, server, 0x10, 1002 + len(request), 9002 + len(response))]
    write_frames(path, frames)


def tls_record(kind, *messages):
    """Handshake messages (type, content) in one TLS 1.2 record."""
    body = b"".join(bytes([number]) + len(content).to_bytes(3, "big") + content for number, content in messages)
    return bytes([kind]) + b"\x03\x03" + len(body).to_bytes(2, "big") + body


def tls_capture(path):
    """A TLS 1.2 handshake up to the client's key, with a certificate of openssl."""
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                           "/dev/null", "-subj", "/CN=example", "-days", "9", "-outform", "DER"], capture_output=True, check=True)
    certificate = len(made.stdout).to_bytes(3, "big") + made.stdout
    client, server = ((192, 0, 2, 1), 40001), ((198, 51, 100, 1), 443)
    hello = b"\x03\x03" + b"\7" * 32 + b"\0\0\x02\xc0\x2b\1\0"
    answer = b"\x03\x03" + b"\5" * 32 + b"\0\xc0\x2b\0"
    request = tls_record(22, (1, hello))
    response = tls_record(22, (2, answer), (11, len(certificate).to_bytes(3, "big") + certificate), (14, b""))
    key = tls_record(22, (16, b"\1" * 66)) + b"\x14\x03\x03\0\1\1"
    one, two, three = 1001 + len(request), 9001 + len(response), 1001 + len(request) + len(key)
    write_frames(path, [frame(client, server, 0x02, 1000, 0, CLIENT_OPTIONS), frame(server, client, 0x12, 9000, 1001, SERVER_OPTIONS),
                        frame(client, server, 0x18, 1001, 9001, payload=request), frame(server, client, 0x18, 9001, one, payload=response),
                        frame(client, server, 0x18, one, two, payload=key),
                        frame(server, client, 0x18, two, three, payload=b"\x14\x03\x03\0\1\1"),
                        frame(client, server, 0x11, three, two + 6), frame(server, client, 0x11, two + 6, three + 1)])


def tls_records():
    if not shutil.which("openssl"):
        return
    tls_capture(inside("tls.pcap"))
    done = suricata("-r", f"{WORK}/tls.pcap", "--runmode", "single", config=configuration("tls.yaml", PLUGIN, types=("tls", "tcp_fp")))
    records = events(kinds=("tls",))
    check(done.returncode == 0 and len(records) == 1, f"tls: {done.returncode}, {len(records)} records")
    for record in records:
        check(record["tcp_fp"]["client"]["family"] == "Linux" and "server" in record["tcp_fp"], f"tls: {record['tcp_fp']}")


def rules_and_records():
    http_capture(inside("http.pcap"))
    with open(inside("test.rules"), "w", encoding="utf-8") as file:
        file.write(RULES)
    done = suricata("-r", f"{WORK}/http.pcap", "--runmode", "single", rules=f"{WORK}/test.rules")
    check(done.returncode == 0, f"rules: {done.stderr[-600:]}")
    alerts = collections.Counter(event["alert"]["signature"] for event in events(kinds=("alert",)))
    check(alerts == {"os": 2, "family": 2, "distance": 2, "signature": 2, "http": 1, "server": 1}, f"alerts: {dict(alerts)}")
    for kind in ("flow", "http", "alert"):
        records = events(kinds=(kind,))
        check(records and all(set(record["tcp_fp"]) <= {"client", "server"} for record in records), f"{kind}: no tcp_fp")
        agrees_with_schema([record["tcp_fp"] for record in records], "senders")
    flow = events(kinds=("flow",))[0]["tcp_fp"]
    prints = {event["tcp_fp"]["kind"]: event for event in events(kinds=("tcp_fp",))}
    for side, kind in (("client", "syn"), ("server", "syn+ack")):
        check(flow[side]["family"] == "Linux" and flow[side]["quality"] > 0, f"flow: {flow}")
        inner = prints[kind]["tcp_fp"]
        check(all(inner[key] == value for key, value in flow[side].items()), f"{side}: {flow[side]} is not {inner}")
    check(len({event["flow_id"] for event in events(kinds=("flow", "tcp_fp", "http", "alert"))}) == 1, "flow_id differs")
    stats = events(kinds=("stats",))[-1]["stats"]["synfix"]
    check(stats["syn"] == 1 and stats["syn_ack"] == 1 and stats["matched"] == 2, f"stats: {stats}")


def mistakes_are_refused():
    table = ((f"  database: {WORK}/missing.fp", "No such file"), ("  uptime: fast", "uptime"), ("  hosts: 3", "1024"),
             ("  hots: 3", "no such setting"), ("  records: maybe", "records"), (f"  database: {WORK}/suricata.yaml", "suricata.yaml:1"))
    for settings, message in table:
        config = configuration("wrong.yaml", PLUGIN)
        with open(inside("wrong.yaml"), encoding="utf-8") as file:
            text = re.sub(r"(?m)^  database: .*\n", settings + "\n", file.read())
        with open(inside("wrong.yaml"), "w", encoding="utf-8") as file:
            file.write(text)
        for arguments in (("-T",), ("-r", f"{WORK}/http.pcap")):
            done = suricata(*arguments, config=config)
            check(done.returncode == 1 and message in done.stderr + done.stdout, f"{settings} {arguments}: {done.returncode} {done.stderr[-200:]}")
    with open(inside("wrong.rules"), "w", encoding="utf-8") as file:
        file.write('alert tcp any any -> any any (msg:"x"; synfix.quality:high; sid:1;)\n')
    check(suricata("-T", rules=f"{WORK}/wrong.rules").returncode == 1, "-T passes a wrong rule")
    check(suricata("-T", rules=f"{WORK}/test.rules").returncode == 0, "-T refuses right rules")


def live():
    """af-packet with two workers in a network namespace: the same events as the program, HUP, reload of the database."""
    name = f"synfix-{os.getpid()}"
    run = lambda *words: subprocess.run(words, check=True, capture_output=True)
    namespace = ("ip", "netns", "exec", name)
    run("ip", "netns", "add", name)
    process = None
    try:
        for words in ("ip link add va type veth peer name vb", "ip link set va up", "ip link set vb up"):
            run(*namespace, *words.split())
        config = configuration("live.yaml", PLUGIN, more=f"rule-files: [{WORK}/test.rules]\nunix-command: {{enabled: yes, filename: {WORK}/live-command}}\n"
                               "af-packet:\n  - interface: vb\n    threads: 2\n    cluster-id: 99\n    cluster-type: cluster_flow")
        for old in glob.glob(inside("log/*")):
            os.remove(old)
        process = subprocess.Popen([*namespace, *CHROOT, "suricata", "-c", config, "-k", "none", "--af-packet",
                                    "--runmode", "workers", "-l", f"{WORK}/log"], stdout=open(inside("live.log"), "w", encoding="utf-8"),
                                   stderr=subprocess.STDOUT)
        connection = connect(process, inside("live-command"))
        wait_until(lambda: command(connection, "iface-list")["message"]["count"] == 1, 20)
        time.sleep(1)
        send(namespace, inside("web.pcap"))
        inner = lambda path: collections.Counter(json.dumps(event["tcp_fp"], sort_keys=True) for event in events(path, ("tcp_fp",)))
        wait_until(lambda: sum(inner("log/eve.json").values()) >= 26, 20)
        expected = collections.Counter()
        for text, count in of_program(inside("web.pcap")).items():
            fields = json.loads(text)
            if fields["event_type"] == "tcp_fp":
                expected[json.dumps(fields["inner"], sort_keys=True)] += count
        found = inner("log/eve.json")
        check(found == expected, f"live: {sum((found & expected).values())} of {sum(expected.values())} equal")
        check(all(event["in_iface"] == "vb" for event in events()), "in_iface")
        fragments.tagged(inside("vlan.pcap"), inside("tagged.pcap"), 42)
        send(namespace, inside("tagged.pcap"))
        tags = lambda: [(event.get("vlan"), event["tcp_fp"].get("vlan")) for event in events(kinds=("tcp_fp",)) if event.get("vlan")]
        wait_until(lambda: len(tags()) >= 2, 20)
        check(tags() == [([42], [42])] * 2, f"VLANs: {tags()}")
        os.rename(inside("log/eve.json"), inside("log/eve.json.1"))
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: os.path.exists(inside("log/eve.json")), 20)
        before = sum(inner("log/eve.json.1").values())
        with open(inside("test.fp"), "w", encoding="utf-8") as file:  # every Linux is another OS now
            file.write("classes = other\n[tcp:request]\nlabel = s:other:Renamed:1\nsig = *:64:0:*:*,*:mss,sok,ts,nop,ws:df,id+:0\n"
                       "[tcp:response]\nlabel = s:other:Renamed:1\nsig = *:64:0:*:*,*:mss::0\n")
        answer = command(connection, "reload-rules")
        check(answer["return"] == "OK", f"reload-rules: {answer}")
        wait_until(lambda: "synfix: test.fp: 1 signatures" in open(inside("live.log"), encoding="utf-8").read(), 20)
        send(namespace, inside("web.pcap"))
        wait_until(lambda: sum(inner("log/eve.json").values()) >= 26, 20)
        check(sum(inner("log/eve.json.1").values()) == before, "events went into the renamed file")
        check(any(json.loads(text)["os"] == "Renamed 1" for text in inner("log/eve.json")), "the database was not reloaded")
        with open(inside("test.fp"), "w", encoding="utf-8") as file:
            file.write("nonsense\n")
        command(connection, "reload-rules")
        wait_until(lambda: "stays in use" in open(inside("live.log"), encoding="utf-8").read(), 20)
        command(connection, "shutdown")
        check(process.wait(30) == 0, "live: exit code")
        stats = events("log/eve.json", ("stats",))
        check(stats and stats[-1]["stats"]["synfix"]["syn"] == 27, f"stats: {stats[-1]['stats']['synfix'] if stats else None}")
    finally:
        if process:
            process.kill()
        subprocess.run(["ip", "netns", "del", name], check=False)
        shutil.copy(f"{SOURCE}/sigdb/synfix.fp", inside("test.fp"))


def send(namespace, capture):
    script = """
import socket, struct, sys
data = open(sys.argv[1], 'rb').read()
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind(('va', 0))
at = 24
while at < len(data):
    length = struct.unpack_from('<I', data, at + 8)[0]
    link.send(data[at + 16:at + 16 + length])
    at += 16 + length
"""
    subprocess.run([*namespace, sys.executable, "-c", script, capture], check=True)


FLAGS = own_flags()
if FLAGS:
    ROOT, CHROOT, WORK = "", [], tempfile.mkdtemp(prefix="synfix-suricata-")
    atexit.register(shutil.rmtree, WORK, ignore_errors=True)
else:
    make_root()
    shutil.rmtree(inside(), ignore_errors=True)
    os.makedirs(f"{ROOT}/mnt/synfix", exist_ok=True)
os.makedirs(inside("log"))
PLUGIN = build_plugin()
captures = sorted(glob.glob(f"{SOURCE}/tests/data/*.pcap*"))
for file in captures:
    shutil.copy(file, inside())
shutil.copy(f"{SOURCE}/sigdb/synfix.fp", inside("test.fp"))
configuration("suricata.yaml", PLUGIN)
compared = every_field_is_that_of_the_program(captures)
rules_and_records()
tls_records()
mistakes_are_refused()
unix_socket_mode(captures)
if os.geteuid() == 0 and shutil.which("ip"):
    live()
print(f"{compared} events compared field by field, {failures} failures")
sys.exit(failures > 0)
