-- SPDX-License-Identifier: MIT OR Apache-2.0
-- Hosts and observations of each family in each hour; read the view synfix.families_per_hour.
CREATE TABLE IF NOT EXISTS synfix.families_per_hour_state
(
    hour DateTime('UTC'),
    family LowCardinality(String),
    role LowCardinality(String),
    observations SimpleAggregateFunction(sum, UInt64),
    hosts AggregateFunction(uniq, String)
)
ENGINE = AggregatingMergeTree
ORDER BY (hour, family, role);

CREATE MATERIALIZED VIEW IF NOT EXISTS synfix.fill_families_per_hour TO synfix.families_per_hour_state AS
SELECT
    toStartOfHour(toDateTime(time, 'UTC')) AS hour,
    label = '' ? 'unknown' : family AS family,
    role,
    count() AS observations,
    uniqState(address) AS hosts
FROM synfix.events
WHERE kind != 'uptime'
GROUP BY hour, family, role;

CREATE VIEW IF NOT EXISTS synfix.families_per_hour AS
SELECT hour, family, role, sum(observations) AS seen, uniqMerge(hosts) AS distinct_hosts
FROM synfix.families_per_hour_state
GROUP BY hour, family, role;
