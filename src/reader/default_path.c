/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/data_path.h"
#include <string.h>
#include <synfix/reader.h>
#include <unistd.h>

#define DATABASE_OF_HOST "/etc/synfix/synfix.fp"

synfix_status_t synfix_sigdb_default_path(char *path, size_t size, synfix_error_t *error)
{
    if (data_path_find("sigdb/synfix.fp", path, size)) {
        return SYNFIX_OK;
    }
    if (sizeof DATABASE_OF_HOST <= size && access(DATABASE_OF_HOST, R_OK) == 0) {
        memcpy(path, DATABASE_OF_HOST, sizeof DATABASE_OF_HOST);
        return SYNFIX_OK;
    }
    return synfix_fail(error, SYNFIX_NOT_FOUND,
                       "no signature database at %s or %s; install the package synfix, or name a file", path,
                       DATABASE_OF_HOST);
}
