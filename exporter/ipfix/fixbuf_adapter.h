/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fixbuf_adapter.h
 * Converts the information model and templates into those of libfixbuf.
 */
#ifndef EXPORTER_IPFIX_FIXBUF_ADAPTER_H
#define EXPORTER_IPFIX_FIXBUF_ADAPTER_H

#include "exporter/ipfix/profile.h"
#include <fixbuf/public.h>

/** Returns libfixbuf's IANA elements and all other elements of @p model. fbInfoModelFree the result. */
fbInfoModel_t *fixbuf_model(const ipfix_model_t *model);

/** Returns a data template; NULL on failure. */
fbTemplate_t *fixbuf_template(fbInfoModel_t *fixbuf, const ipfix_template_t *template, GError **error);

#endif
