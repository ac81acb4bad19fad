// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plugin.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

#include <zeek/Event.h>
#include <zeek/EventRegistry.h>
#include <zeek/Reporter.h>

#ifndef SYNFIX_DATADIR
#define SYNFIX_DATADIR "/usr/local/share/synfix"
#endif

namespace synfix_zeek
{

constexpr int version_parts = 3;

Plugin plugin;

zeek::plugin::Configuration Plugin::Configure()
{
    int version[version_parts] = {0, 0, 0};
    (void)std::sscanf(SYNFIX_VERSION, "%d.%d.%d", &version[0], &version[1], &version[2]);
    EnableHook(zeek::plugin::HOOK_SETUP_ANALYZER_TREE);
    if (auto *component = TapComponent(); component != nullptr) {
        AddComponent(component);
    }
    zeek::plugin::Configuration config;
    config.name = "Synfix::Fingerprint";
    config.description = "OS fingerprints of TCP SYN and SYN+ACK, uptimes of hosts";
    config.version = {version[0], version[1], version[2]};
    return config;
}

// The database of the plug-in's directory, else of an installed synfix.
static std::string DefaultDatabase(const std::string &directory)
{
    const std::string own = directory + "/sigdb/synfix.fp";
    return access(own.c_str(), R_OK) == 0 ? own : std::string(SYNFIX_DATADIR "/sigdb/synfix.fp");
}

bool Plugin::OptionsChanged() const
{
    for (const auto &option : options) {
        if (option.variable->GetVal() != option.value) {
            return true;
        }
    }
    return false;
}

// The message of a setting begins with its name; Zeek's users know the name of the option.
static bool Named(const char *id, synfix_error_t *error)
{
    const std::string text = error->text;
    (void)synfix_fail(error, SYNFIX_INVALID, "%s%s", id,
                      text.substr(std::min(text.find(':'), text.size())).c_str());
    return false;
}

// Reads all options; the database's path must live as long as the settings.
bool Plugin::Settings(plugin_settings_t *settings, std::string *database, synfix_error_t *error)
{
    plugin_settings_init(settings);
    for (auto &option : options) { // all of them, or a wrong one would be reported with each packet
        option.value = option.variable->GetVal();
    }
    for (const auto &option : options) {
        std::string text = option.value->GetType()->Tag() == zeek::TYPE_STRING
                               ? option.value->AsStringVal()->ToStdString()
                               : std::to_string(option.value->AsCount());
        if (option.setting == nullptr) {
            *database = text.empty() ? DefaultDatabase(PluginDirectory()) : text;
        } else if (!plugin_settings_set(settings, option.setting, text.c_str(), error)) {
            return Named(option.id, error);
        }
    }
    return plugin_settings_add_database(settings, database->c_str(), error);
}

synfix_sigdb_t *Plugin::OpenDatabase(const plugin_settings_t &settings, synfix_error_t *error) const
{
    synfix_sigdb_t *sigdb = nullptr;
    if (synfix_sigdb_open(settings.databases, settings.database_count, settings.min_quality, &sigdb, error) !=
        SYNFIX_OK) {
        const std::string text = error->text;
        (void)synfix_fail(error, SYNFIX_INVALID,
                          "%s (the option Synfix::database names the signature database)", text.c_str());
        return nullptr;
    }
    return sigdb;
}

bool Plugin::Start(synfix_error_t *error)
{
    plugin_settings_t settings;
    std::string database;
    if (!Settings(&settings, &database, error)) {
        return false;
    }
    synfix_sigdb_t *sigdb = OpenDatabase(settings, error);
    if (sigdb == nullptr) {
        return false;
    }
    started = settings.engine;
    settings.engine.sigdb = sigdb;
    settings.engine.on_observation = OnObservation;
    settings.engine.observation_user = this;
    const bool made = synfix_engine_new(&settings.engine, &engine, error) == SYNFIX_OK;
    synfix_sigdb_unref(sigdb); // the engine has a reference of its own
    return made;
}

// Database, quality, uptime and signatures change while Zeek runs; sizes of tables do not.
void Plugin::Follow()
{
    synfix_error_t error;
    plugin_settings_t settings;
    std::string database;
    synfix_sigdb_t *sigdb = Settings(&settings, &database, &error) ? OpenDatabase(settings, &error) : nullptr;
    if (sigdb == nullptr) {
        zeek::reporter->Error("synfix: %s; the settings that were in use stay in use", error.text);
        return;
    }
    synfix_engine_set_sigdb(engine, sigdb);
    synfix_sigdb_unref(sigdb);
    if (synfix_engine_set_uptime(engine, settings.engine.uptime, &error) != SYNFIX_OK ||
        synfix_engine_set_signatures(engine, settings.engine.signatures, &error) != SYNFIX_OK) {
        zeek::reporter->Error("synfix: %s", error.text);
    }
    if (settings.engine.hosts != started.hosts || settings.engine.handshakes != started.handshakes) {
        zeek::reporter->Warning("synfix: Synfix::hosts and Synfix::handshakes change only with a restart");
    }
}

void Plugin::InitPostScript()
{
    zeek::plugin::Plugin::InitPostScript();
    static constexpr struct {
        const char *id;
        const char *setting;
    } table[] = {{"Synfix::database", nullptr},     {"Synfix::min_quality", "min-quality"},
                 {"Synfix::uptime_mode", "uptime"}, {"Synfix::signature_mode", "signatures"},
                 {"Synfix::hosts", "hosts"},        {"Synfix::handshakes", "handshakes"}};
    for (const auto &row : table) {
        const auto &variable = zeek::id::find(row.id);
        if (!variable) {
            zeek::reporter->FatalError("synfix: the script of the plug-in does not define %s", row.id);
        }
        options.push_back({row.id, row.setting, variable, nullptr});
    }
    records.Init();
    fingerprint = zeek::event_registry->Register("Synfix::fingerprint");
    uptime = zeek::event_registry->Register("Synfix::uptime");
    synfix_error_t error = {"out of memory", SYNFIX_CAUSE_NONE};
    if (!Start(&error)) {
        zeek::reporter->FatalError("synfix: %s", error.text);
    }
}

void Plugin::Done()
{
    synfix_engine_free(engine);
    engine = nullptr;
    options.clear(); // values and types must not outlive Zeek's managers
    records = Records();
    zeek::plugin::Plugin::Done();
}

void Plugin::HookSetupAnalyzerTree(zeek::Connection *connection)
{
    if (connection->ConnTransport() == TRANSPORT_TCP) {
        Attach(connection);
    }
}

void Plugin::Push(zeek::Connection *connection, const zeek::Packet &packet)
{
    if (engine == nullptr) {
        return;
    }
    if (OptionsChanged()) {
        Follow();
    }
    Frame frame(packet);
    if (!frame.IsTcp()) {
        return;
    }
    frame.captured.number = ++number;
    frame.captured.user = connection;
    // At once, not later: the connection may be gone when the next packet comes.
    synfix_engine_push_headers(engine, &frame.captured, frame.verdict, &frame.headers);
}

void Plugin::OnObservation(const synfix_observation_t *observation, void *user)
{
    auto *self = static_cast<Plugin *>(user);
    auto *connection = static_cast<zeek::Connection *>(observation->user);
    const auto &handler = observation->fingerprint != nullptr ? self->fingerprint : self->uptime;
    if (handler && connection != nullptr) {
        zeek::event_mgr.Enqueue(handler, connection->GetVal(), self->records.Make(observation, connection));
    }
}

} // namespace synfix_zeek
