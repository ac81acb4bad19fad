-- SPDX-License-Identifier: MIT OR Apache-2.0
-- Reads the topic that `synfix capture --to kafka://broker:9092/synfix` fills. Replace the broker's address.
CREATE TABLE IF NOT EXISTS synfix.kafka (message String)
ENGINE = Kafka
SETTINGS kafka_broker_list = 'broker:9092', kafka_topic_list = 'synfix', kafka_group_name = 'clickhouse',
         kafka_format = 'JSONAsString', kafka_skip_broken_messages = 100;

CREATE MATERIALIZED VIEW IF NOT EXISTS synfix.read_kafka TO synfix.lines AS SELECT message FROM synfix.kafka;
