/*
 * A batch: one span for many records, of as many traces.
 *
 *     batch BROKERS TOPIC SIZE
 *
 * takes up to SIZE records at once and sends one to "settlements" for all of them. A span has one parent at most, so the
 * span of the batch begins a trace of its own and has a link to the span that sent each of its records.
 */
#include "service.h"

#define MAX_BATCH 1000
#define MAX_WAIT 1000 /* milliseconds */

static void settle(rd_kafka_t *producer, rd_kafka_message_t *const *messages, size_t count) {
    static tracebaton_context_t links[MAX_BATCH];
    tracebaton_rdkafka_record_t record;
    tracebaton_context_t span;
    size_t i, payments = 0, link_count = 0;
    char total[64];

    /* Contexts point into their messages, which live until the batch is done. To keep a link longer, copy its ids. */
    for (i = 0; i < count; i++) {
        if (messages[i]->err)
            continue;
        payments++;
        if (tracebaton_rdkafka_context(messages[i], &links[link_count]) == TRACEBATON_OK)
            link_count++;
    }

    begin_trace(&span);
    snprintf(total, sizeof(total), "%lu payments", (unsigned long)payments);
    record = tracebaton_rdkafka_record("settlements", total, strlen(total));
    print_span("settled", record.payload, record.len, &span);
    for (i = 0; i < link_count; i++)
        print_link(&links[i]);
    send_record(producer, &record, &span);
}

int main(int argc, char **argv) {
    const size_t size = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
    rd_kafka_message_t *messages[MAX_BATCH];
    rd_kafka_t *consumer, *producer;
    rd_kafka_queue_t *queue;
    if (size < 1 || size > MAX_BATCH) {
        fprintf(stderr, "usage: batch BROKERS TOPIC SIZE, which is 1 to %d\n", MAX_BATCH);
        return 2;
    }
    consumer = consumer_of(argv[1], "batch", argv[2], NULL);
    producer = client(RD_KAFKA_PRODUCER, argv[1], NULL);
    queue = rd_kafka_queue_get_consumer(consumer);
    while (!stopped) {
        ssize_t i, count = rd_kafka_consume_batch_queue(queue, MAX_WAIT, messages, size);
        if (count > 0)
            settle(producer, messages, (size_t)count);
        for (i = 0; i < count; i++)
            rd_kafka_message_destroy(messages[i]);
    }
    rd_kafka_queue_destroy(queue);
    close_consumer(consumer);
    close_producer(producer);
    return 0;
}
