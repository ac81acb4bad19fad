/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "app/archive/archive_sequence.h"
#include "base/byte_order.h"
#include "exporter/ipfix_decoder/message_decoder.h"
#include <glib.h>

#define DOMAINS_MAX 256u

enum {
    SEQUENCE_AT = 8, /* in the message header */
    DOMAIN_AT = 12,
};

struct archive_sequence {
    GHashTable *domains; /* domain -> sequence_check_t */
};

archive_sequence_t *archive_sequence_new(void)
{
    archive_sequence_t *const sequence = g_new0(archive_sequence_t, 1);
    sequence->domains = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    return sequence;
}

void archive_sequence_free(archive_sequence_t *sequence)
{
    g_hash_table_destroy(sequence->domains);
    g_free(sequence);
}

/* NULL: too many domains. */
static sequence_check_t *find_domain(const archive_sequence_t *sequence, uint32_t domain)
{
    sequence_check_t *check = g_hash_table_lookup(sequence->domains, GUINT_TO_POINTER(domain));
    if (check == NULL && g_hash_table_size(sequence->domains) < DOMAINS_MAX) {
        check = g_new0(sequence_check_t, 1);
        g_hash_table_insert(sequence->domains, GUINT_TO_POINTER(domain), check);
    }
    return check;
}

void archive_sequence_message(archive_sequence_t *sequence, const uint8_t *message, size_t length,
                              sequence_records_t records, bool whole)
{
    sequence_check_t *const check =
        length >= READER_HEADER_SIZE ? find_domain(sequence, read_be32(message + DOMAIN_AT)) : NULL;
    if (check != NULL) {
        (void)sequence_check_message(check, read_be32(message + SEQUENCE_AT), records, whole, NULL);
    }
}

/* Numbers that never go back: of one session. */
static bool is_steady(const sequence_check_t *check)
{
    return !check->irregular && check->duplicate == 0 && check->late == 0 && check->restarts == 0;
}

uint64_t archive_sequence_missing(const archive_sequence_t *sequence)
{
    GHashTableIter iterator;
    gpointer value = NULL;
    uint64_t missing = 0;
    g_hash_table_iter_init(&iterator, sequence->domains);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        const sequence_check_t *const check = value;
        if (is_steady(check)) {
            missing += check->lost;
        }
    }
    return missing;
}

bool archive_sequence_counts_own(const archive_sequence_t *sequence)
{
    GHashTableIter iterator;
    gpointer value = NULL;
    g_hash_table_iter_init(&iterator, sequence->domains);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        const sequence_check_t *const check = value;
        if (is_steady(check) && check->lost == 0 && (check->way & SEQUENCE_OWN) != 0) {
            return true;
        }
    }
    return false;
}
