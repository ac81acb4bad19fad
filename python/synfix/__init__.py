# SPDX-License-Identifier: MIT OR Apache-2.0
"""Passive TCP fingerprints of captures, interfaces and IPFIX archives.

    for o in synfix.read("capture.pcap"):
        print(o.source_address, o.os_label)
"""
import ctypes
import dataclasses

from . import _library
from ._iterator import Error, Observations, Records, check, path_bytes
from ._observation import Observation

__all__ = ["Error", "Observation", "Observations", "Records", "capture", "read", "records", "to_pandas", "version"]


def version() -> str:
    """Version of the library."""
    return _library.main.synfix_version().decode()


def _open(function, target, sigdb, filter, uptime, signatures):
    library, error = _library.main, _library.ErrorText()
    config, handle, database = _library.ReaderConfig(), ctypes.c_void_p(), ctypes.c_void_p()
    library.synfix_reader_config_init(ctypes.byref(config), ctypes.sizeof(config))
    for name, value, modes in (("uptime", uptime, _library.UPTIME_MODES),
                               ("signatures", signatures, _library.SIGNATURE_MODES)):
        if value not in modes:
            raise ValueError(f"{name} is one of {', '.join(modes)}, not {value!r}")
        setattr(config, name, modes[value])
    if filter is not None and "\0" in filter:
        raise ValueError("a filter has no NUL")  # the library would use the part before it
    config.filter = None if filter is None else filter.encode()
    if sigdb is not None:
        files = [sigdb] if isinstance(sigdb, (str, bytes)) or hasattr(sigdb, "__fspath__") else list(sigdb)
        paths = (ctypes.c_char_p * len(files))(*[path_bytes(file) for file in files])
        check(library.synfix_sigdb_open(paths, len(files), 0, ctypes.byref(database), ctypes.byref(error)), error)
        config.sigdb = database.value
    try:
        check(function(target, ctypes.byref(config), ctypes.byref(handle), ctypes.byref(error)), error)
    finally:
        library.synfix_sigdb_unref(database)
    return Observations(handle, library.synfix_reader_next, library.synfix_reader_close)


def read(path, *, sigdb=None, filter=None, uptime="regression", signatures="packet") -> Observations:
    """Observations of a capture file (pcap or pcapng, also compressed).

    sigdb: a signature database or several (default: the installed one); filter: a libpcap expression;
    uptime: "regression", "p0f" or "off"; signatures: "packet" or "p0f".
    """
    return _open(_library.main.synfix_reader_open_file, path_bytes(path), sigdb, filter, uptime, signatures)


def capture(interface, *, sigdb=None, filter=None, uptime="regression", signatures="packet") -> Observations:
    """Observations of a network interface ("any": all), without an end. Needs permission to capture."""
    return _open(_library.main.synfix_reader_open_interface, path_bytes(interface), sigdb, filter, uptime, signatures)


def records(path, *, pen=0) -> Records:
    """Observations of an IPFIX file with the profile full, plain or compressed with zstd.

    pen: private enterprise number of the synfix elements (0: 32473). The attribute `refused` of the result counts
    records that are not observations.
    """
    if not 0 <= pen <= 0xFFFFFFFF:
        raise ValueError("pen is an enterprise number, 0 to 4294967295")
    error, handle = _library.ErrorText(), ctypes.c_void_p()
    check(_library.export().synfix_archive_open(path_bytes(path), pen, ctypes.byref(handle), ctypes.byref(error)), error)
    return Records(handle)


def to_pandas(observations):
    """A pandas.DataFrame with one row for each observation and one column for each attribute. The first column is
    `time` (datetime64[ns, UTC]) instead of `time_ns`; addresses are text. Needs pandas."""
    import pandas
    names = [field.name for field in dataclasses.fields(Observation)]
    rows = [[getattr(o, name) for name in names] for o in observations]
    frame = pandas.DataFrame(rows, columns=names)
    frame.insert(0, "time", pandas.to_datetime(frame.pop("time_ns"), unit="ns", utc=True))
    for name in ("source_address", "destination_address"):
        frame[name] = frame[name].astype(str)
    return frame
