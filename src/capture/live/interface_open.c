/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Start and end of a handle. */
#include "capture/live/interface_internal.h"
#include "values/interface_name.h"
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#define LINKTYPE_RAW 101u
#define SMALL_RING   65536 /* bytes, of a socket of libpcap that receives nothing */

void live_close(void *instance)
{
    live_t *live = instance;
    packet_socket_close(&live->in_place);
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
        return synfix_fail(error, SYNFIX_IO,
                           "%s: the interface is down; bring the interface up: ip link set %s up", live->name,
                           live->name);
    default:
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name,
                           more[0] != '\0' ? more : pcap_statustostr(result));
    }
}

static void set_capture_options(live_t *live, const synfix_options_t *options, int ring_size)
{
    live->promiscuous = synfix_options_boolean(options, "promiscuous");
    live->read_timeout_ms = synfix_options_duration_ms(options, "timeout");
    (void)pcap_set_snaplen(live->pcap, (int)live->snaplen);
    (void)pcap_set_promisc(live->pcap, live->promiscuous);
    (void)pcap_set_timeout(live->pcap, (int)live->read_timeout_ms);
    (void)pcap_set_buffer_size(live->pcap, ring_size);
    (void)pcap_set_tstamp_precision(live->pcap, PCAP_TSTAMP_PRECISION_NANO);
}

/* The properties of the activated interface. */
static void note_interface(live_t *live)
{
    const int dlt = pcap_datalink(live->pcap);
    live->micro = pcap_get_tstamp_precision(live->pcap) != PCAP_TSTAMP_PRECISION_NANO;
    live->link_type = dlt == DLT_RAW ? LINKTYPE_RAW : (uint32_t)dlt;
    live->device = if_nametoindex(live->name);
    if (live->device == 0) {
        ring_interface_init(&live->ring, pcap_fileno(live->pcap), live->link_type);
    }
    live->loopback = live->device == 0 || strcmp(live->name, "lo") == 0 ? if_nametoindex("lo") : 0;
}

static synfix_status_t activate(live_t *live, const synfix_options_t *options, int ring_size,
                                synfix_error_t *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    live->pcap = pcap_create(live->name, reason);
    if (live->pcap == NULL) {
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    }
    set_capture_options(live, options, ring_size);
    const int result = pcap_activate(live->pcap);
    if (result < 0) {
        return activation_failed(live, result, error);
    }
    if (pcap_setnonblock(live->pcap, 1, reason) != 0) {
        return synfix_fail(error, SYNFIX_IO, "%s: %.300s", live->name, reason);
    }
    note_interface(live);
    return SYNFIX_OK;
}

/* Whether the packets can be read in place; the socket receives none yet. */
static bool open_in_place(live_t *live, int ring_size)
{
    if (live->link_type != DLT_EN10MB || live->device == 0 ||
        !packet_socket_open(&live->in_place, (size_t)ring_size, live->snaplen, live->read_timeout_ms)) {
        return false;
    }
    live->in_place.ring.view = (packet_ring_view_t){.link_type = live->link_type,
                                                    .interface_id = live->device,
                                                    .snaplen = live->snaplen,
                                                    .loopback = live->loopback};
    return true;
}

/* Opens the interface for libpcap, and for reading in place where possible: libpcap's ring is small then. */
static synfix_status_t open_interface(live_t *live, const synfix_options_t *options, synfix_error_t *error)
{
    const int ring_size = (int)synfix_options_integer(options, "buffer");
    synfix_status_t status = on_demand_load_pcap(error);
    if (status == SYNFIX_OK && !live->by_libpcap && packet_socket_suits(live->name)) {
        status = activate(live, options, SMALL_RING, error);
        if (status != SYNFIX_OK || open_in_place(live, ring_size)) {
            return status;
        }
        pcap_close(live->pcap);
        live->pcap = NULL;
    }
    if (status == SYNFIX_OK) {
        status = activate(live, options, ring_size, error);
    }
    if (status == SYNFIX_OK) {
        live->bytes = malloc((size_t)SYNFIX_BATCH_MAX * live->snaplen);
        status =
            live->bytes != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    }
    return status;
}

/* With the filter in place, the socket starts to receive. */
static synfix_status_t begin_in_place(const live_t *live, synfix_error_t *error)
{
    if (!live_is_in_place(live) ||
        packet_socket_begin(&live->in_place, live->device, pcap_fileno(live->pcap))) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_IO, "%s: the interface went down at the start: %s", live->name,
                       strerror(errno));
}

/* Fanout: both directions of a connection reach the same member. */
static synfix_status_t join(const live_t *live, const live_member_t *member, synfix_error_t *error)
{
    if (member->count <= 1 || fanout_group_join(member->group, live_target(live).descriptor) == 0) {
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
    live->alone = member->alone;
    live->first = member->index == 0;
    live->by_libpcap = member->by_libpcap;
    live->in_place.descriptor = -1;
    synfix_status_t status = SYNFIX_OK;
    if (live->name == NULL) {
        status = synfix_fail(error, SYNFIX_NO_MEMORY, "live: out of memory");
    }
    if (status == SYNFIX_OK) {
        status = open_interface(live, options, error);
    }
    if (status == SYNFIX_OK) {
        status = live_set_first_filter(live, options, member, error);
    }
    if (status == SYNFIX_OK) {
        status = begin_in_place(live, error);
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
