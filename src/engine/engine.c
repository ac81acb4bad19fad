/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Creation, settings and counters of an engine. */
#include <stdlib.h>
#include <string.h>

#include "engine/engine_filter.h"
#include "engine/engine_split.h"
#include "engine/engine_tables.h"

/* Cached signatures of few packets: a smaller cache has fewer pages. */
#define FEW_SLOTS 1024u

/* Lifetime of an unfinished or quiet connection: longer than the repetition of a SYN. */
#define FLOW_LIFETIME_S 120u
/* As p0f: 120 minutes without a packet. */
#define HOST_LIFETIME_S 7200u
/* p0f's mode forgets an entry only when the table is full. */
#define P0F_LIFETIME_S 1000000u

void synfix_engine_config_init(synfix_engine_config_t *config, size_t struct_size)
{
    const synfix_engine_config_t defaults = {
        .struct_size = struct_size,
        .fingerprint_slots = SYNFIX_FINGERPRINT_SLOTS_DEFAULT,
        .handshakes = SYNFIX_HANDSHAKES_DEFAULT,
        .hosts = SYNFIX_HOSTS_DEFAULT,
        .uptime = SYNFIX_UPTIME_REGRESSION,
        .encapsulations = SYNFIX_ENCAPSULATIONS_ALL,
    };
    memset(config, 0, struct_size);
    memcpy(config, &defaults, struct_size < sizeof defaults ? struct_size : sizeof defaults);
}

static synfix_status_t check_range(const char *name, uint32_t value, uint32_t least, uint32_t most,
                                   synfix_error_t *error)
{
    if (value >= least && value <= most) {
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_INVALID, "engine: %s is %u, not %u to %u", name, value, least, most);
}

static synfix_status_t check_sizes(const synfix_engine_config_t *config, synfix_error_t *error)
{
    synfix_status_t status = check_range("fingerprint_slots", config->fingerprint_slots,
                                         SYNFIX_FINGERPRINT_SLOTS_MIN, SYNFIX_FINGERPRINT_SLOTS_MAX, error);
    if (status == SYNFIX_OK) {
        status = check_range("handshakes", config->handshakes, SYNFIX_HANDSHAKES_MIN, SYNFIX_HANDSHAKES_MAX,
                             error);
    }
    if (status == SYNFIX_OK) {
        status = check_range("hosts", config->hosts, SYNFIX_HOSTS_MIN, SYNFIX_HOSTS_MAX, error);
    }
    return status;
}

static synfix_status_t check(const synfix_engine_config_t *config, synfix_error_t *error)
{
    const synfix_status_t status = check_sizes(config, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    if (config->on_observation == NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "engine: on_observation is not set");
    }
    if ((unsigned)config->uptime > SYNFIX_UPTIME_P0F) {
        return synfix_fail(error, SYNFIX_INVALID, "engine: no uptime mode %u", (unsigned)config->uptime);
    }
    if ((unsigned)config->signatures > SYNFIX_SIGNATURE_P0F) {
        return synfix_fail(error, SYNFIX_INVALID, "engine: no signature mode %u",
                           (unsigned)config->signatures);
    }
    if (config->uptime == SYNFIX_UPTIME_P0F && config->on_timestamp_sample != NULL) {
        return synfix_fail(error, SYNFIX_INVALID, "engine: p0f's uptime keeps its hosts in the engine");
    }
    return SYNFIX_OK;
}

static bool make_hosts(synfix_engine_t *engine)
{
    const bool p0f = engine->config.uptime == SYNFIX_UPTIME_P0F;
    if (!host_table_init(&engine->hosts, engine->config.hosts, p0f ? P0F_LIFETIME_S : HOST_LIFETIME_S,
                         &engine->counters.hosts_evicted, &engine->counters.hosts_expired)) {
        return false;
    }
    if (!engine->few_packets) {
        host_table_map(&engine->hosts);
    }
    return true;
}

static bool make_tables(synfix_engine_t *engine)
{
    const synfix_engine_config_t *config = &engine->config;
    const bool p0f = config->uptime == SYNFIX_UPTIME_P0F;
    engine_counters_t *counters = &engine->counters;
    if (!fingerprint_cache_init(&engine->cache, config->fingerprint_slots) ||
        !flow_table_init(&engine->flows, config->handshakes, p0f ? P0F_LIFETIME_S : FLOW_LIFETIME_S,
                         &counters->handshakes_evicted, &counters->handshakes_expired)) {
        return false;
    }
    if (!engine->few_packets) {
        fingerprint_cache_map(&engine->cache);
        flow_table_map(&engine->flows);
    }
    return config->uptime == SYNFIX_UPTIME_OFF || make_hosts(engine);
}

/* An older caller has a shorter configuration: the rest keeps the values of init. */
static synfix_engine_config_t whole_config(const synfix_engine_config_t *config)
{
    synfix_engine_config_t whole;
    synfix_engine_config_init(&whole, sizeof whole);
    memcpy(&whole, config, config->struct_size < sizeof whole ? config->struct_size : sizeof whole);
    return whole;
}

