# SPDX-License-Identifier: MIT OR Apache-2.0
# Shows Doxygen the comments of members and enumerators: behind one, and on lines of their own above one.
s@([;,]) +/\* @\1 /**< @
s@^( +)/\* @\1/** @
s@^(    SYNFIX_OFFERS.*[0-9]) +/\* @\1 /**< @
