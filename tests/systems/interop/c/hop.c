#include "hop.h"

#include <string.h>
#include <strings.h>

static uint32_t count_traceparents(const rd_kafka_message_t *message) {
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t size, index;
    uint32_t count = 0;
    if (rd_kafka_message_headers(message, &headers))
        return 0;
    for (index = 0; !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++)
        count += !strcasecmp(name, "traceparent");
    return count;
}

void hop_read(const rd_kafka_message_t *message, int64_t now, struct reading *reading) {
    tracebaton_extracted_t received;
    tracebaton_queue_time_t waited;

    memset(reading, 0, sizeof(*reading));
    reading->traceparents = count_traceparents(message);
    if (!tracebaton_rdkafka_queue_time(message, now, &waited)) {
        reading->timestamp_kind = (int32_t)waited.kind;
        reading->queue_time = waited.milliseconds;
    }
    if (tracebaton_rdkafka_extract(message, &received))
        return;
    reading->trace_id = received.context.trace_id;
    reading->span_id = received.context.span_id;
}

rd_kafka_resp_err_t hop_send(rd_kafka_t *producer, const rd_kafka_message_t *message, const char *topic, const char *value,
                             size_t value_size, const tracebaton_span_id_t *span_id) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of(topic, message);
    tracebaton_extracted_t received;
    tracebaton_context_t sent = {0};
    tracebaton_injection_t injection = {0};

    record.payload = value;
    record.len = value_size;
    tracebaton_rdkafka_extract(message, &received);
    if (tracebaton_context_child(&received.context, span_id, &sent) == TRACEBATON_NO_CONTEXT)
        return tracebaton_rdkafka_produce(producer, &record, NULL, NULL);
    tracebaton_injection_prepare(&sent, &injection);
    return tracebaton_rdkafka_produce(producer, &record, &injection, NULL);
}
