/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Filters of the command line. */
#include "app/hosts/hosts_input.h"
#include "base/clock.h"

static synfix_status_t parse_times(const hosts_options_t *options, host_filter_t *filter,
                                   synfix_error_t *error)
{
    synfix_status_t status = SYNFIX_OK;
    if (options->since != NULL) {
        status = host_time_parse(options->since, filter->now_ns, &filter->since_ns, error);
    }
    if (status == SYNFIX_OK && options->until != NULL) {
        status = host_time_parse(options->until, filter->now_ns, &filter->until_ns, error);
    }
    if (status != SYNFIX_OK || filter->until_ns == 0 || filter->until_ns > filter->since_ns) {
        return status;
    }
    return synfix_fail(error, SYNFIX_INVALID,
                       "--until is %s --since: no time is between them; write a later --until",
                       filter->until_ns == filter->since_ns ? "the same as" : "before");
}

static synfix_status_t parse_nets(char *const *nets, host_filter_t *filter, synfix_error_t *error)
{
    for (; nets != NULL && *nets != NULL; nets++) {
        if (filter->net_count == HOST_FILTER_NETS) {
            return synfix_fail(error, SYNFIX_INVALID, "--net: at most %u prefixes", HOST_FILTER_NETS);
        }
        synfix_error_t reason;
        address_prefix_t *const prefix = &filter->nets[filter->net_count++];
        const synfix_status_t status = address_prefix_parse(*nets, prefix, &reason);
        if (status != SYNFIX_OK) {
            return synfix_fail(error, status, "--net: %s", reason.text);
        }
        address_prefix_unmap(prefix);
    }
    return SYNFIX_OK;
}

synfix_status_t hosts_filter_parse(const hosts_options_t *options, host_filter_t *filter,
                                   synfix_error_t *error)
{
    filter->now_ns = wall_ns();
    filter->os = options->os;
    filter->changed = options->changed;
    filter->shared = options->shared;
    filter->tools = options->tools;
    filter->unknown = options->unknown;
    filter->unsupported = options->unsupported;
    if (options->os != NULL && !g_utf8_validate(options->os, -1, NULL)) {
        return synfix_fail(error, SYNFIX_INVALID, "--os %s: not UTF-8, as labels are; write TEXT in UTF-8",
                           options->os);
    }
    const synfix_status_t status = parse_times(options, filter, error);
    return status == SYNFIX_OK ? parse_nets(options->nets, filter, error) : status;
}
