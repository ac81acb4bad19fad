/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file enrichers.h
 * The built-in enrichers; each has its own source file.
 */
#ifndef EXPORTER_ENRICHERS_ENRICHERS_H
#define EXPORTER_ENRICHERS_ENRICHERS_H

#include <synfix/module.h>

extern const synfix_module_t community_id_module;
extern const synfix_module_t muon_module;
extern const synfix_module_t host_module;
extern const synfix_module_t geoip_module;

#endif
