/*
 * Consume, transform, produce, with retries and a dead-letter topic.
 *
 *     process BROKERS
 *
 * consumes the records of "orders" and "orders.retry", and sends each to "payments". One that cannot be paid is sent to
 * "orders.retry" instead, and after the third attempt to "orders.dead_letters". The span of the attempt is always the parent:
 * the trace shows each attempt below the one before it, and a dead letter leads back to the start. The offset of a record is
 * stored after the delivery of what was sent for it.
 */
#include "service.h"

#define MAX_ATTEMPTS 3

/* Whether an order can be paid. Text that is not a number cannot, and a number that ends in 7 only in the second attempt. */
static int is_paid(const rd_kafka_message_t *message, int attempt) {
    const char *order = (const char *)message->payload;
    size_t i;
    for (i = 0; i < message->len; i++)
        if (order[i] < '0' || order[i] > '9')
            return 0;
    return message->len > 0 && (order[message->len - 1] != '7' || attempt > 1);
}

/* Number of failed attempts, from the header "attempts" of a record in "orders.retry". Any value that process() does not
 * write counts as 0, and so does the header of any other topic. */
static int attempts_before(const rd_kafka_message_t *message, const rd_kafka_headers_t *headers) {
    const void *value;
    size_t size;
    char digit;
    if (!headers || strcmp(rd_kafka_topic_name(message->rkt), "orders.retry") ||
        rd_kafka_header_get_last(headers, "attempts", &value, &size) || size != 1)
        return 0;
    digit = *(const char *)value;
    return digit > '0' && digit < '0' + MAX_ATTEMPTS ? digit - '0' : 0;
}

static void process(rd_kafka_t *producer, const rd_kafka_message_t *message) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", message);
    const int attempt = attempts_before(message, record.headers) + 1;
    const char digit = (char)('0' + attempt);
    tracebaton_context_t received, span;
    rd_kafka_headers_t *headers;

    if (message->err)
        return; // an error or an event, not a record
    tracebaton_rdkafka_context(message, &received);
    begin_span(&received, &span);

    headers = record.headers ? rd_kafka_headers_copy(record.headers) : rd_kafka_headers_new(4);
    rd_kafka_header_remove(headers, "attempts");
    if (!is_paid(message, attempt)) {
        record.topic = attempt < MAX_ATTEMPTS ? "orders.retry" : "orders.dead_letters";
        rd_kafka_header_add(headers, "attempts", -1, &digit, 1);
    }
    record.headers = headers;
    print_span(record.topic, record.payload, record.len, &span);
    send_record(producer, &record, &span);
    rd_kafka_headers_destroy(headers);
}

int main(int argc, char **argv) {
    rd_kafka_t *consumer, *producer;
    rd_kafka_message_t *message;
    if (argc != 2) {
        fprintf(stderr, "usage: process BROKERS\n");
        return 2;
    }
    consumer = consumer_of(argv[1], "process", "orders", "orders.retry");
    producer = producer_of(argv[1], delivered);
    while ((message = next_record(consumer))) {
        process(producer, message);
        rd_kafka_message_destroy(message);
        store_done(consumer, producer);
    }
    close_producer(producer);
    close_consumer(consumer); /* after the last delivery, since it commits */
    return 0;
}
