/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fixbuf_adapter.h
 * Our information model and templates as libfixbuf's.
 */
#ifndef EXPORTER_IPFIX_FIXBUF_ADAPTER_H
#define EXPORTER_IPFIX_FIXBUF_ADAPTER_H

#include "exporter/ipfix/profile.h"
#include <fixbuf/public.h>

/** libfixbuf's own IANA elements and all others of @p model. fbInfoModelFree it. */
fbInfoModel_t *fixbuf_model(const ipfix_model_t *model);

/** A data template as libfixbuf's; NULL on failure. */
fbTemplate_t *fixbuf_template(fbInfoModel_t *fixbuf, const ipfix_template_t *template, GError **error);

#endif
