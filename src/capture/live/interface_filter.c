/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Filter of a handle: at its start, and when the configuration changes. */
#include "base/clock.h"
#include "capture/live/attach_filter.h"
#include "capture/live/interface_internal.h"
#include <stdlib.h>
#include <string.h>

live_filter_t *live_filter_new(const socket_filter_t *filter)
{
    socket_filter_t *copy = malloc(sizeof *copy);
    const char *expression = filter->expression == NULL ? "" : filter->expression;
    if (copy == NULL) {
        return NULL;
    }
    *copy = *filter;
    copy->expression = strdup(expression);
    if (copy->expression != NULL) {
        return copy;
    }
    free(copy);
    return NULL;
}

void live_filter_free(live_filter_t *filter)
{
    if (filter != NULL) {
        free((char *)(uintptr_t)filter->expression);
    }
    free(filter);
}

synfix_status_t live_set_first_filter(live_t *live, const synfix_options_t *options,
                                      const live_member_t *member, synfix_error_t *error)
{
    socket_filter_t filter = {
        .analysis = synfix_options_boolean(options, "kernel-filter") ? member->analysis : LIVE_EVERYTHING,
        .encapsulations = member->encapsulations,
        .expression = synfix_options_string(options, "filter"),
        .max_ip_headers = MAX_IP_HEADERS,
        .snaplen = live->snaplen,
        .tag_aside = true,
    };
    synfix_error_t reason = {.text = ""};
    const filter_target_t target = live_target(live);
    const synfix_status_t status = live_filter_set(&target, &filter, &reason);
    live->max_ip_headers = filter.max_ip_headers;
    if (status == SYNFIX_OK && live->loopback != 0) {
        live_filter_skip_copies(target.descriptor, live->loopback);
    }
    live_begin_account(live);
    return status == SYNFIX_OK ? status : synfix_fail(error, status, "%s: %s", live->name, reason.text);
}

unsigned live_max_ip_headers(const void *instance)
{
    const live_t *live = instance;
    return live->max_ip_headers;
}

synfix_status_t live_filter_check(const void *instance, live_filter_t *filter, synfix_error_t *error)
{
    const live_t *live = instance;
    synfix_error_t reason = {.text = ""};
    filter->max_ip_headers = live->max_ip_headers;
    filter->snaplen = live->snaplen;
    filter->tag_aside = true;
    const synfix_status_t status = live_filter_is_accepted(filter, pcap_datalink(live->pcap), &reason);
    return status == SYNFIX_OK ? status : synfix_fail(error, status, "%s: %s", live->name, reason.text);
}

void live_filter_use(void *instance, live_filter_t *filter, const synfix_module_context_t *context)
{
    live_t *live = instance;
    live->context = context;
    live_filter_free(atomic_exchange(&live->next_filter, filter));
}

void live_take_filter(live_t *live)
{
    if (atomic_load_explicit(&live->next_filter, memory_order_relaxed) == NULL) {
        return;
    }
    synfix_error_t reason = {.text = ""};
    socket_filter_t *filter = atomic_exchange(&live->next_filter, NULL);
    if (filter == NULL) {
        return;
    }
    const filter_target_t target = live_target(live);
    if (live_filter_change(&target, filter, &reason) != SYNFIX_OK) {
        synfix_error_t error;
        (void)synfix_fail(&error, SYNFIX_IO, "%s: %s: the old filter stays in use", live->name, reason.text);
        live->context->log(live->context->user, 0, error.text);
    }
    live_filter_free(filter);
    if (live->loopback != 0) {
        live_filter_skip_copies(target.descriptor, live->loopback);
    }
    if (!live_is_in_place(live) && (live->link_type != DLT_EN10MB || live->loopback != 0)) {
        live_begin_account(live);
    }
}
