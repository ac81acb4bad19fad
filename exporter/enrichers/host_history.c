/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * The enricher `host`: first and last time of a host, its previous label, the number of label changes, and
 * the verdict of all its observations so far. The table is bounded: within a bucket of four entries, the host
 * with the oldest last packet is evicted. All workers share the table, because the flows of a host are spread
 * over workers. On a live capture, several workers may process packets of one host out of order; a packet
 * that is older than the newest one of its host only changes the first-seen time.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/byte_order.h"
#include "base/hash_mix.h"
#include "event/text_writer.h"
#include "exporter/enrichers/enrichers.h"
#include "exporter/enrichers/label_votes.h"
#include "verdict/host_path.h"

#define BUCKET_SIZE   4u
#define HOSTS_DEFAULT "65536"
#define TIME_SIZE     32u
#define NUMBER_SIZE   24u
#define LOCKS         64u /* a power of two; each lock covers every LOCKS-th bucket */

typedef struct history_entry {
    synfix_address_t address;
    uint8_t ip_version; /* 0: free */
    uint8_t side;       /* 1 client, 2 server: the label lists differ */
    uint32_t label_id;
    uint32_t changes;
    int64_t first_ns;
    int64_t last_ns;
    char label[LABEL_TEXT_SIZE];
    host_path_t path; /* of the newest observation */
    host_behaviour_t behaviour;
    label_vote_t votes[LABEL_VOTES];
} history_entry_t;

/* Strings of one worker, valid until its next observation. */
typedef struct host_worker {
    char first[TIME_SIZE];
    char last[TIME_SIZE];
    char changes[NUMBER_SIZE];
    char label[LABEL_TEXT_SIZE];
    char verdict[LABEL_TEXT_SIZE];
    char quality[NUMBER_SIZE];
} host_worker_t;

typedef struct hosts {
    pthread_mutex_t locks[LOCKS];
    size_t buckets; /* a power of two */
    history_entry_t entries[];
} hosts_t;

static synfix_status_t host_open(const synfix_module_context_t *context, const synfix_options_t *options,
                                 void **instance, synfix_error_t *error)
{
    (void)context;
    const size_t wanted = (size_t)synfix_options_integer(options, "hosts") / BUCKET_SIZE;
    size_t buckets = 1;
    while (buckets < wanted) {
        buckets *= 2;
    }
    hosts_t *hosts = calloc(1, sizeof *hosts + buckets * BUCKET_SIZE * sizeof(history_entry_t));
    if (hosts == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "host: out of memory");
    }
    hosts->buckets = buckets;
    for (size_t i = 0; i < LOCKS; i++) {
        (void)pthread_mutex_init(&hosts->locks[i], NULL);
    }
    *instance = hosts;
    return SYNFIX_OK;
}

static void host_close(void *instance)
{
    hosts_t *hosts = instance;
    for (size_t i = 0; i < LOCKS; i++) {
        (void)pthread_mutex_destroy(&hosts->locks[i]);
    }
    free(hosts);
}

static synfix_status_t host_worker_open(void *instance, unsigned worker, void **state, synfix_error_t *error)
{
    (void)instance, (void)worker;
    *state = calloc(1, sizeof(host_worker_t));
    return *state != NULL ? SYNFIX_OK : synfix_fail(error, SYNFIX_NO_MEMORY, "host: out of memory");
}

/* Both roles of a host are in one bucket. */
static size_t host_bucket(const hosts_t *hosts, const synfix_headers_t *headers)
{
    const uint8_t *address = headers->source.bytes;
    return (size_t)hash_mix(read_le64(address), read_le64(address + 8) + headers->ip_version) &
           (hosts->buckets - 1);
}

static bool is_host(const history_entry_t *entry, const synfix_headers_t *headers, uint8_t side)
{
    return entry->ip_version == headers->ip_version && entry->side == side &&
           memcmp(&entry->address, &headers->source, sizeof entry->address) == 0;
}

/* The entry of the host in the other role; NULL: none. */
static const history_entry_t *host_other_role(const history_entry_t *bucket, const history_entry_t *host,
                                              const synfix_headers_t *headers)
{
    for (const history_entry_t *entry = bucket; entry < bucket + BUCKET_SIZE; entry++) {
        if (entry != host && is_host(entry, headers, entry->side)) {
            return entry;
        }
    }
    return NULL;
}

/* Returns the entry of the host, or the entry to use: a free one, or the one with the oldest last packet. */
static history_entry_t *host_find(history_entry_t *bucket, const synfix_headers_t *headers, uint8_t side)
{
    history_entry_t *oldest = bucket;
    for (history_entry_t *entry = bucket; entry < bucket + BUCKET_SIZE; entry++) {
        if (is_host(entry, headers, side)) {
            return entry;
        }
        if (oldest->ip_version != 0 && (entry->ip_version == 0 || entry->last_ns < oldest->last_ns)) {
            oldest = entry;
        }
    }
    *oldest = (history_entry_t){.side = side};
    return oldest;
}

static void host_time(char *text, int64_t time_ns)
{
    uint32_t rest = 0;
    text_writer_t line = {.at = text, .end = text + TIME_SIZE - 1};
    writer_date_time(&line, writer_seconds(time_ns, &rest), '-', 'T');
    writer_char(&line, 'Z');
    *line.at = '\0';
}

