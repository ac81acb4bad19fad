/* SPDX-License-Identifier: MIT OR Apache-2.0 */
typedef int layer_is_empty_t;
