/* SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "base/byte_order.h"
#include "exporter/tls/tls_state.h"
#include "on_demand/openssl.h"
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define COOKIE_SIZE 32

/* A cookie is a keyed hash of the source address: an exporter that returns the cookie receives datagrams at
 * that address. */
static bool make_cookie(SSL *ssl, uint8_t cookie[COOKIE_SIZE])
{
    const tls_context_t *const context = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    BIO_ADDR *const peer = BIO_ADDR_new();
    uint8_t text[32] = {0};
    size_t length = 0;
    unsigned made = 0;
    if (peer == NULL || BIO_dgram_get_peer(SSL_get_rbio(ssl), peer) <= 0 ||
        !BIO_ADDR_rawaddress(peer, NULL, &length) || length > sizeof text - 2 ||
        !BIO_ADDR_rawaddress(peer, text + 2, &length)) {
        BIO_ADDR_free(peer);
        return false;
    }
    const unsigned short port = BIO_ADDR_rawport(peer);
    memcpy(text, &port, 2);
    BIO_ADDR_free(peer);
    return HMAC(EVP_sha256(), context->secret, sizeof context->secret, text, sizeof text, cookie, &made) !=
               NULL &&
           made == COOKIE_SIZE;
}

static int give_cookie(SSL *ssl, unsigned char *cookie, unsigned *length)
{
    *length = COOKIE_SIZE;
    return make_cookie(ssl, cookie);
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned length)
{
    uint8_t right[COOKIE_SIZE];
    return length == COOKIE_SIZE && make_cookie(ssl, right) && CRYPTO_memcmp(cookie, right, COOKIE_SIZE) == 0;
}

void dtls_prepare_cookies(tls_context_t *context)
{
    const int random = RAND_bytes(context->secret, sizeof context->secret);
    g_assert(random == 1);
    SSL_CTX_set_app_data(context->ssl, context);
    SSL_CTX_set_cookie_generate_cb(context->ssl, give_cookie);
    SSL_CTX_set_cookie_verify_cb(context->ssl, check_cookie);
}

/* Opens a socket for one exporter, bound to the address of @p fd: the kernel delivers that exporter's
 * datagrams to it. */
static int connect_next(int fd, const struct sockaddr *peer, socklen_t peer_size)
{
    struct sockaddr_storage own = {0};
    socklen_t size = sizeof own;
    const int on = 1;
    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0) {
        return -1;
    }
    const int made = socket(own.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made >= 0 &&
        (setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
         bind(made, (const struct sockaddr *)&own, size) != 0 || connect(made, peer, peer_size) != 0)) {
        const int reason = errno;
        close(made);
        errno = reason;
        return -1;
    }
    return made;
}

static socklen_t socket_address(const BIO_ADDR *address, struct sockaddr_storage *peer_address)
{
    size_t length = sizeof(struct in6_addr);
    memset(peer_address, 0, sizeof *peer_address);
    if (BIO_ADDR_family(address) == AF_INET6) {
        struct sockaddr_in6 *const to = (struct sockaddr_in6 *)peer_address;
        to->sin6_family = AF_INET6;
        to->sin6_port = BIO_ADDR_rawport(address);
        BIO_ADDR_rawaddress(address, &to->sin6_addr, &length);
        return sizeof *to;
    }
    struct sockaddr_in *const to = (struct sockaddr_in *)peer_address;
    to->sin_family = AF_INET;
    to->sin_port = BIO_ADDR_rawport(address);
    BIO_ADDR_rawaddress(address, &to->sin_addr, &length);
    return sizeof *to;
}

/* Record (RFC 6347 section 4.1): type, version, epoch, sequence number, length. Message (section 4.2.2):
 * type, length, sequence number, offset and length of the fragment. */
#define RECORD_HEADER  13u
#define MESSAGE_HEADER 12u
#define HANDSHAKE      22
#define MAJOR_VERSION  254
#define CLIENT_HELLO   1
#define MESSAGE_NUMBER 2 /* highest message_seq: ClientHello 0, then at most two with a cookie */

_Static_assert(TLS_DATAGRAM_HEAD == RECORD_HEADER + MESSAGE_HEADER, "the head holds both headers");

static uint32_t read_24(const uint8_t *at)
{
    return (uint32_t)read_be16(at) << 8 | at[2];
}

bool tls_begins_session(const uint8_t *head, size_t length)
{
    if (length < TLS_DATAGRAM_HEAD) {
        return false;
    }
    const uint8_t *const message = head + RECORD_HEADER;
    const size_t record = read_be16(head + 11);
    const uint32_t fragment = read_24(message + 9);
    return head[0] == HANDSHAKE && head[1] == MAJOR_VERSION && read_be16(head + 3) == 0 &&
           record <= length - RECORD_HEADER && message[0] == CLIENT_HELLO &&
           read_be16(message + 4) <= MESSAGE_NUMBER && read_24(message + 6) == 0 &&
           fragment <= read_24(message + 1) && record == MESSAGE_HEADER + fragment;
}

/* Accepts a ClientHello with a valid cookie; answers or drops all others. */
static bool await_hello(SSL *ssl, struct sockaddr_storage *peer_address, socklen_t *size)
{
    BIO_ADDR *const peer = BIO_ADDR_new();
    const bool there = peer != NULL && DTLSv1_listen(ssl, peer) > 0;
    if (there) {
        *size = socket_address(peer, peer_address);
    }
    BIO_ADDR_free(peer);
    return there;
}

synfix_status_t tls_session_listen(tls_context_t *context, int fd, int *peer_fd, tls_session_t **session,
                                   synfix_error_t *error)
{
    struct sockaddr_storage peer_address;
    socklen_t size = 0;
    tls_reads_t reads = {0};
    SSL *const ssl = SSL_new(context->ssl);
    g_assert(ssl);
    BIO *const bio = BIO_new_dgram(fd, BIO_NOCLOSE);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_options(ssl, SSL_OP_COOKIE_EXCHANGE | SSL_OP_NO_QUERY_MTU);
    SSL_set_mtu(ssl, DATAGRAM_MTU);
    SSL_set_accept_state(ssl);
    tls_reads_attach(&reads, bio, true);
    tls_reads_begin(&reads, 1); /* the caller examines each datagram */
    if (!await_hello(ssl, &peer_address, &size)) {
        SSL_free(ssl);
        return SYNFIX_AGAIN;
    }
    const int made = connect_next(fd, (const struct sockaddr *)&peer_address, size);
    if (made < 0) {
        const int reason = errno;
        SSL_free(ssl);
        return synfix_fail(error, SYNFIX_IO, "DTLS: a socket for a new exporter: %s", strerror(reason));
    }
    *session = g_new0(tls_session_t, 1);
    tls_reads_attach(&(*session)->reads, bio, true);
    BIO_set_fd(bio, made, BIO_NOCLOSE);
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer_address);
    (*session)->ssl = ssl;
    (*session)->fd = *peer_fd = made;
    return SYNFIX_OK;
}
