/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sflow_source.h
 * The source `sflow`: datagrams of sFlow version 5 from switches and hosts, received on a UDP port.
 */
#ifndef CAPTURE_SFLOW_SFLOW_SOURCE_H
#define CAPTURE_SFLOW_SFLOW_SOURCE_H

#include <synfix/module.h>

#define SFLOW_PORT_DEFAULT 6343 /* IANA */

extern const synfix_module_t capture_sflow_module;

#endif
