/*
 * An outbox: header lists are stored with the context of the span that stores them, and sent later by another program.
 *
 *     cc -c -Iinclude ffi/examples/rdkafka_headers.c
 *
 * It is for programs that have lists of their own. A program that only produces records calls tracebaton_rdkafka_produce()
 * instead, see rdkafka_hop.c.
 */
#include "tracebaton_rdkafka.h"

/* Call it to store a record: writes the context of the span that stores it, and replaces any old context in its headers. */
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

/* The context of the span that stored the record, for a link. It is valid until the list is changed. */
tracebaton_status_t outbox_stored_by(const rd_kafka_headers_t *headers, tracebaton_context_t *span) {
    tracebaton_extracted_t extracted;
    const tracebaton_status_t status = tracebaton_rdkafka_extract_headers(headers, &extracted);
    *span = extracted.context;
    return status;
}

/*
 * Call it before the record leaves your system: removes the trace in every format. Do not send the list if it does not return
 * 0. tracebaton_rdkafka_strip() removes traceparent, tracestate and baggage only.
 */
tracebaton_status_t outbox_cross_boundary(rd_kafka_headers_t *headers) {
    return tracebaton_rdkafka_strip_formats(headers, TRACEBATON_FORMATS_ALL);
}
