/*
 * Retries in memory: a record that cannot be paid waits, with its context, after its message is destroyed.
 *
 *     retry BROKERS
 *
 * sends the records of "orders" on to "payments". One that cannot be paid is tried again after three seconds. Where there is no
 * room for it or for its context, and when the service ends, it goes to the topic "orders.retry" instead. Each attempt is a
 * span below the one before, and what is sent has the last attempt as its parent.
 *
 * What waits in memory is lost if the process dies. A service that may not lose it commits offsets itself, after the retry.
 */
#include "service.h"

#include <time.h>

#define MOST_WAITING 2 /* so that a third record finds no room: a service has room for more */
#define PAUSE 3        /* seconds, of which time() may cut off one */

/* A record that waits, with a copy of everything that it had in its message. It points into itself: do not move it. */
struct retry {
    tracebaton_rdkafka_record_t record;
    tracebaton_context_t attempt; /* the attempt that failed; its tracestate and its baggage are in texts */
    time_t due;
    char value[256], key[64], texts[1024];
};

struct retries {
    struct retry places[MOST_WAITING];
    size_t first, count;
};

/* Whether an order could be paid: one of two digits that begins with a 1 immediately, others the second time. */
static int is_paid(const tracebaton_rdkafka_record_t *record, int is_second) {
    return is_second || (record->len == 2 && *(const char *)record->payload == '1');
}

/* A null value or key stays null. */
static const void *copy_of(char *place, const void *bytes, size_t size) {
    return bytes ? memcpy(place, bytes, size) : NULL;
}

/* Keeps a record and its context beyond their message; 0 if there is no room for them. */
static int keep(struct retries *retries, const tracebaton_rdkafka_record_t *record,
                const tracebaton_context_t *attempt) {
    struct retry *retry = &retries->places[(retries->first + retries->count) % MOST_WAITING];
    if (retries->count == MOST_WAITING || record->len > sizeof(retry->value) || record->key_len > sizeof(retry->key))
        return 0;
    /* After an assignment, retry->attempt = *attempt, the texts would be those of the message, which is destroyed. */
    if (tracebaton_context_copy(attempt, retry->texts, sizeof(retry->texts), &retry->attempt) < 0)
        return 0; /* TRACEBATON_BUFFER_TOO_SMALL: tracestate and baggage can have 16 KiB */
    retry->record = *record;
    retry->record.payload = copy_of(retry->value, record->payload, record->len);
    retry->record.key = copy_of(retry->key, record->key, record->key_len);
    retry->record.headers = record->headers ? rd_kafka_headers_copy(record->headers) : NULL;
    retry->due = time(NULL) + PAUSE;
    retries->count++;
    return 1;
}

static void forget_first(struct retries *retries) {
    struct retry *first = &retries->places[retries->first];
    if (first->record.headers)
        rd_kafka_headers_destroy((rd_kafka_headers_t *)(uintptr_t)first->record.headers); /* its own copy */
    retries->first = (retries->first + 1) % MOST_WAITING;
    retries->count--;
}

static void send_to(rd_kafka_t *producer, const char *topic, tracebaton_rdkafka_record_t record,
                    const tracebaton_context_t *attempt) {
    record.topic = topic;
    print_span(topic, record.payload, record.len, attempt);
    send_record(producer, &record, attempt);
}

/* The first attempt. The message may be destroyed after it. */
static void process(struct retries *retries, rd_kafka_t *producer, const rd_kafka_message_t *message) {
    const tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", message);
    tracebaton_context_t received, attempt;
    if (record.err)
        return; // a time-out, an error or an event, not a record
    tracebaton_rdkafka_context(message, &received);
    begin_span(&received, &attempt);
    if (is_paid(&record, 0))
        send_to(producer, "payments", record, &attempt);
    else if (!keep(retries, &record, &attempt))
        send_to(producer, "orders.retry", record, &attempt);
}

/* The second attempt of the record that has waited longest: a child of the first one. */
static void process_again(struct retries *retries, rd_kafka_t *producer) {
    const struct retry *retry = &retries->places[retries->first];
    tracebaton_context_t attempt;
    begin_span(&retry->attempt, &attempt);
    send_to(producer, is_paid(&retry->record, 1) ? "payments" : "orders.retry", retry->record, &attempt);
    forget_first(retries);
}

static int is_due(const struct retries *retries) {
    return retries->count > 0 && time(NULL) >= retries->places[retries->first].due;
}

int main(int argc, char **argv) {
    static struct retries retries;
    rd_kafka_t *consumer, *producer;
    if (argc != 2) {
        fprintf(stderr, "usage: retry BROKERS\n");
        return 2;
    }
    consumer = consumer_of(argv[1], "retry", "orders", NULL);
    producer = client(RD_KAFKA_PRODUCER, argv[1], NULL);
    while (!stopped) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        process(&retries, producer, message);
        if (message)
            rd_kafka_message_destroy(message);
        if (is_due(&retries))
            process_again(&retries, producer);
    }
    close_consumer(consumer);
    for (; retries.count > 0; forget_first(&retries)) {
        const struct retry *retry = &retries.places[retries.first];
        send_to(producer, "orders.retry", retry->record, &retry->attempt);
    }
    close_producer(producer);
    return 0;
}
