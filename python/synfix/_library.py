# SPDX-License-Identifier: MIT OR Apache-2.0
"""The functions of libsynfix and libsynfix-export, as declared in include/synfix and include/synfix-export."""
import ctypes
import ctypes.util
import os
from ctypes import POINTER, c_bool, c_char, c_char_p, c_int, c_int64, c_size_t, c_uint, c_uint8, c_uint32, c_uint64, c_void_p

OK, END, AGAIN = 0, 1, 2
STATUS_NAMES = {-1: "INVALID", -2: "NO_MEMORY", -3: "IO", -4: "NOT_FOUND", -5: "UNSUPPORTED", -6: "TRUNCATED",
                -7: "PERMISSION", -8: "DISCONNECTED"}
UNSET, NUMBER, HUNDREDTHS, BOOLEAN, NANOSECONDS, TEXT, LIST, ADDRESS = range(8)
UPTIME_MODES = {"off": 0, "regression": 1, "p0f": 2}
SIGNATURE_MODES = {"packet": 0, "p0f": 1}


class ErrorText(ctypes.Structure):
    _fields_ = [("text", c_char * 512), ("cause", c_int)]


class ReaderConfig(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("sigdb", c_void_p), ("filter", c_char_p), ("uptime", c_int),
                ("signatures", c_int)]


class ColumnValue(ctypes.Structure):
    _fields_ = [("type", c_int), ("number", c_uint64), ("time_ns", c_int64), ("text", c_char_p),
                ("address", POINTER(c_uint8 * 16)), ("ip_version", c_uint8), ("room", c_char * 160)]


class Column(ctypes.Structure):
    _fields_ = [("csv_name", c_char_p), ("zeek_name", c_char_p), ("zeek_type", c_char_p)]


_PACKAGES = {"synfix": "the package libsynfix0", "synfix-export": "the package synfix"}
_MAIN = {
    "synfix_version": (c_char_p, []),
    "synfix_column_count": (c_size_t, []),
    "synfix_column_at": (POINTER(Column), [c_size_t]),
    "synfix_column_read": (None, [c_void_p, c_size_t, POINTER(ColumnValue)]),
    "synfix_sigdb_open": (c_int, [POINTER(c_char_p), c_size_t, c_uint8, POINTER(c_void_p), POINTER(ErrorText)]),
    "synfix_sigdb_unref": (None, [c_void_p]),
    "synfix_reader_config_init": (None, [POINTER(ReaderConfig), c_size_t]),
    "synfix_reader_open_file": (c_int, [c_char_p, POINTER(ReaderConfig), POINTER(c_void_p), POINTER(ErrorText)]),
    "synfix_reader_open_interface": (c_int, [c_char_p, POINTER(ReaderConfig), POINTER(c_void_p), POINTER(ErrorText)]),
    "synfix_reader_next": (c_int, [c_void_p, POINTER(c_void_p), POINTER(ErrorText)]),
    "synfix_reader_close": (None, [c_void_p]),
}
_EXPORT = {
    "synfix_archive_open": (c_int, [c_char_p, c_uint32, POINTER(c_void_p), POINTER(ErrorText)]),
    "synfix_archive_next": (c_int, [c_void_p, POINTER(c_void_p), POINTER(ErrorText)]),
    "synfix_archive_refused": (c_char_p, [c_void_p, c_uint, POINTER(c_uint64), POINTER(c_char_p)]),
    "synfix_archive_close": (None, [c_void_p]),
}


def _candidates(name):
    for directory in filter(None, os.environ.get("SYNFIX_LIBRARY_PATH", "").split(os.pathsep)):
        yield os.path.join(directory, f"lib{name}.so.0")
        yield os.path.join(directory, f"lib{name}.so")
    yield f"lib{name}.so.0"
    found = ctypes.util.find_library(name)
    if found:
        yield found


def _load(name, functions):
    reasons = []
    for path in _candidates(name):
        try:
            library = ctypes.CDLL(path)
        except OSError as reason:
            reasons.append(str(reason))
            continue
        for function, (result, arguments) in functions.items():
            try:
                pointer = getattr(library, function)
            except AttributeError:
                raise ImportError(f"{path} has no {function}: another version of synfix is needed") from None
            pointer.restype, pointer.argtypes = result, arguments
        return library
    raise ImportError(f"lib{name}.so.0 was not found; install {_PACKAGES[name]}, or name its directory in SYNFIX_LIBRARY_PATH "
                      f"({'; '.join(reasons)})")


main = _load("synfix", _MAIN)
_export = None


def export():
    """libsynfix-export, loaded at its first use, because it loads GLib."""
    global _export
    if _export is None:
        _export = _load("synfix-export", _EXPORT)
    return _export
