/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file kafka_sink.h
 * The sink for Apache Kafka; built with librdkafka (SYNFIX_HAVE_RDKAFKA).
 */
#ifndef EXPORTER_KAFKA_KAFKA_SINK_H
#define EXPORTER_KAFKA_KAFKA_SINK_H

#include <synfix/module.h>

extern const synfix_module_t kafka_module;

#endif
