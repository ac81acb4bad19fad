-- SPDX-License-Identifier: MIT OR Apache-2.0
-- Events as columns. Insert the JSON lines of synfix (sinks json: and eve:, Kafka messages) into synfix.lines, one line
-- in each row; a materialised view parses the line. Lines without an event of synfix are ignored.
CREATE DATABASE IF NOT EXISTS synfix;

CREATE TABLE IF NOT EXISTS synfix.lines (message String) ENGINE = Null;

CREATE TABLE IF NOT EXISTS synfix.events
(
    time DateTime64(6, 'UTC'),
    kind LowCardinality(String) COMMENT 'syn, syn+ack, uptime',
    address String COMMENT 'the described host: source of the packet',
    port UInt16,
    peer String,
    peer_port UInt16,
    role LowCardinality(String) COMMENT 'client or server',
    vlan Array(UInt16) COMMENT 'outermost tag first',
    tunnel LowCardinality(String) COMMENT 'innermost tunnel, empty without one',
    tunnel_id UInt32,
    signature String,
    label LowCardinality(String) COMMENT 'empty: no entry matches',
    class LowCardinality(String) COMMENT '! marks scanners and tools',
    family LowCardinality(String),
    flavor LowCardinality(String),
    match LowCardinality(String),
    quality UInt8,
    distance UInt8,
    initial_ttl UInt8,
    mtu UInt16,
    link LowCardinality(String),
    flags Array(LowCardinality(String)),
    uptime Nullable(UInt64) COMMENT 'seconds',
    frequency UInt16 COMMENT 'Hz',
    reliability LowCardinality(String),
    community_id String
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(time)
ORDER BY (address, time)
SETTINGS index_granularity = 8192;
-- To keep events for 90 days only: ALTER TABLE synfix.events MODIFY TTL toDateTime(time) + INTERVAL 90 DAY

CREATE MATERIALIZED VIEW IF NOT EXISTS synfix.parse_lines TO synfix.events AS
WITH
    JSONExtractString(message, 'event_type') AS type,
    type = 'tcp_uptime' ? 'tcp_uptime' : 'tcp_fp' AS object,
    JSONExtractRaw(message, object) AS inner
SELECT
    parseDateTime64BestEffort(JSONExtractString(message, 'timestamp'), 6, 'UTC') AS time,
    type = 'tcp_uptime' ? 'uptime' : JSONExtractString(inner, 'kind') AS kind,
    JSONExtractString(message, 'src_ip') AS address,
    JSONExtractUInt(message, 'src_port') AS port,
    JSONExtractString(message, 'dest_ip') AS peer,
    JSONExtractUInt(message, 'dest_port') AS peer_port,
    multiIf(kind = 'syn', 'client', kind = 'syn+ack', 'server', JSONExtractString(inner, 'role')) AS role,
    JSONExtract(inner, 'vlan', 'Array(UInt16)') AS vlan,
    JSONExtractString(inner, 'tunnel', 'kind') AS tunnel,
    JSONExtractUInt(inner, 'tunnel', 'id') AS tunnel_id,
    JSONExtractString(inner, 'signature') AS signature,
    JSONExtractString(inner, 'match') = 'none' ? '' : JSONExtractString(inner, 'os') AS label,
    JSONExtractString(inner, 'class') AS class,
    JSONExtractString(inner, 'family') AS family,
    JSONExtractString(inner, 'flavor') AS flavor,
    JSONExtractString(inner, 'match') AS match,
    JSONExtractUInt(inner, 'quality') AS quality,
    JSONExtractUInt(inner, 'distance') AS distance,
    JSONExtractUInt(inner, 'initial_ttl') AS initial_ttl,
    JSONExtractUInt(inner, 'mtu') AS mtu,
    JSONExtractString(inner, 'link') AS link,
    JSONExtract(inner, 'flags', 'Array(String)') AS flags,
    JSONExtract(inner, 'uptime', 'Nullable(UInt64)') AS uptime,
    JSONExtractUInt(inner, 'frequency') AS frequency,
    JSONExtractString(inner, 'reliability') AS reliability,
    JSONExtractString(message, 'community_id') AS community_id
FROM synfix.lines
WHERE type IN ('tcp_fp', 'tcp_uptime');
