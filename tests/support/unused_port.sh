# SPDX-License-Identifier: MIT OR Apache-2.0
# For test scripts: prints a port of 127.0.0.1 that is free for TCP and UDP. The kernel chooses the port, so parallel
# tests have different ports. A fixed port may belong to a client connection, open or recently closed, which the list
# of listeners does not show; a server then fails with "Address already in use".
unused_port() {
    python3 -c 'import socket
while True:
    with socket.socket() as one, socket.socket(type=socket.SOCK_DGRAM) as other:
        one.bind(("127.0.0.1", 0))
        try:
            other.bind(one.getsockname())
        except OSError:
            continue
        print(one.getsockname()[1])
        break'
}
