/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file host_json.h
 * One host as a JSON object: `synfix hosts --format json` and GET /hosts/ADDRESS. docs/how-to/list-hosts.md
 * lists the members.
 */
#ifndef EXPORTER_HOST_REPORT_HOST_JSON_H
#define EXPORTER_HOST_REPORT_HOST_JSON_H

#include "hosts/host_row.h"
#include <glib.h>

/** Appends one object without a line feed. Facts that are unknown have no member. */
void host_json(GString *out, const host_row_t *row);

#endif
