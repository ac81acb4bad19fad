# SPDX-License-Identifier: MIT OR Apache-2.0
"""connect.py serve ADDRESS PORT | connect.py call ADDRESS PORT COUNT

The client makes COUNT connections and prints the local port of each one."""
import socket
import sys

what, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
if what == "serve":
    with socket.create_server((address, port), family=family, backlog=64) as listener:
        print("ready", flush=True)
        while True:
            listener.accept()[0].close()
for _ in range(int(sys.argv[4])):
    with socket.create_connection((address, port), timeout=5) as client:
        print(client.getsockname()[1])
        client.recv(1)
