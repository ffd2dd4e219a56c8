/*
 * A consumer: the last service of a trace.
 *
 *     consumer BROKERS TOPIC
 *
 * prints for each record its new span and the span above it, and how long the record waited in its topic. It also prints the
 * customer that the first service wrote into the baggage, and the broken rule of each refused header.
 */
#include "service.h"

static void print_customer(const tracebaton_context_t *context) {
    tracebaton_baggage_member_t member;
    char value[64];
    size_t size;
    if (tracebaton_baggage_get(context, TRACEBATON_STR("customer"), &member) == TRACEBATON_OK &&
        tracebaton_baggage_value(&member, value, sizeof(value), &size) == TRACEBATON_OK)
        printf("  for %.*s\n", (int)size, value);
}

static void print_refused(const tracebaton_verdict_t *verdict) {
    if (verdict->status < 0)
        printf("  header %lu is refused at byte %lu: %s\n", (unsigned long)verdict->index,
               (unsigned long)verdict->offset, tracebaton_status_message(verdict->status));
}

static void receive(const rd_kafka_message_t *message) {
    tracebaton_extracted_t received;
    tracebaton_context_t span;
    int is_root;

    if (message->err)
        return; // an error or an event, not a record
    tracebaton_rdkafka_extract(message, &received);
    is_root = begin_span(&received.context, &span) == TRACEBATON_ROOT;
    print_span("received", message->payload, message->len, &span);
    if (is_root)
        printf("  starts a new trace, since the record has no parent\n");
    else
        print_span("  child", "of", 2, &received.context);
    print_queue_time(message);
    print_customer(&received.context);
    print_refused(&received.traceparent);
    print_refused(&received.tracestate);
    print_refused(&received.baggage);
    fflush(stdout);
}

int main(int argc, char **argv) {
    rd_kafka_message_t *message;
    rd_kafka_t *consumer;
    if (argc != 3) {
        fprintf(stderr, "usage: consumer BROKERS TOPIC\n");
        return 2;
    }
    consumer = consumer_of(argv[1], argv[2], argv[2], NULL);
    while ((message = next_record(consumer))) {
        receive(message);
        rd_kafka_message_destroy(message);
        store_done(consumer, NULL);
    }
    close_consumer(consumer);
    return 0;
}
