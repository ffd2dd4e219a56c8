/*
 * A service whose producers and consumers move from B3 and Datadog to W3C.
 *
 *     migrate BROKERS
 *
 * sends the records of "orders" to "payments": it reads W3C first, then B3 and Datadog, and writes W3C and B3.
 * It counts in which format parents arrive, so that somebody sees when one can be retired.
 */
#include "service.h"

static const tracebaton_format_t order[] = {TRACEBATON_FORMAT_TRACECONTEXT, TRACEBATON_FORMAT_B3, TRACEBATON_FORMAT_B3MULTI,
                                            TRACEBATON_FORMAT_DATADOG};
static const tracebaton_formats_t written =
    1u << TRACEBATON_FORMAT_TRACECONTEXT | 1u << TRACEBATON_FORMAT_BAGGAGE | 1u << TRACEBATON_FORMAT_B3;

/* How many parents arrived in each format; at 0, how many records had none. */
static unsigned long arrivals[TRACEBATON_FORMAT_OPENCENSUS + 1];

static void migrate(rd_kafka_t *producer, const rd_kafka_message_t *message) {
    const tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", message);
    tracebaton_format_injection_t injection;
    tracebaton_context_t span;
    tracebaton_choice_t choice;
    rd_kafka_resp_err_t err;
    tracebaton_rdkafka_choose(message, order, sizeof(order) / sizeof(order[0]), 1, &choice);
    begin_span(&choice.context, &span);
    arrivals[choice.arrived_as]++;
    /* The headers of all other formats are removed: their next consumer would continue the trace from before this service. */
    tracebaton_format_injection_prepare(&span, written, TRACEBATON_FORMATS_ALL, TRACEBATON_SAMPLING_NONE, &injection);
    while ((err = tracebaton_rdkafka_produce_formats(producer, &record, &injection, NULL)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(producer, 100);
    if (err)
        give_up(rd_kafka_err2str(err));
    rd_kafka_poll(producer, 0);
    print_span(tracebaton_format_name(choice.arrived_as), message->payload, message->len, &span);
}

int main(int argc, char **argv) {
    rd_kafka_t *consumer, *producer;
    rd_kafka_message_t *message;
    int format;
    if (argc != 2) {
        fprintf(stderr, "usage: migrate BROKERS\n");
        return 2;
    }
    consumer = consumer_of(argv[1], "migrate", "orders", NULL);
    producer = producer_of(argv[1], delivered);
    while ((message = next_record(consumer))) {
        migrate(producer, message);
        rd_kafka_message_destroy(message);
        store_done(consumer, producer);
    }
    close_producer(producer);
    close_consumer(consumer); /* after the last delivery, since it commits */
    for (format = 0; format <= TRACEBATON_FORMAT_OPENCENSUS; format++)
        if (arrivals[format])
            printf("arrived as %s: %lu\n", tracebaton_format_name(format), arrivals[format]);
    return 0;
}
