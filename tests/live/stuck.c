/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* An enricher that never comes back from the first observation: what the watchdog is for. */
#include <synfix/module.h>
#include <unistd.h>

static synfix_status_t stuck_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                  void **instance, synfix_error_t *error)
{
    (void)context, (void)options, (void)error;
    *instance = NULL;
    return SYNFIX_OK;
}

static synfix_status_t stuck_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    (void)state, (void)observation;
    while (instance == NULL) {
        sleep(1);
    }
    return SYNFIX_OK;
}

static void stuck_close(void *instance)
{
    (void)instance;
}

static const synfix_enricher_t enricher = {.open = stuck_open, .enrich = stuck_enrich, .close = stuck_close};

__attribute__((visibility("default"))) extern const synfix_module_t synfix_module;
const synfix_module_t synfix_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_ENRICHER,
    .name = "stuck",
    .summary = "never comes back",
    .enricher = &enricher,
};
