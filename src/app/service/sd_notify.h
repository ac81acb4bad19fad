/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file sd_notify.h
 * Status messages to the service manager (protocol of sd_notify(3)). Without a manager, all functions do
 * nothing.
 */
#ifndef APP_SERVICE_SD_NOTIFY_H
#define APP_SERVICE_SD_NOTIFY_H

#include <stdint.h>

typedef struct notify {
    int socket;          /* -1: no manager */
    int64_t watchdog_ms; /* send WATCHDOG=1 at least this often; 0: not requested */
} notify_t;

/** Connects to $NOTIFY_SOCKET and reads $WATCHDOG_USEC. Before privileges are dropped. */
notify_t notify_open(void);

/** Sends `READY=1`, `STOPPING=1`, `WATCHDOG=1`, `STATUS=...` and the like. Never waits. */
void notify_send(const notify_t *notify, const char *text);

/** Closes the socket. */
void notify_close(notify_t *notify);

#endif
