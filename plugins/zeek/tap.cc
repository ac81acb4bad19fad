// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Each TCP connection has a tap, which Zeek destroys with the connection.
#include <zeek/zeek-version.h>

#include "plugin.h"

#if ZEEK_VERSION_NUMBER >= 80100 && !defined(SYNFIX_ZEEK_OLD_TAP)

#include <memory>
#include <zeek/packet_analysis/protocol/ip/SessionAdapter.h>

namespace synfix_zeek
{

class Tap : public zeek::packet_analysis::TapAnalyzer
{
  public:
    explicit Tap(zeek::Connection *tapped) : connection(tapped)
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

zeek::plugin::Component *TapComponent()
{
    return nullptr;
}

void Attach(zeek::Connection *connection)
{
    connection->GetSessionAdapter()->AddTapAnalyzer(std::make_unique<Tap>(connection));
}

} // namespace synfix_zeek

#else

// Zeek 7.0 to 8.0 have no taps. An analyzer below TCP gets the packets that Zeek uses, so none with a wrong
// checksum unless ignore_checksums is set.
#include <zeek/analyzer/Analyzer.h>
#include <zeek/analyzer/Component.h>
#include <zeek/packet_analysis/protocol/tcp/TCPSessionAdapter.h>
#include <zeek/RunState.h>

namespace synfix_zeek
{

static constexpr const char *tap_name = "SynfixTap";

class Tap : public zeek::analyzer::Analyzer
{
  public:
    explicit Tap(zeek::Connection *tapped) : zeek::analyzer::Analyzer(tap_name, tapped)
    {
    }

    void DeliverPacket(int length, const u_char *data, bool is_orig, std::uint64_t sequence,
                       const zeek::IP_Hdr *ip, int captured) override
    {
        zeek::analyzer::Analyzer::DeliverPacket(length, data, is_orig, sequence, ip, captured);
        const zeek::Packet *packet = zeek::run_state::current_pkt;
        if (packet != nullptr) {
            plugin.Push(Conn(), *packet);
        }
    }
};

// Each analyzer needs a component for its name; without a function that makes it, Zeek makes none itself.
zeek::plugin::Component *TapComponent()
{
    return new zeek::analyzer::Component(tap_name, nullptr);
}

void Attach(zeek::Connection *connection)
{
    auto *adapter =
        static_cast<zeek::packet_analysis::TCP::TCPSessionAdapter *>(connection->GetSessionAdapter());
    adapter->AddChildPacketAnalyzer(new Tap(connection)); // the adapter owns the analyzer
}

} // namespace synfix_zeek

#endif
