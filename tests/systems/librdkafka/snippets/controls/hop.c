#include "tracebaton_rdkafka.h"

/* A deliberate fault: the payload of an error is produced like that of a record. */
rd_kafka_resp_err_t hop(const rd_kafka_message_t *message, rd_kafka_t *producer,
                        const tracebaton_trace_id_t *trace_id, const tracebaton_span_id_t *span_id) {
    const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM;
    tracebaton_context_t received, span;
    tracebaton_injection_t injection;
    tracebaton_rdkafka_record_t record;
    if (!message)
        return RD_KAFKA_RESP_ERR__TIMED_OUT;
    record = tracebaton_rdkafka_record_of("payments", message);
    record.err = RD_KAFKA_RESP_ERR_NO_ERROR;
    tracebaton_rdkafka_context(message, &received);
    tracebaton_context_child_or_root(&received, trace_id, span_id, flags, &span);
    tracebaton_injection_prepare(&span, &injection);
    return tracebaton_rdkafka_produce(producer, &record, &injection, NULL);
}
