/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file transport_modules.h
 * The sinks that export IPFIX messages to collectors.
 */
#ifndef EXPORTER_TRANSPORT_TRANSPORT_MODULES_H
#define EXPORTER_TRANSPORT_TRANSPORT_MODULES_H

#include <synfix/module.h>

extern const synfix_module_t tcp_module;
extern const synfix_module_t tls_module;
extern const synfix_module_t udp_module;
extern const synfix_module_t dtls_module;

#endif
