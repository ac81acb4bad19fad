// SPDX-License-Identifier: MIT OR Apache-2.0
#include <arpa/inet.h>
#include <cstring>

#include <zeek/Reporter.h>
#include <zeek/Type.h>

#include "plugin.h"

namespace synfix_zeek
{

void Records::Init()
{
    type = zeek::id::find_type<zeek::RecordType>("Synfix::Info");
    uid = type->FieldOffset("uid");
    id = type->FieldOffset("id");
    is_resp = type->FieldOffset("is_resp");
    for (std::size_t i = 0; i < synfix_column_count(); i++) {
        const char *name = synfix_column_at(i)->zeek_name;
        const int field = name[0] != '\0' ? type->FieldOffset(name) : -1;
        fields.push_back(field == uid || field == is_resp ? -1 : field);
    }
}

static zeek::ValPtr ListOf(const zeek::TypePtr &type, const char *text)
{
    const bool ordered = type->Tag() == zeek::TYPE_VECTOR;
    auto vector = ordered
                      ? zeek::make_intrusive<zeek::VectorVal>(zeek::cast_intrusive<zeek::VectorType>(type))
                      : nullptr;
    auto set =
        ordered ? nullptr : zeek::make_intrusive<zeek::TableVal>(zeek::cast_intrusive<zeek::TableType>(type));
    while (*text != '\0') {
        const std::size_t length = std::strcspn(text, ",");
        auto word = zeek::make_intrusive<zeek::StringVal>(std::string(text, length));
        if (ordered) {
            vector->Append(std::move(word));
        } else {
            set->Assign(std::move(word), nullptr);
        }
        text += length + (text[length] == ',' ? 1 : 0);
    }
    return ordered ? zeek::ValPtr(vector) : zeek::ValPtr(set);
}

void Records::Set(zeek::RecordVal *record, int field, const synfix_column_value_t &value) const
{
    switch (value.type) {
    case SYNFIX_COLUMN_NUMBER:
        record->Assign(field, zeek::val_mgr->Count(value.number));
        break;
    case SYNFIX_COLUMN_BOOLEAN:
        record->Assign(field, zeek::val_mgr->Bool(value.number != 0));
        break;
    case SYNFIX_COLUMN_HUNDREDTHS:
        record->Assign(field,
                       zeek::make_intrusive<zeek::DoubleVal>(static_cast<double>(value.number) / 100.0));
        break;
    case SYNFIX_COLUMN_NANOSECONDS:
        record->Assign(field, zeek::make_intrusive<zeek::TimeVal>(static_cast<double>(value.time_ns) / 1e9));
        break;
    case SYNFIX_COLUMN_TEXT:
        if (type->GetFieldType(field)->Tag() == zeek::TYPE_ENUM) { // proto: always TCP
            record->Assign(field, zeek::id::transport_proto->GetEnumVal(TRANSPORT_TCP));
        } else {
            record->Assign(field, zeek::make_intrusive<zeek::StringVal>(value.text));
        }
        break;
    case SYNFIX_COLUMN_LIST:
        record->Assign(field, ListOf(type->GetFieldType(field), value.text));
        break;
    case SYNFIX_COLUMN_ADDRESS: // the ends of the connection are Zeek's own `id`
    case SYNFIX_COLUMN_UNSET:
        break;
    }
}

// Whether the host that the observation describes is the responder of Zeek's connection. In a connection
// whose handshake was not seen, Zeek and the engine may differ about the client. The ports decide first,
// because Zeek's addresses of IPv6 may come from a routing header or a home address option.
static bool IsResponder(const synfix_headers_t &headers, const zeek::Connection &connection)
{
    const std::uint16_t port = htons(headers.source_port);
    const bool originator = port == static_cast<std::uint16_t>(connection.OrigPort());
    if (originator != (port == static_cast<std::uint16_t>(connection.RespPort()))) {
        return !originator;
    }
    const std::uint32_t *bytes = nullptr;
    const int words = connection.OrigAddr().GetBytes(&bytes);
    return std::memcmp(bytes, headers.source.bytes, static_cast<std::size_t>(words) * sizeof *bytes) != 0;
}

zeek::RecordValPtr Records::Make(const synfix_observation_t *observation, zeek::Connection *connection) const
{
    auto record = zeek::make_intrusive<zeek::RecordVal>(type);
    const auto &known = connection->GetVal();
    record->Assign(uid, known->GetField("uid"));
    // A copy: when Zeek exchanges originator and responder, it changes the record of the connection in place.
    record->Assign(id, known->GetField("id")->Clone());
    record->Assign(is_resp, zeek::val_mgr->Bool(IsResponder(*observation->headers, *connection)));
    for (std::size_t i = 0; i < fields.size(); i++) {
        if (fields[i] < 0) {
            continue;
        }
        synfix_column_value_t value;
        synfix_column_read(observation, i, &value);
        Set(record.get(), fields[i], value);
    }
    return record;
}

} // namespace synfix_zeek
