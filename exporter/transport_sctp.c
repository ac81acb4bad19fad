/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* SCTP is no transport of this build: whoever asks for it is told what to use. */
#include "exporter/transport_common.h"

static synfix_status_t sctp_open(const synfix_host_t *host, const synfix_options_t *options, void **instance,
                                 synfix_error_t *error)
{
    (void)host;
    (void)instance;
    return synfix_fail(error, SYNFIX_UNSUPPORTED, "sctp:%s: this build has no SCTP; use tcp:// or tls://",
                       synfix_options_target(options));
}

/* The registry wants whole descriptors; without an instance nobody calls these. */
static synfix_status_t sctp_write(void *instance, const synfix_block_t *block, synfix_error_t *error)
{
    (void)instance;
    (void)block;
    return synfix_fail(error, SYNFIX_UNSUPPORTED, "no SCTP");
}

static void sctp_close(void *instance)
{
    (void)instance;
}

static const synfix_sink_t sctp_sink = {
    .open = sctp_open,
    .encoding = transport_encoding,
    .write = sctp_write,
    .close = sctp_close,
};

const synfix_module_t sctp_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_SINK,
    .name = "sctp",
    .summary = "not in this build",
    .sink = &sctp_sink,
};
