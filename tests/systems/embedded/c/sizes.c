/* Uses of the C library whose size is measured. Each is linked alone. */
#include <tracebaton.h>

int figures_hop(tracebaton_header_t *headers, size_t *count, size_t capacity, const tracebaton_span_id_t *span_id,
                tracebaton_extracted_t *received, tracebaton_injection_t *injection) {
    tracebaton_context_t child;
    if (tracebaton_headers_extract(headers, *count, received) < 0 ||
        tracebaton_context_child(&received->context, span_id, &child) != TRACEBATON_OK ||
        tracebaton_injection_prepare(&child, injection) < 0)
        return 0;
    return tracebaton_headers_inject(injection, headers, count, capacity);
}

int figures_ids(tracebaton_header_t *headers, size_t *count, size_t capacity, const tracebaton_span_id_t *span_id,
                tracebaton_verdict_t *verdict, tracebaton_injection_t *injection) {
    tracebaton_context_t parent, child;
    if (tracebaton_headers_extract_traceparent(headers, *count, &parent, verdict) != TRACEBATON_OK ||
        tracebaton_context_child(&parent, span_id, &child) != TRACEBATON_OK ||
        tracebaton_injection_prepare(&child, injection) < 0)
        return 0;
    return tracebaton_headers_inject(injection, headers, count, capacity);
}

int figures_keep(const tracebaton_context_t *context, tracebaton_context_t *copy, char *buffer, size_t capacity) {
    return tracebaton_context_copy(context, buffer, capacity, copy);
}

int figures_insert(tracebaton_context_t *context, const char *value, char *buffer, size_t capacity) {
    return tracebaton_tracestate_insert(context, TRACEBATON_STR("vendor"), value, 1, buffer, capacity);
}

int figures_set(tracebaton_context_t *context, const char *value, char *buffer, size_t capacity) {
    return tracebaton_baggage_set(context, TRACEBATON_STR("tenant"), value, 1, buffer, capacity);
}

int figures_remove(tracebaton_context_t *context, char *buffer, size_t capacity) {
    return tracebaton_baggage_remove(context, TRACEBATON_STR("tenant"), buffer, capacity);
}

const char *figures_name(const tracebaton_verdict_t *verdict) {
    return tracebaton_status_name(verdict->status);
}

const char *figures_sentence(const tracebaton_verdict_t *verdict) {
    return tracebaton_status_message(verdict->status);
}
