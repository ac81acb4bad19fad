/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file options_fixbuf.h
 * Our information model and templates as libfixbuf's.
 */
#ifndef EXPORTER_OPTIONS_FIXBUF_H
#define EXPORTER_OPTIONS_FIXBUF_H

#include "exporter/template.h"
#include <fixbuf/public.h>

/** libfixbuf's own IANA elements and all others of @p model. fbInfoModelFree it. */
fbInfoModel_t *fixbuf_model(const ipfix_model_t *model);

/** A data template as libfixbuf's; NULL on failure. */
fbTemplate_t *fixbuf_template(fbInfoModel_t *fixbuf, const ipfix_template_t *template, GError **error);

#endif
