/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file fuzz_hosts.h
 * The host model of targets that answer questions about hosts.
 */
#ifndef FUZZ_HOSTS_H
#define FUZZ_HOSTS_H

#include "fuzz.h"
#include "support/host_sightings.h"

/** Made and filled by the first call, and kept. */
static inline host_model_t *hosts_once(void (*fill)(host_model_t *model))
{
    static host_model_t *model;
    const host_model_config_t config = {.evidence = true};

    if (model == NULL) {
        model = host_model_new(&config);
        FUZZ_CHECK(model != NULL);
        fill(model);
    }
    return model;
}

#endif
