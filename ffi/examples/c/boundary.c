/*
 * A boundary: consumes records from a partner, whose traces are not trusted.
 *
 *     boundary BROKERS POLICY
 *
 * sends the records of "partner.orders" to "orders". POLICY decides about the context that the partner sent: continue,
 * continue_sampled, continue_not_sampled, restart_with_link or restart_without_link.
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

static void let_in(rd_kafka_t *producer, const rd_kafka_message_t *message, tracebaton_trust_policy_t policy) {
    const tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("orders", message);
    tracebaton_context_t received, span;
    tracebaton_admitted_t admitted;
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
    send_record(producer, &record, &span);
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
    producer = client(RD_KAFKA_PRODUCER, argv[1], NULL);
    while ((message = next_record(consumer))) {
        let_in(producer, message, policy);
        rd_kafka_message_destroy(message);
        store_done(consumer, producer);
    }
    close_producer(producer);
    close_consumer(consumer); /* last, since it commits */
    return 0;
}
