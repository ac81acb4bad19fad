/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The engine in a libpcap loop of one's own: embed CAPTURE SIGNATURES prints a line for each SYN and SYN+ACK.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <synfix/embed.h>

static void on_observation(const synfix_observation_t *observation, void *user)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    if (observation->fingerprint == NULL) {
        return; /* an uptime */
    }
    const synfix_label_t *label = observation->fingerprint->match.label;
    synfix_address_format(&observation->headers->source, observation->headers->ip_version, address);
    fprintf(user, "%s\t%s\t%s\n", address, label != NULL ? label->text : "?", observation->fingerprint->text);
}

static synfix_engine_t *make_engine(const char *signatures, synfix_error_t *error)
{
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    synfix_engine_t *engine = NULL;
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = sigdb;
    config.on_observation = on_observation;
    config.observation_user = stdout;
    if (sigdb == NULL || synfix_sigdb_load(sigdb, signatures, error) != SYNFIX_OK ||
        synfix_sigdb_finish(sigdb, error) != SYNFIX_OK ||
        synfix_engine_new(&config, &engine, error) != SYNFIX_OK) {
        engine = NULL;
    }
    synfix_sigdb_unref(sigdb); /* the engine has its own reference */
    return engine;
}

int main(int argc, char **argv)
{
    char reason[PCAP_ERRBUF_SIZE];
    synfix_error_t error = {.text = "out of memory"};
    if (argc != 3) {
        return fprintf(stderr, "usage: %s CAPTURE SIGNATURES\n", argv[0]), 2;
    }
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(argv[1], PCAP_TSTAMP_PRECISION_NANO, reason);
    if (pcap == NULL) {
        return fprintf(stderr, "%s\n", reason), 1;
    }
    synfix_engine_t *engine = make_engine(argv[2], &error);
    if (engine == NULL) {
        return fprintf(stderr, "%s\n", error.text), 1;
    }
    synfix_packet_t packet = {.link_type = synfix_link_type_from_dlt(pcap_datalink(pcap))};
    struct pcap_pkthdr *header = NULL;
    while (pcap_next_ex(pcap, &header, &packet.data) == 1) {
        packet.captured_length = header->caplen;
        packet.original_length = header->len;
        packet.time_ns = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec; /* nanoseconds here */
        packet.number++;
        synfix_engine_push_later(engine, &packet, 1);
    }
    synfix_engine_free(engine); /* processes the packets that still wait */
    pcap_close(pcap);
    return 0;
}
