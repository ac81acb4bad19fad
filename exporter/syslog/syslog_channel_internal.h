/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file syslog_channel_internal.h
 * Private to syslog_connect.c (connections) and syslog_channel.c (messages).
 */
#ifndef EXPORTER_SYSLOG_SYSLOG_CHANNEL_INTERNAL_H
#define EXPORTER_SYSLOG_SYSLOG_CHANNEL_INTERNAL_H

#include "exporter/syslog/syslog_channel.h"

/** Waits for @p events of poll() on @p fd. False: stopped, or not within @p timeout_ms. */
bool syslog_channel_await(const syslog_channel_t *channel, int fd, short events, int timeout_ms);

#endif
