/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file json_plan.h
 * Records as JSON by plans: the facts that follow from a template (keys, offsets, forms of values) are found
 * once, so that a record is a sequence of copies and numbers. The values are those of
 * record_json_append_value(). One thread at a time.
 */
#ifndef EXPORTER_COLLECTOR_JSON_PLAN_H
#define EXPORTER_COLLECTOR_JSON_PLAN_H

#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>

typedef struct json_plans json_plans_t;

/** Creates an empty cache of plans; json_plans_free() frees it. Never NULL. */
json_plans_t *json_plans_new(void);
void json_plans_free(json_plans_t *plans);

/** A template was announced, its address may be that of an earlier one. */
void json_plans_layout(json_plans_t *plans, const ipfix_decoder_template_t *layout);

/** Appends one object. */
void json_plans_append(json_plans_t *plans, GString *text, const ipfix_decoder_record_t *record);

#endif
