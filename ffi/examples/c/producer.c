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
    char baggage[256]; /* must live as long as span */
    tracebaton_status_t status;

    begin_trace(&span);
    status = tracebaton_baggage_set(&span, TRACEBATON_STR("customer"), TRACEBATON_STR("M\303\274ller"), baggage,
                                    sizeof(baggage));
    if (status < 0)
        give_up(tracebaton_status_message(status));
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
    producer = producer_of(argv[1], delivered);
    for (i = 3; i < argc; i++)
        order(producer, argv[2], argv[i]);
    close_producer(producer);
    return 0;
}
