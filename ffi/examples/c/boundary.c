/*
 * A boundary: consumes records from a partner, whose traces are not trusted.
 *
 *     boundary BROKERS POLICY
 *
 * sends the records of "partner.orders" to "orders". POLICY decides about the context that the partner sent: continue,
 * continue_sampled, continue_not_sampled, restart_with_link or restart_without_link. After all but continue, the tracing
 * headers of every format are removed from the record: the next service might read one that this service does not.
 */
#include "service.h"

static tracebaton_trust_policy_t policy_of(const char *name) {
    static const struct {
        const char *name;
        tracebaton_trust_policy_t policy;
    } policies[] = {{"continue", TRACEBATON_TRUST_CONTINUE},
                   {"continue_sampled", TRACEBATON_TRUST_CONTINUE_SAMPLED},
                   {"continue_not_sampled", TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED},
                   {"restart_with_link", TRACEBATON_TRUST_RESTART_WITH_LINK},
                   {"restart_without_link", TRACEBATON_TRUST_RESTART_WITHOUT_LINK}};
    size_t i;
    for (i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
        if (!strcmp(name, policies[i].name))
            return policies[i].policy;
    return -1;
}

/* The headers of a record that enters, which the caller destroys. */
static rd_kafka_headers_t *headers_of(const tracebaton_rdkafka_record_t *record, tracebaton_trust_policy_t policy) {
    rd_kafka_headers_t *headers = record->headers ? rd_kafka_headers_copy(record->headers) : rd_kafka_headers_new(3);
    rd_kafka_header_remove(headers, "attempts"); /* process.c counts in it; the partner must not */
    if (policy != TRACEBATON_TRUST_CONTINUE && tracebaton_rdkafka_strip_formats(headers, TRACEBATON_FORMATS_ALL) < 0) {
        rd_kafka_headers_destroy(headers); /* more than 64 tracing headers, so none of its headers enters */
        headers = rd_kafka_headers_new(3);
    }
    return headers;
}

static void let_in(rd_kafka_t *producer, const rd_kafka_message_t *message, tracebaton_trust_policy_t policy) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("orders", message);
    tracebaton_context_t received, span;
    tracebaton_admitted_t admitted;
    rd_kafka_headers_t *headers;
    tracebaton_status_t status;

    if (message->err)
        return; // an error or an event, not a record
    tracebaton_rdkafka_context(message, &received);
    status = tracebaton_context_admit(&received, policy, &admitted);
    if (status < 0)
        give_up(tracebaton_status_message(status));
    begin_span(&admitted.parent, &span);
    print_span("let in", record.payload, record.len, &span);
    if (policy == TRACEBATON_TRUST_RESTART_WITH_LINK)
        print_link(&admitted.link);
    record.headers = headers = headers_of(&record, policy);
    send_record(producer, &record, &span);
    rd_kafka_headers_destroy(headers);
}

int main(int argc, char **argv) {
    const tracebaton_trust_policy_t policy = argc == 3 ? policy_of(argv[2]) : -1;
    rd_kafka_t *consumer, *producer;
    rd_kafka_message_t *message;
    if (policy < 0) {
        fprintf(stderr, "usage: boundary BROKERS "
                        "continue|continue_sampled|continue_not_sampled|restart_with_link|restart_without_link\n");
        return 2;
    }
    consumer = consumer_of(argv[1], "boundary", "partner.orders", NULL);
    producer = producer_of(argv[1], delivered);
    while ((message = next_record(consumer))) {
        let_in(producer, message, policy);
        rd_kafka_message_destroy(message);
        store_done(consumer, producer);
    }
    close_producer(producer);
    close_consumer(consumer); /* after the last delivery, since it commits */
    return 0;
}
