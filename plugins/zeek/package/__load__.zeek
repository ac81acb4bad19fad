# SPDX-License-Identifier: MIT OR Apache-2.0
# Zeek loads the scripts of the plug-in together with the plug-in; `@load synfix` needs nothing more.
