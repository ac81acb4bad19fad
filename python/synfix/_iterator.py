# SPDX-License-Identifier: MIT OR Apache-2.0
"""Iterators over the library's readers."""
import ctypes
import os
import threading

from . import _library
from ._observation import from_pointer


class Error(Exception):
    """A failure of the library with its message. status: "NOT_FOUND", "TRUNCATED", ... (include/synfix/status.h)."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = _library.STATUS_NAMES.get(status, str(status))


def check(status, error):
    """Raises the failure of a call."""
    if status < 0:
        raise Error(status, error.text.decode("utf-8", "replace"))


def path_bytes(path):
    """A path for the library: bytes without a NUL."""
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError("a path has no NUL")
    return encoded


class Observations:
    """An iterator over observations, and a context manager. Close it after use. Only one thread may use it at a
    time."""

    def __init__(self, handle, next_function, close_function):
        self._handle = handle
        self._next = next_function
        self._close = close_function
        self._busy = threading.Lock()
        self._closing = False

    def __iter__(self):
        return self

    def __next__(self):
        if not self._busy.acquire(blocking=False):
            raise RuntimeError("the iterator is used by another thread at this moment")
        try:
            return self._advance()
        finally:
            self._busy.release()

    def _advance(self):
        observation, error = ctypes.c_void_p(), _library.ErrorText()
        while self._handle is not None and not self._closing:
            status = self._next(self._handle, ctypes.byref(observation), ctypes.byref(error))
            if status == _library.OK:
                return from_pointer(observation)
            if status == _library.AGAIN:
                continue  # no packet on the interface yet; Python handles signals between two calls
            if status == _library.END:
                self._finish()
                break
            check(status, error)
        raise StopIteration

    def _finish(self):
        handle, self._handle = self._handle, None
        if handle is not None:
            self._close(handle)

    def close(self):
        """Closes the file or interface. Further iteration ends at once. Repeated calls are permitted, also from another
        thread; the iteration of a silent interface then ends."""
        self._closing = True
        with self._busy:
            self._finish()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        if getattr(self, "_handle", None) is not None:
            self._finish()  # no other code can use it any more

    def __reduce__(self):
        raise TypeError("an open reader cannot be copied or pickled")


class Records(Observations):
    """Observations of an archive; also counts the records that are not observations."""

    def __init__(self, handle):
        library = _library.export()
        super().__init__(handle, library.synfix_archive_next, library.synfix_archive_close)
        self._refused = {}

    def _finish(self):
        if self._handle is not None:
            self._refused = self.refused
        super()._finish()

    @property
    def refused(self):
        """Records so far that are not observations: a count for each reason."""
        if self._handle is None:
            return dict(self._refused)
        counts, index = {}, 0
        count, element = ctypes.c_uint64(), ctypes.c_char_p()
        while True:
            text = _library.export().synfix_archive_refused(self._handle, index, ctypes.byref(count),
                                                            ctypes.byref(element))
            if text is None:
                return counts
            if count.value:
                counts[text.decode()] = count.value
            index += 1
