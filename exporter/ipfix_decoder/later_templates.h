/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file later_templates.h
 * Templates that a file contains only after their first records: the start of the file was damaged, or is in
 * another file. An exporter repeats its templates; if a template has only one definition in the file, the
 * definition also applies to the records before it.
 */
#ifndef EXPORTER_IPFIX_DECODER_LATER_TEMPLATES_H
#define EXPORTER_IPFIX_DECODER_LATER_TEMPLATES_H

#include "exporter/ipfix_decoder/message_decoder.h"

typedef struct later_templates later_templates_t;

/** @p path and @p model outlive the templates. The file is read when a template is needed for the first time.
 * Never NULL.
 */
later_templates_t *later_templates_new(const char *path, const ipfix_model_t *model);
void later_templates_free(later_templates_t *templates);

/** The one definition of a template in the file, valid as long as @p templates; NULL: the file has none or
 * several, or withdraws templates, or is not a regular file. */
const ipfix_decoder_template_t *later_templates_find(later_templates_t *templates, uint32_t domain,
                                                     uint16_t id);

#endif
