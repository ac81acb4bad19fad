# SPDX-License-Identifier: MIT OR Apache-2.0
"""The package and the program give the same observations; errors are exceptions; the package leaves no files open."""
import csv
import gc
import io
import ipaddress
import os
import pathlib
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import synfix

SYNFIX = os.environ["SYNFIX_PROGRAM"]
DATA = pathlib.Path(os.environ["SYNFIX_TEST_DATA"])
CAPTURES = sorted(path for path in DATA.iterdir() if ".pcap" in path.name)


def run(*arguments):
    return subprocess.run([SYNFIX, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def descriptors():
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1])


def as_csv(value, name):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:.2f}" if name == "timestamp_frequency_measured" else str(value)


class Reading(unittest.TestCase):
    def test_captures_are_what_the_program_writes(self):
        for path in CAPTURES:
            rows = list(csv.DictReader(io.StringIO(run("read", "--quiet", path, "--to", "csv:-"))))
            found = list(synfix.read(path))
            self.assertEqual(len(found), len(rows), path)
            self.assertGreater(len(found), 0, path)
            for o, row in zip(found, rows):
                seconds, rest = row.pop("time").rstrip("Z").rsplit(".", 1)
                self.assertEqual(o.time.strftime("%Y-%m-%dT%H:%M:%S"), seconds)
                self.assertEqual(o.time_ns % 1000000000, int(rest))
                for name, text in row.items():
                    self.assertEqual(as_csv(getattr(o, name, None), name), text, (path, name))

    def test_types(self):
        o = next(synfix.read(DATA / "web.pcap"))
        self.assertIsInstance(o.source_address, ipaddress.IPv4Address)
        self.assertIsInstance(next(synfix.read(DATA / "ipv6-ftp.pcap")).source_address, ipaddress.IPv6Address)
        self.assertIs(o.from_server, o.kind == "syn+ack")
        self.assertIsInstance(o.tcp_option_layout, tuple)
        self.assertIsNone(o.system_uptime)
        self.assertEqual(o, next(synfix.read(str(DATA / "web.pcap"))))
        with self.assertRaises(AttributeError):
            o.kind = "other"

    def test_options(self):
        every = list(synfix.read(DATA / "web.pcap"))
        some = list(synfix.read(DATA / "web.pcap", filter="src port 80", uptime="off"))
        self.assertTrue(0 < len(some) < len(every))
        self.assertTrue(all(o.source_port == 80 for o in some))
        with tempfile.NamedTemporaryFile(suffix=".fp") as empty:
            empty.write(b"classes = unix\n")
            empty.flush()
            self.assertTrue(all(o.os_label is None for o in synfix.read(DATA / "web.pcap", sigdb=empty.name)))

    def test_archives_are_what_the_captures_are(self):
        with tempfile.TemporaryDirectory() as directory:
            for path in CAPTURES:
                archive = pathlib.Path(directory) / (path.name + ".ipfix")
                run("read", "--quiet", path, "--to", f"file:{archive}")
                found = synfix.records(archive)
                self.assertEqual(list(found), list(synfix.read(path)), path)
                self.assertEqual(found.refused, {})
            compact = pathlib.Path(directory) / "compact.ipfix"
            run("read", "--quiet", DATA / "web.pcap", "--to", f"file:{compact}?profile=compact")
            found = synfix.records(compact)
            self.assertEqual(list(found), [])
            self.assertEqual(list(found.refused), ["records of a shorter profile"])

    def test_damaged_archives_give_what_dump_gives(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "a.ipfix"
            run("read", "--quiet", DATA / "mixed.pcap", "--to", f"file:{path}")
            whole = path.read_bytes()
            first = int.from_bytes(whole[2:4], "big")  # length of the message that holds the first template
            second = first + int.from_bytes(whole[first + 2:first + 4], "big")
            records = list(synfix.records(path))
            for damaged, status in ((whole[:-100], "TRUNCATED"), (whole[:-700], "TRUNCATED"),
                                    (whole[first:second], "INVALID"), (whole[first:] + whole[:first], None)):
                path.write_bytes(damaged)
                dumped = subprocess.run([SYNFIX, "dump", path, "--to", "csv:-"], capture_output=True, text=True)
                self.assertEqual(dumped.returncode == 0, status is None)
                rows = max(len(dumped.stdout.splitlines()) - 1, 0)
                found = self.damaged(synfix.records(path), status) if status else list(synfix.records(path))
                self.assertEqual(len(found), rows, status)
                self.assertTrue(all(o in records for o in found))

    def damaged(self, observations, status):
        """Complete observations come first, then one failure, then the end."""
        found = []
        with self.assertRaises(synfix.Error) as caught:
            for o in observations:
                found.append(o)
        self.assertEqual(caught.exception.status, status)
        with self.assertRaises(StopIteration):
            next(observations)
        return found

    def test_damaged_capture(self):
        with tempfile.NamedTemporaryFile(suffix=".pcap") as cut:
            whole = (DATA / "web.pcap").read_bytes()
            cut.write(whole[: len(whole) - 7])
            cut.flush()
            self.damaged(synfix.read(cut.name), "TRUNCATED")


class Mistakes(unittest.TestCase):
    def fails(self, status, text, function, *arguments, **options):
        with self.assertRaises(synfix.Error) as caught:
            list(function(*arguments, **options))
        self.assertEqual(caught.exception.status, status)
        self.assertIn(text, str(caught.exception))

    def test_errors_have_the_library_s_message(self):
        self.fails("NOT_FOUND", "/no/such", synfix.read, "/no/such")
        self.fails("NOT_FOUND", "/no/such", synfix.records, "/no/such")
        self.fails("INVALID", "neither pcap nor pcapng", synfix.read, __file__)
        self.fails("INVALID", "no IPFIX message", synfix.records, __file__)
        self.fails("INVALID", "directory", synfix.records, DATA)
        self.fails("TRUNCATED", "empty", synfix.records, "/dev/null")
        self.fails("INVALID", "filter", synfix.read, DATA / "web.pcap", filter="tcp prot")
        self.fails("NOT_FOUND", "/no/such.fp", synfix.read, DATA / "web.pcap", sigdb="/no/such.fp")
        self.fails("INVALID", __file__, synfix.read, DATA / "web.pcap", sigdb=__file__)
        with self.assertRaises(synfix.Error):
            synfix.capture("no-such-interface")

    def test_arguments(self):
        for call in (lambda: synfix.read("a\0b"), lambda: synfix.read(DATA / "web.pcap", uptime="some"),
                     lambda: synfix.read(DATA / "web.pcap", filter="tcp\0or udp"), lambda: synfix.records("x", pen=-1)):
            with self.assertRaises(ValueError):
                call()
        with self.assertRaises(TypeError):
            synfix.read(3.5)

    def test_closed_and_shared(self):
        observations = synfix.read(DATA / "web.pcap")
        next(observations)
        observations.close()
        observations.close()
        self.assertEqual(list(observations), [])
        with self.assertRaises(TypeError):
            pickle.dumps(synfix.read(DATA / "web.pcap"))
        with synfix.read(DATA / "web.pcap") as inside:
            next(inside)
        self.assertEqual(list(inside), [])

    def test_threads(self):
        """Each observation comes once, or the second thread gets an error; nothing crashes."""
        shared, seen, problems = synfix.read(DATA / "web.pcap"), [], []

        def take():
            while True:
                try:
                    seen.append(next(shared))
                except StopIteration:
                    return
                except RuntimeError:
                    continue
                except Exception as problem:  # pylint: disable=broad-except
                    problems.append(problem)
                    return
        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(problems, [])
        self.assertEqual(sorted(o.packet_number for o in seen),
                         sorted(o.packet_number for o in synfix.read(DATA / "web.pcap")))


class Leaks(unittest.TestCase):
    def test_iteration_that_is_stopped_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as directory:
            archive = os.path.join(directory, "a.ipfix")
            run("read", "--quiet", DATA / "web.pcap", "--to", f"file:{archive}")

            def start_and_stop(times):
                for _ in range(times):
                    next(synfix.read(DATA / "web.pcap"))
                    next(synfix.records(archive))
                    for o in synfix.records(archive):
                        if o.packet_number > 1:
                            break
            start_and_stop(3)
            files, pages = descriptors(), resident()
            start_and_stop(20)
            self.assertEqual(descriptors(), files)
            self.assertLess((resident() - pages) * os.sysconf("SC_PAGE_SIZE"), 30 << 20)


class Pandas(unittest.TestCase):
    def test_frame(self):
        try:
            import pandas
        except ImportError:
            self.skipTest("no pandas; pip install pandas")
        frame = synfix.to_pandas(synfix.read(DATA / "web.pcap"))
        self.assertEqual(len(frame), len(list(synfix.read(DATA / "web.pcap"))))
        self.assertEqual(str(frame["time"].dtype), "datetime64[ns, UTC]")
        self.assertIsInstance(frame, pandas.DataFrame)
        self.assertIn("10.0.2.15", set(frame["source_address"]))


class Examples(unittest.TestCase):
    def test_changed_os(self):
        """Two captures with one address: the change between them is reported."""
        script = pathlib.Path(__file__).resolve().parents[2] / "examples" / "changed_os.py"
        files = [DATA / "mixed.pcap", DATA / "web.pcap"]
        last, wanted = {}, []
        for path in files:
            for o in synfix.read(path):
                if o.os_label:
                    host = (o.source_address, o.kind)
                    if last.get(host, o.os_family) != o.os_family:
                        wanted.append(f"{o.time.isoformat()} {o.source_address} {last[host]} -> {o.os_family}")
                    last[host] = o.os_family
        out = subprocess.run([sys.executable, script, *files], check=True, capture_output=True, text=True).stdout
        self.assertEqual(out.splitlines(), wanted)


class Wheel(unittest.TestCase):
    def test_version_is_that_of_the_library(self):
        project = (pathlib.Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
        self.assertIn(f'\nversion = "{synfix.version()}"\n', project)

    def test_wheel(self):
        package = pathlib.Path(__file__).resolve().parents[1]
        with tempfile.TemporaryDirectory() as directory:
            copy = shutil.copytree(package, os.path.join(directory, "package"))
            made = subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation",
                                   "--no-index", "--quiet", "-w", directory, copy], capture_output=True, text=True)
            if made.returncode != 0 and ("No module named" in made.stderr or "setuptools" in made.stderr):
                self.skipTest("no pip, setuptools or wheel; install the packages python3-pip python3-setuptools python3-wheel")
            self.assertEqual(made.returncode, 0, made.stderr)
            wheel = next(pathlib.Path(directory).glob("synfix-*.whl"))
            environment = dict(os.environ, PYTHONPATH=str(wheel))
            out = subprocess.run([sys.executable, "-c", "import synfix; print(synfix.__file__, synfix.version())"],
                                 check=True, capture_output=True, text=True, env=environment).stdout
            self.assertIn(".whl", out)
            self.assertIn(synfix.version(), out)


if __name__ == "__main__":
    unittest.main()
