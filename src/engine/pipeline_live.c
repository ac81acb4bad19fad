/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "engine/pipeline_internal.h"

synfix_status_t run_live(pipeline_t *pipeline, synfix_error_t *error)
{
    (void)pipeline;
    return synfix_fail(error, SYNFIX_UNSUPPORTED, "live: not yet");
}
