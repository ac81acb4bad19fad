/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Start and end of a handle. */
#include "capture/live/interface_internal.h"
#include "values/interface_name.h"
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#define LINKTYPE_RAW 101u

void live_close(void *instance)
{
    live_t *live = instance;
    if (live->pcap != NULL) {
        pcap_close(live->pcap);
    }
    live_filter_free(atomic_load(&live->next_filter));
    free(live->name);
    free(live->bytes);
    free(live);
}

static synfix_status_t no_such_interface(const live_t *live, synfix_error_t *error)
{
    return synfix_fail(error, SYNFIX_NOT_FOUND, "%s: no such interface; %s", live->name,
                       interface_name_advice(live->name));
}

static synfix_status_t activation_failed(const live_t *live, int result, synfix_error_t *error)
{
    const char *more = pcap_geterr(live->pcap);
    switch (result) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return no_such_interface(live, error);
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        if (strcmp(live->name, "any") != 0 && if_nametoindex(live->name) == 0) {
            return no_such_interface(live, error); /* libpcap checks the permission first */
        }
        return synfix_fail(
            error, SYNFIX_PERMISSION,
            "%s: no permission to capture (CAP_NET_RAW); run as root, or: setcap cap_net_raw+ep PROGRAM",
            live->name);
    case PCAP_ERROR_IFACE_NOT_UP:
        return synfix_fail(error, SYNFIX_IO, "%s: the interface is down; bring it up: ip link set %s up",
                           live->name, live->name);
    default:
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name,
                           more[0] != '\0' ? more : pcap_statustostr(result));
    }
}

static synfix_status_t activate(live_t *live, const synfix_options_t *options, synfix_error_t *error)
{
    const synfix_status_t loaded = on_demand_load_pcap(error);
    if (loaded != SYNFIX_OK) {
        return loaded;
    }
    char reason[PCAP_ERRBUF_SIZE] = "";
    live->pcap = pcap_create(live->name, reason);
    if (live->pcap == NULL) {
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    }
    (void)pcap_set_snaplen(live->pcap, (int)live->snaplen);
    live->promiscuous = synfix_options_boolean(options, "promiscuous");
    (void)pcap_set_promisc(live->pcap, live->promiscuous);
    live->read_timeout_ms = synfix_options_duration_ms(options, "timeout");
    (void)pcap_set_timeout(live->pcap, (int)live->read_timeout_ms);
    (void)pcap_set_buffer_size(live->pcap, (int)synfix_options_integer(options, "buffer"));
    (void)pcap_set_tstamp_precision(live->pcap, PCAP_TSTAMP_PRECISION_NANO);
    const int result = pcap_activate(live->pcap);
    if (result < 0) {
        return activation_failed(live, result, error);
    }
    if (pcap_setnonblock(live->pcap, 1, reason) != 0) {
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    }
    live->micro = pcap_get_tstamp_precision(live->pcap) != PCAP_TSTAMP_PRECISION_NANO;
    const int dlt = pcap_datalink(live->pcap);
    live->link_type = dlt == DLT_RAW ? LINKTYPE_RAW : (uint32_t)dlt;
    live->device = if_nametoindex(live->name);
    if (live->device == 0) {
        ring_interface_init(&live->ring, pcap_fileno(live->pcap), live->link_type);
    }
    live->loopback = live->device == 0 || strcmp(live->name, "lo") == 0 ? if_nametoindex("lo") : 0;
    return SYNFIX_OK;
}

/* Fanout: both directions of a connection reach the same member. */
static synfix_status_t join(const live_t *live, const live_member_t *member, synfix_error_t *error)
{
    if (member->count <= 1 || fanout_group_join(member->group, pcap_fileno(live->pcap)) == 0) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_IO, "%s: cannot be shared between %u workers: %s", live->name,
                       member->count, strerror(errno));
}

synfix_status_t live_open_member(const synfix_options_t *options, const live_member_t *member,
                                 void **instance, synfix_error_t *error)
{
    live_t *live = calloc(1, sizeof *live);
    if (live == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    }
    live->name = strdup(synfix_options_target(options));
    live->snaplen = (uint32_t)synfix_options_integer(options, "snaplen");
    live->bytes = malloc((size_t)SYNFIX_BATCH_MAX * live->snaplen);
    live->alone = member->alone;
    live->first = member->index == 0;
    synfix_status_t status = SYNFIX_OK;
    if (live->name == NULL || live->bytes == NULL) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    }
    if (status == SYNFIX_OK) {
        status = activate(live, options, error);
    }
    if (status == SYNFIX_OK) {
        status = live_set_first_filter(live, options, member, error);
    }
    if (status == SYNFIX_OK) {
        status = join(live, member, error);
    }
    if (status != SYNFIX_OK) {
        live_close(live);
        return status;
    }
    *instance = live;
    return SYNFIX_OK;
}
