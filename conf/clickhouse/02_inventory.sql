-- SPDX-License-Identifier: MIT OR Apache-2.0
-- One row for each host, with the hosts of `synfix hosts`: address, role, VLAN, and the network that a tunnel names.
-- synfix.inventory_state accumulates the events; read the view synfix.inventory. Its label is the one with the most
-- observations, label_counts has all; `synfix hosts` weighs them by their quality.
CREATE TABLE IF NOT EXISTS synfix.inventory_state
(
    address String,
    role LowCardinality(String),
    vlan Array(UInt16),
    tunnel LowCardinality(String) COMMENT 'only tunnels whose id names a network',
    tunnel_id UInt32,
    first_seen SimpleAggregateFunction(min, DateTime64(6, 'UTC')),
    last_seen SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    observations SimpleAggregateFunction(sum, UInt64),
    labels AggregateFunction(sumMap, Map(String, UInt64)),
    signatures AggregateFunction(uniqIf, String, UInt8),
    quality AggregateFunction(argMaxIf, UInt8, DateTime64(6, 'UTC'), UInt8),
    distance AggregateFunction(argMaxIf, UInt8, DateTime64(6, 'UTC'), UInt8),
    mtu AggregateFunction(argMaxIf, UInt16, DateTime64(6, 'UTC'), UInt8),
    tool SimpleAggregateFunction(max, UInt8)
)
ENGINE = AggregatingMergeTree
ORDER BY (address, role, vlan, tunnel, tunnel_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS synfix.fill_inventory TO synfix.inventory_state AS
WITH
    events.tunnel IN ('vxlan', 'vxlan-gpe', 'geneve', 'lisp') AS is_network,
    events.kind != 'uptime' AS is_packet
SELECT
    address,
    role,
    vlan,
    is_network ? events.tunnel : '' AS tunnel,
    is_network ? events.tunnel_id : 0 AS tunnel_id,
    min(time) AS first_seen,
    max(time) AS last_seen,
    countIf(is_packet) AS observations,
    sumMapState(is_packet ? map(label, toUInt64(1)) : map('', toUInt64(0))) AS labels,
    uniqIfState(signature, is_packet) AS signatures,
    argMaxIfState(events.quality, time, is_packet) AS quality,
    argMaxIfState(events.distance, time, is_packet) AS distance,
    argMaxIfState(events.mtu, time, is_packet) AS mtu,
    max(class = '!') AS tool
FROM synfix.events AS events
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
    mapFilter((name, count) -> count > 0, sumMapMerge(labels)) AS label_counts,
    arraySort(name -> (-label_counts[name], name), mapKeys(label_counts))[1] AS label,
    uniqIfMerge(signatures) AS distinct_signatures,
    argMaxIfMerge(quality) AS latest_quality,
    argMaxIfMerge(distance) AS latest_distance,
    argMaxIfMerge(mtu) AS latest_mtu,
    max(tool) AS is_tool
FROM synfix.inventory_state
GROUP BY address, role, vlan, tunnel, tunnel_id;
