/*
 * An outbox: header lists that are stored with the context of one span, and sent later by another one.
 *
 *     cc -c -Iinclude ffi/examples/rdkafka_headers.c
 *
 * For programs that keep lists of their own. One that only sends has it simpler with tracebaton_rdkafka_produce(), see
 * rdkafka_hop.c.
 */
#include "tracebaton_rdkafka.h"

/* When a record is stored: the context of the span that stores it, in place of what its headers have of one. */
void outbox_store(rd_kafka_headers_t *headers, const tracebaton_context_t *span) {
    tracebaton_injection_t injection;
    if (tracebaton_injection_prepare(span, &injection) >= 0)
        tracebaton_rdkafka_inject(&injection, headers);
}

/* The same for a consumer that still reads B3. */
void outbox_store_with_b3(rd_kafka_headers_t *headers, const tracebaton_context_t *span) {
    const tracebaton_formats_t written =
        1u << TRACEBATON_FORMAT_TRACECONTEXT | 1u << TRACEBATON_FORMAT_BAGGAGE | 1u << TRACEBATON_FORMAT_B3;
    tracebaton_format_injection_t injection;
    if (tracebaton_format_injection_prepare(span, written, 0, TRACEBATON_SAMPLING_NONE, &injection) >= 0)
        tracebaton_rdkafka_inject_formats(&injection, headers);
}

/* When it is sent, by a span of the sender: the context that was stored is kept. Returns whether there was one. */
int outbox_send(rd_kafka_headers_t *headers, const tracebaton_context_t *sender) {
    tracebaton_injection_t injection;
    if (tracebaton_injection_prepare(sender, &injection) < 0)
        return 0;
    return tracebaton_rdkafka_inject_if_absent(&injection, headers) == TRACEBATON_KEPT;
}

/* The span that stored it, for a link. It is valid until the list is changed. */
tracebaton_status_t outbox_stored_by(const rd_kafka_headers_t *headers, tracebaton_context_t *span) {
    tracebaton_extracted_t extracted;
    const tracebaton_status_t status = tracebaton_rdkafka_extract_headers(headers, &extracted);
    *span = extracted.context;
    return status;
}

/*
 * Before it leaves for strangers: no trace goes with it, whatever its format. Anything but 0: do not send the list.
 * tracebaton_rdkafka_strip() removes traceparent, tracestate and baggage only.
 */
tracebaton_status_t outbox_cross_boundary(rd_kafka_headers_t *headers) {
    return tracebaton_rdkafka_strip_formats(headers, TRACEBATON_FORMATS_ALL);
}