static void write_number(char text[NUMBER_SIZE], uint64_t value)
{
    text_writer_t line = {.at = text, .end = text + NUMBER_SIZE - 1};
    writer_unsigned(&line, value);
    *line.at = '\0';
}

static label_conclusion_t conclude(const history_entry_t *entry)
{
    return label_votes_conclude(entry->votes, &entry->behaviour, entry->side == 2);
}

static void write_verdict(host_worker_t *worker, const history_entry_t *entry, const history_entry_t *other)
{
    const label_conclusion_t own = conclude(entry);
    const label_conclusion_t host =
        other != NULL
            ? label_conclusion_join(own, conclude(other), host_path_one_system(entry->path, other->path))
            : own;
    label_text_copy(worker->verdict, host.stated != NULL ? host.stated->text : "?");
    if (host.stated != NULL && host_verdict_family_only(&host.verdict) && host.stated->family_length != 0) {
        worker->verdict[host.stated->family_length] = '\0';
    }
    write_number(worker->quality, host.verdict.quality);
}

static synfix_status_t host_add(host_worker_t *worker, const history_entry_t *entry,
                                const history_entry_t *other, synfix_observation_t *observation)
{
    host_time(worker->first, entry->first_ns);
    host_time(worker->last, entry->last_ns);
    memcpy(worker->label, entry->label, sizeof worker->label);
    write_number(worker->changes, entry->changes);
    write_verdict(worker, entry, other);
    const struct {
        const char *name;
        const char *text;
    } facts[] = {
        {"host_first_seen", worker->first}, {"host_last_seen", worker->last},
        {"host_last_label", worker->label}, {"host_label_changes", worker->changes},
        {"host_verdict", worker->verdict},  {"host_verdict_quality", worker->quality},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        const synfix_status_t status = synfix_observation_annotate(observation, facts[i].name, facts[i].text);
        if (status != SYNFIX_OK) {
            return status;
        }
    }
    return SYNFIX_OK;
}

static void add_observation(history_entry_t *entry, const synfix_observation_t *observation)
{
    host_sighting_t sighting;
    label_votes_add(entry->votes, &observation->fingerprint->match);
    const bool in_order = observation->time_ns >= entry->last_ns;
    if (in_order && host_sighting_read(&sighting, observation) && !sighting.repeated && !sighting.tool) {
        host_behaviour_add(&entry->behaviour, &sighting);
        entry->path = (host_path_t){.initial_ttl = sighting.random_ttl ? 0 : sighting.initial_ttl,
                                    .distance = sighting.distance};
    }
}

/* The caller holds the lock of the bucket. */
static synfix_status_t host_see(host_worker_t *worker, history_entry_t *entry, const history_entry_t *other,
                                synfix_observation_t *observation)
{
    const synfix_label_t *label = observation->fingerprint->match.label;
    const char *text = label != NULL ? label->text : "?";
    const uint32_t label_id = label != NULL ? label->id : 0;
    synfix_status_t status = SYNFIX_OK;
    if (entry->ip_version == 0) {
        entry->address = observation->headers->source;
        entry->ip_version = observation->headers->ip_version;
        entry->first_ns = observation->time_ns;
        add_observation(entry, observation);
    } else {
        const bool late = observation->time_ns < entry->last_ns;
        add_observation(entry, observation);
        if (observation->time_ns < entry->first_ns) {
            entry->first_ns = observation->time_ns;
        }
        entry->changes += !late && entry->label_id != label_id;
        status = host_add(worker, entry, other, observation);
        if (late) {
            return status;
        }
    }
    entry->label_id = label_id;
    entry->last_ns = observation->time_ns;
    label_text_copy(entry->label, text);
    return status;
}

static synfix_status_t host_enrich(void *instance, void *state, synfix_observation_t *observation)
{
    hosts_t *hosts = instance;
    if (observation->fingerprint == NULL) {
        return SYNFIX_OK;
    }
    const uint8_t side = observation->from_server ? 2 : 1;
    const size_t bucket = host_bucket(hosts, observation->headers);
    history_entry_t *entries = &hosts->entries[bucket * BUCKET_SIZE];
    pthread_mutex_t *lock = &hosts->locks[bucket % LOCKS];
    (void)pthread_mutex_lock(lock);
    history_entry_t *entry = host_find(entries, observation->headers, side);
    const synfix_status_t status =
        host_see(state, entry, host_other_role(entries, entry, observation->headers), observation);
    (void)pthread_mutex_unlock(lock);
    return status;
}

static void host_worker_close(void *instance, void *state)
{
    (void)instance;
    free(state);
}

static const synfix_option_t host_options[] = {
    {.name = "hosts",
     .type = SYNFIX_OPTION_INTEGER,
     .fallback = HOSTS_DEFAULT,
     .minimum = 64,
     .maximum = 16777216,
     .help = "maximum number of hosts in memory"},
    {.name = NULL},
};

static const synfix_enricher_t host_enricher = {
    .open = host_open,
    .worker_open = host_worker_open,
    .enrich = host_enrich,
    .worker_close = host_worker_close,
    .close = host_close,
    .in_order = true,
};

const synfix_module_t host_module = {
    .abi = SYNFIX_MODULE_ABI,
    .size = sizeof(synfix_module_t),
    .kind = SYNFIX_MODULE_ENRICHER,
    .name = "host",
    .summary = "first seen, last seen, last label, changes and verdict of the host",
    .options = host_options,
    .enricher = &host_enricher,
    .check = synfix_options_check,
};
