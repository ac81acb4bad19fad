/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* The object tcp_fp in Suricata's own records about a TCP flow (flow, alert, http, tls ...): its members
 * client and server are what the SYN and the SYN+ACK of the flow say about their senders. */
#include "synfix_suricata.h"

#define SIDE_MAX 4200u

static size_t add_side(char *text, size_t length, const char *name, const synfix_sender_t *sender)
{
    if (sender == NULL) {
        return length;
    }
    const int written = snprintf(text + length, SIDE_MAX - length, "%s\"%s\":%s",
                                 text[length - 1] == '{' ? "" : ",", name, sender->json);
    return written > 0 && (size_t)written < SIDE_MAX - length ? length + (size_t)written : length;
}

static void add_senders(ThreadVars *tv, const Packet *p, Flow *flow, SCJsonBuilder *jb, void *unused)
{
    char text[SIDE_MAX] = "\"tcp_fp\":{";
    const synfix_thread_t *thread = synfix_thread_of(tv);
    (void)unused;
    if (thread != NULL && thread->writing) {
        return;
    }
    const Flow *about = flow != NULL ? flow : p != NULL ? p->flow : NULL;
    if (about == NULL || about->proto != IPPROTO_TCP) {
        return;
    }
    const size_t empty = strlen(text);
    size_t length = add_side(text, empty, "client", synfix_flow_sender(about, SYNFIX_CLIENT));
    length = add_side(text, length, "server", synfix_flow_sender(about, SYNFIX_SERVER));
    if (length > empty && length + 1 < sizeof text) {
        text[length] = '}';
        text[length + 1] = '\0';
        SCJbSetFormatted(jb, text);
    }
}

void synfix_record_register(void)
{
    if (synfix_records && !SCEveRegisterCallback(add_senders, NULL)) {
        FatalError("Suricata refuses the callback for records");
    }
}
