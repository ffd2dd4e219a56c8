/*
 * A producer: the first service of a trace.
 *
 *     producer BROKERS TOPIC VALUE...
 *
 * starts a trace for each value, adds baggage, and sends the value with both.
 */
#include "service.h"

static void order(rd_kafka_t *producer, const char *topic, const char *value) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(topic, value, strlen(value));
    tracebaton_context_t span;
    char baggage[256];

    begin_trace(&span);
    if (tracebaton_baggage_set(&span, "customer", strlen("customer"), "M\303\274ller", 7, baggage, sizeof(baggage)))
        give_up("no baggage");
    print_span("sent", record.payload, record.len, &span);
    send_record(producer, &record, &span);
}

int main(int argc, char **argv) {
    rd_kafka_t *producer;
    int i;
    if (argc < 4) {
        fprintf(stderr, "usage: producer BROKERS TOPIC VALUE...\n");
        return 2;
    }
    producer = client(RD_KAFKA_PRODUCER, argv[1], NULL);
    for (i = 3; i < argc; i++)
        order(producer, argv[2], argv[i]);
    close_producer(producer);
    return 0;
}
