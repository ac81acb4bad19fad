/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "capture/builtin_sources.h"
#include "capture/file/file_source.h"
#include "capture/file/follow_source.h"
#include "capture/live/interface_source.h"
#include "capture/sflow/sflow_source.h"

const synfix_module_t *const capture_sources[] = {
    &capture_file_module,
    &capture_follow_module,
    &capture_live_module,
    &capture_sflow_module,
    /* add yours here */
    NULL,
};
