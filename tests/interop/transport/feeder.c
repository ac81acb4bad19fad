/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* feeder SINK RECORDS [PAUSE_US [live]]: passes observations with flowId 1 to RECORDS to a sink, fewer after
 * a SIGTERM, and prints the counters of the sink. Exit code 1: the sink cannot be opened; 3: the sink failed.
 */
#include "exporter/ipfix_file/file_sink.h"
#include "exporter/transport/transport_modules.h"
#include "support/observations.h"
#include "support/parse_options.h"
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static volatile sig_atomic_t ending;

static void end(int number)
{
    (void)number;
    ending = 1;
}

static void log_line(void *user, int level, const char *text)
{
    (void)user;
    fprintf(stderr, "feeder: %d: %s\n", level, text);
}

static const synfix_module_t *find_sink(const char *text)
{
    static const synfix_module_t *const sinks[] = {&tcp_module,  &tls_module,  &udp_module,
                                                   &dtls_module, &file_module, NULL};
    const size_t length = strcspn(text, ":");
    for (const synfix_module_t *const *at = sinks; *at; at++) {
        if (strlen((*at)->name) == length && strncmp((*at)->name, text, length) == 0) {
            return *at;
        }
    }
    return NULL;
}

static void make(uint32_t *seed, uint64_t number, random_observation_t *random)
{
    do {
        random_observation(seed, random);
    } while (random->observation.kind == SYNFIX_OBSERVATION_UPTIME);
    random->observation.flow_id = number;
}

static synfix_status_t feed(const synfix_sink_t *sink, void *instance, uint64_t records, useconds_t pause,
                            synfix_error_t *error)
{
    const void *settings;
    const char *key;
    void *encoder = NULL;
    const synfix_encoding_t *const encoding = sink->encoding(instance, &settings, &key);
    const uint32_t capacity = encoding->block_size ? encoding->block_size : encoding->size(settings);
    uint8_t *const data = malloc(capacity);
    uint32_t seed = 1;
    synfix_status_t status = encoding->create(settings, 0, &encoder, error);
    synfix_block_t block = {.data = data, .capacity = capacity};
    for (uint64_t i = 1; i <= records && status >= 0 && !ending; i++) {
        random_observation_t random;
        make(&seed, i, &random);
        if (encoding->encode(encoder, &random.observation, &block) == SYNFIX_AGAIN) {
            encoding->seal(encoder, &block);
            status = sink->write(instance, &block, error);
            usleep(pause);
            block = (synfix_block_t){.data = data, .capacity = capacity};
            status = status < 0 ? status : encoding->encode(encoder, &random.observation, &block);
        }
    }
    if (status >= 0) {
        encoding->seal(encoder, &block);
        status = sink->write(instance, &block, error);
    }
    if (status >= 0) {
        status = sink->finish(instance, error);
    }
    encoding->destroy(encoder);
    free(data);
    return status;
}

int main(int argc, char **argv)
{
    synfix_error_t error = {.text = ""};
    synfix_options_t *options = NULL;
    void *instance = NULL;
    const synfix_module_context_t context = {
        .struct_size = sizeof context, .observation_domain = 1, .log = log_line, .live = argc > 4};
    const synfix_module_t *const module = argc > 2 ? find_sink(argv[1]) : NULL;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, end);
    if (!module || parse_options(module, argv[1], &options, &error) < 0 ||
        module->sink->open(&context, options, &instance, &error) < 0) {
        fprintf(stderr, "feeder: %s\n", module ? error.text : "usage: feeder SINK RECORDS [PAUSE_US [live]]");
        module_options_free(options);
        return 1;
    }
    module_options_free(options);
    synfix_status_t status = module->sink->start ? module->sink->start(instance, &error) : SYNFIX_OK;
    if (status >= 0) {
        status = feed(module->sink, instance, strtoull(argv[2], NULL, 10),
                      argc > 3 ? (useconds_t)strtoul(argv[3], NULL, 10) : 0, &error);
    }
    synfix_sink_stats_t stats;
    module->sink->stats(instance, &stats);
    printf("produced %" PRIu64 " delivered %" PRIu64 " spooled %" PRIu64 " lost %" PRIu64 " pending %" PRIu64
           " retransmitted %" PRIu64 " reconnects %" PRIu64 " unheard %" PRIu64 "\n",
           stats.produced, stats.delivered, stats.spooled, stats.lost, stats.pending, stats.retransmitted,
           stats.reconnects, stats.unheard);
    if (status < 0) {
        fprintf(stderr, "feeder: %s\n", error.text);
    }
    module->sink->close(instance);
    return status < 0 ? 3 : 0;
}
