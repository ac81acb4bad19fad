// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A plugin for Zeek 8.1 and newer: taps every TCP connection and raises Synfix::fingerprint with the connection that Zeek
// knows, so that its log carries Zeek's own uid (scripts/__load__.zeek). The packets are the innermost ones, as Zeek
// has unwrapped them.

#include <zeek/Conn.h>
#include <zeek/Event.h>
#include <zeek/EventRegistry.h>
#include <zeek/ID.h>
#include <zeek/Reporter.h>
#include <zeek/Val.h>
#include <zeek/packet_analysis/protocol/ip/SessionAdapter.h>
#include <zeek/plugin/Plugin.h>

#include <cstdint>
#include <memory>
#include <synfix/engine.h>

namespace synfix_zeek {

constexpr std::uint32_t linktype_raw = 101; // DLT_RAW is 12 or 14 in memory, 101 in files

class Plugin : public zeek::plugin::Plugin {
public:
    void Push(zeek::Connection *connection, const zeek::Packet &packet);

protected:
    zeek::plugin::Configuration Configure() override;
    void InitPostScript() override;
    void Done() override;
    void HookSetupAnalyzerTree(zeek::Connection *connection) override;

private:
    static void OnObservation(const synfix_observation_t *observation, void *user);
    bool MakeEngine(const char *database, synfix_error_t *error);

    synfix_engine_t *engine = nullptr; // Zeek works on packets in one thread
    zeek::EventHandlerPtr fingerprint;
    std::uint64_t number = 0;
};

Plugin plugin;

// One for each connection; Zeek destroys it with the connection.
class Tap : public zeek::packet_analysis::TapAnalyzer {
public:
    explicit Tap(zeek::Connection *connection) : connection(connection)
    {
    }

    void TapPacket(const zeek::Packet &packet, zeek::packet_analysis::PacketAction,
                   zeek::packet_analysis::SkipReason) override
    {
        plugin.Push(connection, packet);
    }

private:
    zeek::Connection *connection;
};

zeek::plugin::Configuration Plugin::Configure()
{
    EnableHook(zeek::plugin::HOOK_SETUP_ANALYZER_TREE);
    zeek::plugin::Configuration config;
    config.name = "Synfix::Fingerprint";
    config.description = "Fingerprints of TCP SYN and SYN+ACK";
    config.version = {0, 1, 0};
    return config;
}

bool Plugin::MakeEngine(const char *database, synfix_error_t *error)
{
    synfix_sigdb_t *sigdb = synfix_sigdb_new();
    synfix_engine_config_t config;
    synfix_engine_config_init(&config, sizeof config);
    config.sigdb = sigdb;
    config.uptime = SYNFIX_UPTIME_OFF;
    config.on_observation = OnObservation;
    config.observation_user = this;
    const bool made = sigdb != nullptr && synfix_sigdb_load(sigdb, database, error) == SYNFIX_OK &&
                      synfix_sigdb_finish(sigdb, error) == SYNFIX_OK &&
                      synfix_engine_new(&config, &engine, error) == SYNFIX_OK;
    synfix_sigdb_unref(sigdb); // the engine has its own reference
    return made;
}

void Plugin::InitPostScript()
{
    zeek::plugin::Plugin::InitPostScript();
    synfix_error_t error = {"out of memory"};
    const auto &database = zeek::id::find_val("Synfix::database");
    fingerprint = zeek::event_registry->Register("Synfix::fingerprint");
    if (!MakeEngine(database->AsStringVal()->CheckString(), &error))
        zeek::reporter->FatalError("synfix: %s", error.text);
}

void Plugin::Done()
{
    synfix_engine_free(engine);
    engine = nullptr;
    zeek::plugin::Plugin::Done();
}

void Plugin::HookSetupAnalyzerTree(zeek::Connection *connection)
{
    if (connection->ConnTransport() == TRANSPORT_TCP)
        connection->GetSessionAdapter()->AddTapAnalyzer(std::make_unique<Tap>(connection));
}

void Plugin::Push(zeek::Connection *connection, const zeek::Packet &packet)
{
    synfix_packet_t pushed{};
    pushed.data = packet.data;
    pushed.captured_length = packet.cap_len;
    pushed.original_length = packet.len;
    pushed.time_ns = static_cast<std::int64_t>(packet.ts.tv_sec) * 1000000000 +
                     static_cast<std::int64_t>(packet.ts.tv_usec) * 1000;
    pushed.number = ++number;
    pushed.link_type = packet.link_type == 12 || packet.link_type == 14 ? linktype_raw : packet.link_type;
    pushed.user = connection;
    if (engine != nullptr) // at once: the connection may be gone when the next packet comes
        synfix_engine_push(engine, &pushed, 1);
}

void Plugin::OnObservation(const synfix_observation_t *observation, void *user)
{
    auto *self = static_cast<Plugin *>(user);
    const auto *found = observation->fingerprint;
    if (!self->fingerprint || found == nullptr)
        return;
    const auto *label = found->match.label;
    auto *connection = static_cast<zeek::Connection *>(observation->user);
    zeek::event_mgr.Enqueue(self->fingerprint, connection->GetVal(),
                            zeek::val_mgr->Bool(observation->from_server),
                            zeek::make_intrusive<zeek::StringVal>(found->text),
                            zeek::make_intrusive<zeek::StringVal>(label != nullptr ? label->text : "?"),
                            zeek::val_mgr->Count(found->match.quality), zeek::val_mgr->Count(found->match.distance),
                            zeek::val_mgr->Count(found->link_mtu));
}

} // namespace synfix_zeek
