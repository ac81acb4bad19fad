/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/collector/collect_internal.h"

/* Messages of a session that has not sent a record yet: kept in memory up to this. */
#define UNARCHIVED_MAX (256 * 1024)

static bool put(collector_session_t *session, guint output, const uint8_t *data, size_t length)
{
    collect_t *const collect = session->collect;
    const bool proven = session->entry.kind == SESSION_CONNECTION;
    synfix_error_t error;
    const synfix_status_t status =
        collector_output_archive(g_ptr_array_index(collect->outputs, output), proven,
                                 &session->archives[output], data, length, &error);
    if (status == SYNFIX_AGAIN) {
        limit_report_add(collect->limits, COLLECT_NOT_ARCHIVED, 1, session->entry.peer,
                         "message not archived: too many archive files");
    } else if (status == SYNFIX_END) {
        limit_report_add(collect->limits, COLLECT_NOT_ARCHIVED, 1, session->entry.peer,
                         "another process deleted the archive of the session; the session ends, and the next "
                         "one begins a new archive");
        return false;
    } else if (status < 0) {
        collect_fail(collect, status, &error);
        return false;
    }
    return true;
}

static bool has_archives(const collect_t *collect)
{
    for (guint i = 0; i < collect->outputs->len; i++) {
        if (collector_output_is_archive(g_ptr_array_index(collect->outputs, i))) {
            return true;
        }
    }
    return false;
}

static bool put_all(collector_session_t *session, const uint8_t *data, size_t length)
{
    const collect_t *const collect = session->collect;
    bool good = true;
    for (guint i = 0; i < collect->outputs->len; i++) { /* after a failure, the others receive the message */
        if (collector_output_is_archive(g_ptr_array_index(collect->outputs, i))) {
            good = put(session, i, data, length) && good;
        }
    }
    return good;
}

static bool release_unarchived(collector_session_t *session)
{
    GByteArray *const waiting = session->unarchived;
    session->unarchived = NULL;
    const bool good = waiting == NULL || put_all(session, waiting->data, waiting->len);
    if (waiting != NULL) {
        g_byte_array_unref(waiting);
    }
    return good;
}

bool session_archive(collector_session_t *session, const uint8_t *message, size_t length)
{
    const size_t waiting = session->unarchived != NULL ? session->unarchived->len : 0;
    if (!has_archives(session->collect)) {
        return true;
    }
    if (session->entry.rank < SESSION_DELIVERING && waiting + length <= UNARCHIVED_MAX) {
        session->unarchived = session->unarchived != NULL ? session->unarchived : g_byte_array_new();
        g_byte_array_append(session->unarchived, message, (guint)length);
        return true;
    }
    return release_unarchived(session) && put_all(session, message, length);
}
