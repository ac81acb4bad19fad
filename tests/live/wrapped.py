# SPDX-License-Identifier: MIT OR Apache-2.0
"""wrapped.py FILE CONNECTIONS: a capture of CONNECTIONS connections in nine alternating tags and tunnels: SYN,
SYN+ACK, and 18 segments with data."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench"))
import lab  # noqa: E402

frames = list(lab.data_frames(20 * int(sys.argv[2]), 20))
lab.write_frames(sys.argv[1], lab.wrapped_frames(frames))
