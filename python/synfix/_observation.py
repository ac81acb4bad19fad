# SPDX-License-Identifier: MIT OR Apache-2.0
"""One observation with typed attributes, and its construction from the columns of the library."""
import ctypes
import dataclasses
import datetime
import ipaddress
import typing

from . import _library

Address = typing.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


@dataclasses.dataclass(frozen=True)
class Observation:
    """A SYN, a SYN+ACK (kind "syn", "syn+ack") the uptime of a host ("uptime") or a change of a
    host ("host change"). None: not in this observation.

    The attributes are the columns of the sink csv; docs/reference/schemas.md explains each of them.
    """
    time_ns: int
    packet_number: int
    source_address: Address
    source_port: int
    destination_address: Address
    destination_port: int
    kind: str
    from_server: bool
    signature: typing.Optional[str] = None
    os_label: typing.Optional[str] = None
    os_class: typing.Optional[str] = None
    os_family: typing.Optional[str] = None
    os_flavor: typing.Optional[str] = None
    os_label_id: typing.Optional[int] = None
    os_match_kind: typing.Optional[str] = None
    os_match_quality: typing.Optional[int] = None
    os_candidate_count: typing.Optional[int] = None
    hop_distance: typing.Optional[int] = None
    initial_ttl: typing.Optional[int] = None
    parameters: typing.Optional[str] = None
    tcp_option_layout: typing.Optional[typing.Tuple[str, ...]] = None
    tcp_quirks: typing.Optional[typing.Tuple[str, ...]] = None
    link_mtu: typing.Optional[int] = None
    link_label: typing.Optional[str] = None
    ip_ttl: typing.Optional[int] = None
    ip_class_of_service: typing.Optional[int] = None
    ip_length: typing.Optional[int] = None
    tcp_flags: typing.Optional[int] = None
    tcp_sequence_number: typing.Optional[int] = None
    tcp_acknowledgement_number: typing.Optional[int] = None
    tcp_window_size: typing.Optional[int] = None
    tcp_mss: typing.Optional[int] = None
    tcp_window_scale: typing.Optional[int] = None
    tcp_payload_length: typing.Optional[int] = None
    tcp_timestamp_value: typing.Optional[int] = None
    tcp_timestamp_echo: typing.Optional[int] = None
    timestamp_frequency: typing.Optional[int] = None
    timestamp_frequency_measured: typing.Optional[float] = None
    system_uptime: typing.Optional[int] = None
    system_uptime_modulus: typing.Optional[int] = None
    system_uptime_reliability: typing.Optional[int] = None
    observation_flags: typing.Optional[typing.Tuple[str, ...]] = None
    vlan_id: typing.Optional[int] = None
    encapsulation_kind: typing.Optional[str] = None
    encapsulation_id: typing.Optional[int] = None
    community_id: typing.Optional[str] = None
    muon_fingerprint: typing.Optional[str] = None
    host_change: typing.Optional[typing.Tuple[str, ...]] = None
    os_label_before: typing.Optional[str] = None
    os_label_after: typing.Optional[str] = None
    sharing_score: typing.Optional[int] = None
    sharing_reasons: typing.Optional[typing.Tuple[str, ...]] = None

    @property
    def time(self) -> datetime.datetime:
        """Packet time in UTC, to microseconds; time_ns has the nanoseconds."""
        return _EPOCH + datetime.timedelta(microseconds=self.time_ns // 1000)


def _text(value):
    return value.text.decode("utf-8", "replace")


def _address(value):
    raw = bytes(value.address.contents)
    return ipaddress.IPv6Address(raw) if value.ip_version == 6 else ipaddress.IPv4Address(raw[:4])


def _words(value):
    text = _text(value)
    return tuple(text.split(",")) if text else ()


_CONVERT = {
    _library.NUMBER: lambda value: value.number,
    _library.HUNDREDTHS: lambda value: value.number / 100,
    _library.BOOLEAN: lambda value: value.number != 0,
    _library.NANOSECONDS: lambda value: value.time_ns,
    _library.TEXT: _text,
    _library.LIST: _words,
    _library.ADDRESS: _address,
}


def _find_columns():
    """Name and index of each column. New columns of a newer library become attributes as well. All known columns must
    exist."""
    names = {}
    for index in range(_library.main.synfix_column_count()):
        name = _library.main.synfix_column_at(index).contents.csv_name.decode()
        if name:
            names["time_ns" if name == "time" else name] = index
    fields = [field.name for field in dataclasses.fields(Observation)]
    missing = [name for name in fields if name not in names]
    if missing:
        raise ImportError(f"libsynfix has no column {missing[0]}: another version of synfix is needed")
    return list(names.items())


_COLUMNS = _find_columns()


def from_pointer(pointer):
    """A copy of the observation at a pointer of the library."""
    read = _library.main.synfix_column_read
    value = _library.ColumnValue()
    reference = ctypes.byref(value)
    values = {}
    for name, index in _COLUMNS:
        read(pointer, index, reference)
        if value.type != _library.UNSET:
            values[name] = _CONVERT[value.type](value)
    # __init__ of a frozen class needs a call for each attribute; the class holds the defaults
    observation = object.__new__(Observation)
    observation.__dict__.update(values)
    return observation