/* Sets all members of the engine except the tables. */
static void fill_engine(synfix_engine_t *engine, const synfix_engine_config_t *config, bool few_packets)
{
    memset(engine, 0, sizeof *engine);
    engine->config = *config;
    engine->few_packets = few_packets;
    if (few_packets && config->fingerprint_slots > FEW_SLOTS) {
        engine->config.fingerprint_slots = FEW_SLOTS;
    }
    for (uint32_t i = 0; i < ENGINE_GROUP; i++) {
        engine->group[i] = &engine->contexts[i];
    }
    if (config->sigdb != NULL) {
        synfix_sigdb_ref(config->sigdb);
    }
}

synfix_status_t engine_new(const synfix_engine_config_t *config, bool few_packets, synfix_engine_t **engine,
                           synfix_error_t *error)
{
    const synfix_engine_config_t own = whole_config(config);
    const synfix_status_t status = check(&own, error);
    if (status != SYNFIX_OK) {
        return status;
    }
    synfix_engine_t *made = aligned_alloc(_Alignof(synfix_engine_t), sizeof *made);
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "engine: out of memory");
    }
    fill_engine(made, &own, few_packets);
    if (!make_tables(made)) {
        synfix_engine_free(made);
        return synfix_fail(error, SYNFIX_NO_MEMORY,
                           "engine: out of memory for its tables; lower hosts, handshakes or "
                           "fingerprint-slots, or allow more memory");
    }
    *engine = made;
    return SYNFIX_OK;
}

synfix_status_t synfix_engine_new(const synfix_engine_config_t *config, synfix_engine_t **engine,
                                  synfix_error_t *error)
{
    return engine_new(config, false, engine, error);
}

void synfix_engine_free(synfix_engine_t *engine)
{
    if (engine == NULL) {
        return;
    }
    synfix_engine_flush(engine);
    fingerprint_cache_clear(&engine->cache);
    flow_table_clear(&engine->flows);
    host_table_clear(&engine->hosts);
    synfix_sigdb_unref(engine->config.sigdb);
    free(engine);
}

void synfix_engine_set_sigdb(synfix_engine_t *engine, synfix_sigdb_t *sigdb)
{
    synfix_engine_flush(engine); /* they came before it */
    synfix_sigdb_t *old = engine->config.sigdb;
    engine->config.sigdb = sigdb == NULL ? NULL : synfix_sigdb_ref(sigdb);
    fingerprint_cache_forget(&engine->cache);
    synfix_sigdb_unref(old);
}

synfix_status_t synfix_engine_set_uptime(synfix_engine_t *engine, synfix_uptime_mode_t mode,
                                         synfix_error_t *error)
{
    const synfix_uptime_mode_t before = engine->config.uptime;
    if ((unsigned)mode >= SYNFIX_UPTIME_P0F || before == SYNFIX_UPTIME_P0F) {
        return synfix_fail(error, SYNFIX_INVALID, "engine: uptime cannot change from mode %u to %u",
                           (unsigned)before, (unsigned)mode);
    }
    synfix_engine_flush(engine);
    engine->config.uptime = mode;
    if (mode == SYNFIX_UPTIME_OFF || engine->hosts.sets != NULL || make_hosts(engine)) {
        return SYNFIX_OK;
    }
    engine->config.uptime = before;
    return synfix_fail(error, SYNFIX_NO_MEMORY,
                       "engine: out of memory for its tables; lower hosts, handshakes or fingerprint-slots, "
                       "or allow more memory");
}

synfix_status_t synfix_engine_set_signatures(synfix_engine_t *engine, synfix_signature_mode_t mode,
                                             synfix_error_t *error)
{
    if ((unsigned)mode > SYNFIX_SIGNATURE_P0F) {
        return synfix_fail(error, SYNFIX_INVALID, "engine: no signature mode %u", (unsigned)mode);
    }
    synfix_engine_flush(engine); /* they came before it */
    engine->config.signatures = mode;
    fingerprint_cache_forget(&engine->cache);
    return SYNFIX_OK;
}

void synfix_engine_set_encapsulations(synfix_engine_t *engine, synfix_encapsulations_t encapsulations)
{
    engine->config.encapsulations = encapsulations;
}

void synfix_engine_counters(const synfix_engine_t *engine, synfix_engine_counters_t *counters)
{
#define ENGINE_COUNTER(field, help) counters->field = counter_get(&engine->counters.field);
    SYNFIX_ENGINE_COUNTERS(ENGINE_COUNTER)
#undef ENGINE_COUNTER
    for (unsigned i = 0; i < SYNFIX_VERDICT_COUNT; i++) {
        counters->verdicts[i] = counter_get(&engine->counters.verdicts[i]);
    }
}

void engine_set_on_plain(synfix_engine_t *engine, engine_plain_fn on_plain, void *user)
{
    engine->on_plain = on_plain;
    engine->plain_user = user;
}

void engine_set_filter(synfix_engine_t *engine, bool (*filter)(const synfix_headers_t *headers, void *user),
                       void *user)
{
    engine->config.filter = filter;
    engine->config.filter_user = user;
}
