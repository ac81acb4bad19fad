// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The plug-in for Zeek: see docs/how-to/zeek.md. A tap on each TCP connection passes the captured frame to
// the engine, which removes tags and tunnels itself, so the connections of two tunnels with the same
// addresses stay apart.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <zeek/Conn.h>
#include <zeek/EventHandler.h>
#include <zeek/ID.h>
#include <zeek/iosource/Packet.h>
#include <zeek/plugin/Plugin.h>
#include <zeek/Val.h>

#include <synfix/embed.h>
#include <synfix/event.h>

#include "../common/settings.h"

namespace synfix_zeek
{

// An `option` of the script; a changed value is a new object.
struct Option {
    const char *id;      // `Synfix::database`
    const char *setting; // name in plugin_settings_set, nullptr for the database
    zeek::detail::IDPtr variable;
    zeek::ValPtr value; // in use
};

// Fills in records of the script's type Synfix::Info from the columns of the library.
class Records
{
  public:
    void Init(); // after the scripts were read
    zeek::RecordValPtr Make(const synfix_observation_t *observation, zeek::Connection *connection) const;

  private:
    void Set(zeek::RecordVal *record, int field, const synfix_column_value_t &value) const;

    zeek::RecordTypePtr type;
    std::vector<int> fields; // of each column; -1: not in the record
    int uid = -1;
    int id = -1;
    int is_resp = -1;
};

// The decoded frame of the packet that Zeek processes; for a packet in fragments, the packet that Zeek
// reassembled.
class Frame
{
  public:
    explicit Frame(const zeek::Packet &packet);
    Frame(const Frame &) = delete;
    Frame &operator=(const Frame &) = delete;

    bool IsTcp() const;

    synfix_packet_t captured;
    synfix_headers_t headers; // only if IsTcp(); the options point into the frame or into `reassembled`
    synfix_verdict_t verdict;

  private:
    void Decode(const zeek::Packet &frame, const zeek::Packet &packet);
    void Reassemble(const zeek::IP_Hdr &header);

    // Enough for the headers of a packet, those of tunnels included.
    std::array<std::uint8_t, 1024> reassembled;
};

class Plugin : public zeek::plugin::Plugin
{
  public:
    void Push(zeek::Connection *connection, const zeek::Packet &packet);

  protected:
    zeek::plugin::Configuration Configure() override;
    void InitPostScript() override;
    void Done() override;
    void HookSetupAnalyzerTree(zeek::Connection *connection) override;

  private:
    static void OnObservation(const synfix_observation_t *observation, void *user);
    bool OptionsChanged() const;
    bool Settings(plugin_settings_t *settings, std::string *database, synfix_error_t *error);
    synfix_sigdb_t *OpenDatabase(const plugin_settings_t &settings, synfix_error_t *error) const;
    bool Start(synfix_error_t *error);
    void Follow(); // changed options

    synfix_engine_t *engine = nullptr; // Zeek processes packets in one thread
    synfix_engine_config_t started{};
    std::vector<Option> options;
    Records records;
    zeek::EventHandlerPtr fingerprint;
    zeek::EventHandlerPtr uptime;
    std::uint64_t number = 0;
};

extern Plugin plugin;

// tap.cc: passes the packets of a TCP connection to Plugin::Push.
void Attach(zeek::Connection *connection);
// The component that Attach needs, or nullptr. The plug-in owns the component.
zeek::plugin::Component *TapComponent();

} // namespace synfix_zeek
