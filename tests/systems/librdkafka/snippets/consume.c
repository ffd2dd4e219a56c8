/* Runs a page's `consume` in C, defined in SNIPPET. It begins a new trace and links to the record's. */
#include SNIPPET

#include "check.h"
#include "lists.h"
#include "scenario.h"

static const tracebaton_trace_id_t trace_id = {{7}};
static const tracebaton_span_id_t span_id = {{9}};

int main(void) {
    int records = 0, errors = 0, links = 0, waits;
    struct kafka kafka;
    scenario_start(&kafka);
    for (waits = 0; (records < 5 || errors < 5) && waits < 2000; waits++) {
        rd_kafka_message_t *message = waits == 0 ? NULL : rd_kafka_consumer_poll(kafka.consumer, 10);
        static const tracebaton_context_t nothing;
        tracebaton_context_t ours, link;
        const tracebaton_status_t status = consume(message, &trace_id, &span_id, &ours, &link);
        if (!message || message->err) {
            CHECK("an error", status < 0);
            errors++;
        } else {
            CHECK("a record", status >= 0 && !memcmp(&ours.trace_id, &trace_id, sizeof(trace_id)));
            CHECK("a record", ours.trace_flags == 3 && ours.baggage_size == 0);
            links += memcmp(&link, &nothing, sizeof(link)) != 0;
            records++;
        }
        if (message)
            rd_kafka_message_destroy(message);
    }
    CHECK("the scenario", records == 5 && errors >= 5);
    CHECK("the scenario", links == 2);
    kafka_stop(&kafka);
    printf("%d records, %d errors: %d checks failed\n", records, errors, failures);
    return failures ? 1 : 0;
}
