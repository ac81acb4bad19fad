/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <synfix/embed.h>

#define LINK_TYPE_RAW 101u

uint32_t synfix_link_type_from_dlt(int dlt)
{
    /* Below 100, LINKTYPE_ numbers are DLT_ numbers but for the types whose DLT_ numbers differ between
     * platforms (pcap-common.c). 12 is DLT_RAW on Linux, 14 on OpenBSD. */
    switch (dlt) {
    case 11:
        return 100; /* ATM, RFC 1483 */
    case 12:
    case 14:
        return LINK_TYPE_RAW;
    case 15:
        return 102; /* SLIP of BSD/OS */
    case 16:
        return 103; /* PPP of BSD/OS */
    default:
        return dlt < 0 ? UINT32_MAX : (uint32_t)dlt;
    }
}

synfix_status_t synfix_sigdb_open(const char *const *paths, size_t count, uint8_t min_quality,
                                  synfix_sigdb_t **sigdb, synfix_error_t *error)
{
    synfix_sigdb_t *made = synfix_sigdb_new();
    if (made == NULL) {
        return synfix_fail(error, SYNFIX_NO_MEMORY, "signature database: out of memory");
    }
    synfix_status_t status = SYNFIX_OK;
    for (size_t i = 0; i < count && status == SYNFIX_OK; i++) {
        status = synfix_sigdb_load(made, paths[i], error);
    }
    if (status == SYNFIX_OK) {
        status = synfix_sigdb_set_min_quality(made, min_quality, error);
    }
    if (status == SYNFIX_OK) {
        status = synfix_sigdb_finish(made, error);
    }
    if (status != SYNFIX_OK) {
        synfix_sigdb_unref(made);
        return status;
    }
    *sigdb = made;
    return SYNFIX_OK;
}
