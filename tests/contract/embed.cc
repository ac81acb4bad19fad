// SPDX-License-Identifier: MIT OR Apache-2.0
// The engine from C++: embed DATABASE CAPTURE prints a line for each SYN and SYN+ACK; only installed headers
// are used.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <pcap/pcap.h>
#include <stdexcept>
#include <string>
#include <synfix/batch.h>
#include <synfix/engine.h>
#include <synfix/module.h>
#include <vector>

namespace
{

struct Release {
    void operator()(synfix_engine_t *engine) const
    {
        synfix_engine_free(engine);
    }
    void operator()(synfix_sigdb_t *sigdb) const
    {
        synfix_sigdb_unref(sigdb);
    }
    void operator()(synfix_batch_t *batch) const
    {
        synfix_batch_free(batch);
    }
    void operator()(pcap_t *pcap) const
    {
        pcap_close(pcap);
    }
};
template <typename T> using Owned = std::unique_ptr<T, Release>;

void check(synfix_status_t status, const synfix_error_t &error)
{
    if (status != SYNFIX_OK)
        throw std::runtime_error(error.text);
}

Owned<synfix_sigdb_t> load(const char *path)
{
    synfix_error_t error;
    Owned<synfix_sigdb_t> sigdb(synfix_sigdb_new());
    check(synfix_sigdb_load(sigdb.get(), path, &error), error);
    check(synfix_sigdb_finish(sigdb.get(), &error), error);
    return sigdb;
}

void print(const synfix_observation_t &observation)
{
    char address[SYNFIX_ADDRESS_TEXT_SIZE];
    if (observation.fingerprint == nullptr)
        return;
    const synfix_label_t *label = observation.fingerprint->match.label;
    synfix_address_format(&observation.headers->source, observation.headers->ip_version, address);
    std::printf("%s\t%s\t%s\n", address, label != nullptr ? label->text : "?", observation.fingerprint->text);
}

void run(const char *database, const char *capture)
{
    const auto sigdb = load(database);
    synfix_error_t error;
    synfix_batch_t *batch_made = nullptr;
    check(synfix_batch_new(SYNFIX_BATCH_PER_PACKET, &batch_made, &error), error);
    const Owned<synfix_batch_t> batch(batch_made);
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = sigdb.get();
    config.on_observation = synfix_batch_add;
    config.observation_user = batch.get();
    synfix_engine_t *engine_made = nullptr;
    check(synfix_engine_new(&config, &engine_made, &error), error);
    const Owned<synfix_engine_t> engine(engine_made);

    char reason[PCAP_ERRBUF_SIZE];
    const Owned<pcap_t> pcap(pcap_open_offline(capture, reason));
    if (!pcap)
        throw std::runtime_error(reason);
    synfix_packet_t packet{};
    packet.link_type = static_cast<std::uint32_t>(pcap_datalink(pcap.get()));
    pcap_pkthdr *header = nullptr;
    while (pcap_next_ex(pcap.get(), &header, &packet.data) == 1) {
        packet.captured_length = header->caplen;
        packet.original_length = header->len;
        packet.time_ns = header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec * 1000;
        packet.number++;
        synfix_engine_push(engine.get(), &packet, 1);
        for (std::size_t i = 0; i < synfix_batch_count(batch.get()); i++)
            print(*synfix_batch_at(batch.get(), i));
        synfix_batch_clear(batch.get());
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3)
        return std::fprintf(stderr, "usage: %s DATABASE CAPTURE\n", argv[0]), 2;
    try {
        run(argv[1], argv[2]);
    } catch (const std::exception &error) {
        return std::fprintf(stderr, "%s\n", error.what()), 1;
    }
    return 0;
}
