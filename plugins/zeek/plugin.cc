// SPDX-License-Identifier: MIT OR Apache-2.0
#include "plugin.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <type_traits>
#include <unistd.h>

#include <zeek/Event.h>
#include <zeek/EventRegistry.h>
#include <zeek/iosource/PktSrc.h>
#include <zeek/IP.h>
#include <zeek/Reporter.h>
#include <zeek/RunState.h>

#ifndef SYNFIX_DATADIR
#define SYNFIX_DATADIR "/usr/local/share/synfix"
#endif

namespace synfix_zeek
{

constexpr std::uint32_t linktype_raw = 101;
constexpr std::uint32_t ipv6_header_length = 40;
constexpr int version_parts = 3;

// Enough for the headers of a packet, those of tunnels included.
using Headers = std::array<std::uint8_t, 1024>;

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

// While Zeek works on a reassembled packet, cap_len of the last fragment's frame is the length that the frame
// would have with the whole packet. Zeek reassembles only fragments that were captured completely.
static std::uint32_t CapturedLength(const zeek::Packet &frame)
{
    if (!frame.ip_hdr || !frame.ip_hdr->Reassembled() || frame.cap_len < frame.ip_hdr->TotalLen()) {
        return frame.cap_len;
    }
    const std::uint32_t link = frame.cap_len - static_cast<std::uint32_t>(frame.ip_hdr->TotalLen());
    const std::uint8_t *fragment = frame.data + link;
    if (fragment[0] >> 4 == 4) {
        return link + (std::uint32_t{fragment[2]} << 8 | fragment[3]);
    }
    return link + ipv6_header_length + (std::uint32_t{fragment[4]} << 8 | fragment[5]);
}

static synfix_packet_t AsPacket(const zeek::Packet &packet)
{
    synfix_packet_t made{};
    made.data = packet.data;
    made.captured_length = CapturedLength(packet);
    made.original_length = made.captured_length;
    if (made.captured_length == packet.cap_len && packet.len > packet.cap_len) {
        made.original_length = packet.len;
    }
    made.time_ns = static_cast<std::int64_t>(packet.ts.tv_sec) * 1000000000 +
                   static_cast<std::int64_t>(packet.ts.tv_usec) * 1000;
    made.link_type = synfix_link_type_from_dlt(static_cast<int>(packet.link_type));
    return made;
}

static bool IsTcp(synfix_verdict_t verdict)
{
    return verdict == SYNFIX_VERDICT_SYN || verdict == SYNFIX_VERDICT_SYN_ACK ||
           verdict == SYNFIX_VERDICT_SEGMENT;
}

// Zeek 8.1 has a number, 0 without a tag; Zeek 8.2 has an optional structure.
template <typename Tag> static bool HasTag(const Tag &tag, std::uint16_t *id)
{
    if constexpr (std::is_integral_v<Tag>) {
        *id = static_cast<std::uint16_t>(tag);
        return tag != 0;
    } else {
        *id = tag ? tag->id : 0;
        return static_cast<bool>(tag);
    }
}

// AF_PACKET removes the outermost tag; Zeek's packet source has its number. Frames of files have all their
// tags.
static void AddTags(const zeek::Packet &frame, synfix_headers_t *headers)
{
    std::uint16_t ids[2];
    if (zeek::run_state::reading_live && HasTag(frame.vlan, &ids[0])) {
        synfix_add_removed_vlans(headers, ids, HasTag(frame.inner_vlan, &ids[1]) ? 2 : 1);
    }
}

// Zeek's own reassembly of fragments, as a packet without link layer. Its IPv4 header still has the offset of
// the fragment that came first, so the packet is a corrected copy of the bytes that hold headers.
static synfix_packet_t Reassembled(const zeek::IP_Hdr &header, synfix_packet_t packet, Headers *room)
{
    const auto *bytes = header.IP4_Hdr() != nullptr
                            ? reinterpret_cast<const std::uint8_t *>(header.IP4_Hdr())
                            : reinterpret_cast<const std::uint8_t *>(header.IP6_Hdr());
    const auto length = static_cast<std::size_t>(header.TotalLen());
    const std::size_t copied = std::min(length, room->size());
    std::memcpy(room->data(), bytes, copied);
    if (header.IP4_Hdr() != nullptr) {
        (*room)[6] &= 0xC0; // flags: reserved, DF
        (*room)[7] = 0;
    }
    packet.data = room->data();
    packet.captured_length = static_cast<std::uint32_t>(copied);
    packet.original_length = static_cast<std::uint32_t>(length);
    packet.link_type = linktype_raw;
    return packet;
}

static bool IsWhole(synfix_verdict_t verdict, const synfix_headers_t &headers)
{
    return IsTcp(verdict) && !headers.first_fragment && headers.options_captured == headers.options_length;
}

// An atomic fragment is complete; of other fragments only Zeek has the whole: of the frame, or inside a
// tunnel.
static synfix_verdict_t Decode(const zeek::Packet &frame, const zeek::Packet &packet, synfix_packet_t *pushed,
                               synfix_headers_t *headers, Headers *room)
{
    const synfix_packet_t captured = *pushed;
    synfix_verdict_t verdict = synfix_decode(pushed, headers);
    const zeek::Packet *const parts[] = {&frame, &packet};
    for (const auto *part : parts) {
        if (IsWhole(verdict, *headers)) {
            return verdict;
        }
        if (!part->ip_hdr || !part->ip_hdr->Reassembled()) {
            continue;
        }
        *pushed = Reassembled(*part->ip_hdr, captured, room);
        verdict = synfix_decode(pushed, headers);
        if (IsTcp(verdict)) {
            headers->first_fragment = true; // the observation says that the packet was fragmented
            headers->truncated = false;     // of a fragment that is not complete, Zeek makes no packet
            return verdict;
        }
    }
    return verdict;
}

// What the tap gets is the content of the innermost tunnel; the source has the frame.
static const zeek::Packet &FrameOf(const zeek::Packet &packet)
{
    const zeek::Packet *frame = nullptr;
    auto *source = zeek::run_state::detail::current_packet_source();
    return source != nullptr && source->GetCurrentPacket(&frame) ? *frame : packet;
}

void Plugin::Push(zeek::Connection *connection, const zeek::Packet &packet)
{
    if (engine == nullptr) {
        return;
    }
    if (OptionsChanged()) {
        Follow();
    }
    const zeek::Packet &frame = FrameOf(packet);
    synfix_packet_t pushed = AsPacket(frame);
    synfix_headers_t headers;
    Headers room;
    const synfix_verdict_t verdict = Decode(frame, packet, &pushed, &headers, &room);
    if (!IsTcp(verdict)) {
        return;
    }
    AddTags(frame, &headers);
    pushed.number = ++number;
    pushed.user = connection;
    // At once, not later: the connection may be gone when the next packet comes.
    synfix_engine_push_headers(engine, &pushed, verdict, &headers);
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
