/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "exporter/tls/tls_state.h"
#include <errno.h>

static long count_read(BIO *bio, int operation, const char *data, size_t length, int number, long argument,
                       int result, size_t *processed)
{
    tls_reads_t *const reads = (tls_reads_t *)(void *)BIO_get_callback_arg(bio);
    (void)data;
    (void)length;
    (void)number;
    (void)argument;
    if (operation == BIO_CB_READ && reads->left == 0) {
        BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
        return -1;
    }
    reads->left -= operation == BIO_CB_READ;
    if (operation == (BIO_CB_READ | BIO_CB_RETURN) && result > 0) {
        reads->total++;
        reads->bytes += *processed;
    }
    if (operation == (BIO_CB_READ | BIO_CB_RETURN) && result == 0 && reads->datagrams) {
        BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY); /* an empty datagram is no end of file */
        return -1;
    }
    return result;
}

void tls_reads_attach(tls_reads_t *reads, BIO *bio, bool datagrams)
{
    reads->datagrams = datagrams;
    BIO_set_callback_arg(bio, (char *)reads);
    BIO_set_callback_ex(bio, count_read);
}

void tls_reads_begin(tls_reads_t *reads, unsigned limit)
{
    ERR_clear_error();
    errno = 0;
    reads->left = limit;
}
