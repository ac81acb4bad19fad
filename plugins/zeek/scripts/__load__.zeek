# SPDX-License-Identifier: MIT OR Apache-2.0
@load ./main
@load ./conn
