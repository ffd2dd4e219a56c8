/*
 * A batch: one span for many records of different traces.
 *
 *     batch BROKERS TOPIC SIZE
 *
 * consumes up to SIZE records together, and sends one record to "settlements" for all of them. A span has at most one parent,
 * so the span of the batch starts a new trace, with a link to the producer's span of each record.
 */
#include "service.h"

#define MAX_BATCH 1000
#define MAX_WAIT 1000 /* milliseconds */
#define MAX_LINKS 128

static void settle(rd_kafka_t *producer, rd_kafka_message_t *const *messages, size_t count) {
    static tracebaton_context_t array[MAX_LINKS];
    static char tracestates[MAX_LINKS * 64];
    tracebaton_links_t links;
    tracebaton_rdkafka_record_t record;
    tracebaton_context_t received, span;
    size_t i, payments = 0;
    char total[64];

    /* Each span once, copied, since a message may be destroyed before the batch is done. */
    tracebaton_links_start(array, MAX_LINKS, tracestates, sizeof(tracestates), &links);
    for (i = 0; i < count; i++) {
        if (messages[i]->err)
            continue; // an error or an event, not a record
        payments++;
        if (tracebaton_rdkafka_context(messages[i], &received) == TRACEBATON_OK)
            tracebaton_links_add(&links, &received);
    }
    if (payments == 0)
        return;

    begin_trace(&span);
    snprintf(total, sizeof(total), "%lu payments", (unsigned long)payments);
    record = tracebaton_rdkafka_record("settlements", total, strlen(total));
    print_span("settled", record.payload, record.len, &span);
    for (i = 0; i < links.link_count; i++)
        print_link(&links.links[i]);
    if (links.dropped > 0)
        printf("  and to %lu more\n", (unsigned long)links.dropped);
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
    producer = producer_of(argv[1], delivered);
    queue = rd_kafka_queue_get_consumer(consumer);
    while (!stopped) {
        ssize_t i, count = rd_kafka_consume_batch_queue(queue, MAX_WAIT, messages, size);
        if (count > 0)
            settle(producer, messages, (size_t)count);
        for (i = 0; i < count; i++)
            rd_kafka_message_destroy(messages[i]);
        store_done(consumer, producer);
    }
    rd_kafka_queue_destroy(queue);
    close_producer(producer);
    close_consumer(consumer); /* after the last delivery, since it commits */
    return 0;
}
