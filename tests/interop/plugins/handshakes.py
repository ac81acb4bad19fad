# SPDX-License-Identifier: MIT OR Apache-2.0
"""Synthetic captures of one connection for plug-in tests: HTTP and TLS."""
import struct
import subprocess


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
