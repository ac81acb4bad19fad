-- SPDX-License-Identifier: MIT OR Apache-2.0
-- One row for each host, as `synfix hosts` prints it. synfix.inventory_state accumulates the events; read the view
-- synfix.inventory.
CREATE TABLE IF NOT EXISTS synfix.inventory_state
(
    address String,
    role LowCardinality(String),
    vlan Array(UInt16),
    tunnel LowCardinality(String),
    tunnel_id UInt32,
    first_seen SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_seen SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    observations SimpleAggregateFunction(sum, UInt64),
    labels AggregateFunction(sumMap, Map(String, UInt64)),
    signatures AggregateFunction(uniq, String),
    quality AggregateFunction(argMax, UInt8, DateTime64(6, 'UTC')),
    distance AggregateFunction(argMax, UInt8, DateTime64(6, 'UTC')),
    mtu AggregateFunction(argMax, UInt16, DateTime64(6, 'UTC')),
    tool SimpleAggregateFunction(max, UInt8)
)
ENGINE = AggregatingMergeTree
ORDER BY (address, role, vlan, tunnel, tunnel_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS synfix.fill_inventory TO synfix.inventory_state AS
SELECT
    address,
    role,
    vlan,
    tunnel,
    tunnel_id,
    min(time) AS first_seen,
    max(time) AS last_seen,
    count() AS observations,
    sumMapState(map(label, toUInt64(1))) AS labels,
    uniqState(signature) AS signatures,
    argMaxState(quality, time) AS quality,
    argMaxState(distance, time) AS distance,
    argMaxState(mtu, time) AS mtu,
    max(class = '!') AS tool
FROM synfix.events
WHERE kind != 'uptime'
GROUP BY address, role, vlan, tunnel, tunnel_id;

CREATE VIEW IF NOT EXISTS synfix.inventory AS
SELECT
    address,
    role,
    vlan,
    tunnel,
    tunnel_id,
    min(first_seen) AS first,
    max(last_seen) AS last,
    sum(observations) AS seen,
    sumMapMerge(labels) AS label_counts,
    arraySort(label -> (-label_counts[label], label), mapKeys(label_counts))[1] AS label,
    uniqMerge(signatures) AS distinct_signatures,
    argMaxMerge(quality) AS latest_quality,
    argMaxMerge(distance) AS latest_distance,
    argMaxMerge(mtu) AS latest_mtu,
    max(tool) AS is_tool
FROM synfix.inventory_state
GROUP BY address, role, vlan, tunnel, tunnel_id;
