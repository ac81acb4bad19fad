-- SPDX-License-Identifier: MIT OR Apache-2.0
-- Hosts whose label changed. synfix.changes compares consecutive labelled events of each host, over all sensors.
CREATE VIEW IF NOT EXISTS synfix.changes AS
SELECT time, address, role, vlan, tunnel, tunnel_id, before, after
FROM
(
    SELECT
        time,
        address,
        role,
        vlan,
        tunnel,
        tunnel_id,
        label AS after,
        lagInFrame(label) OVER (PARTITION BY address, role, vlan, tunnel, tunnel_id ORDER BY time
                                ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
    FROM synfix.events
    WHERE kind != 'uptime' AND label != ''
)
WHERE before != '' AND before != after;

-- The records of `synfix capture --host-changes`: changes of a host that one sensor detected by label, signature and
-- clock.
CREATE TABLE IF NOT EXISTS synfix.host_changes
(
    time DateTime64(6, 'UTC'),
    address String,
    role LowCardinality(String),
    changes Array(LowCardinality(String)),
    record String COMMENT 'the object tcp_host_change'
)
ENGINE = MergeTree
ORDER BY (address, time);

CREATE MATERIALIZED VIEW IF NOT EXISTS synfix.fill_host_changes TO synfix.host_changes AS
WITH JSONExtractRaw(message, 'tcp_host_change') AS inner
SELECT
    parseDateTime64BestEffort(JSONExtractString(message, 'timestamp'), 6, 'UTC') AS time,
    JSONExtractString(message, 'src_ip') AS address,
    JSONExtractString(inner, 'role') AS role,
    JSONExtract(inner, 'changes', 'Array(String)') AS changes,
    inner AS record
FROM synfix.lines
WHERE JSONExtractString(message, 'event_type') = 'tcp_host_change';
