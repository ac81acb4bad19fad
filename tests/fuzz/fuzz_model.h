/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fuzz_model.h
 * The information model of targets that read IPFIX.
 */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include "exporter/information_model/information_model.h"
#include "fuzz.h"

/** Loaded by the first call, and kept. */
static inline const ipfix_model_t *model_once(void)
{
    static ipfix_model_t *model;
    synfix_error_t error;

    if (model == NULL) {
        FUZZ_CHECK(ipfix_model_load(NULL, IPFIX_PEN_DEFAULT, &model, &error) == SYNFIX_OK);
    }
    return model;
}

#endif
