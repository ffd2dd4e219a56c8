/* Runs a page's `hop` in C++, defined in SNIPPET. */
#define main snippet_main
#include SNIPPET
#undef main

#include <type_traits>

#include "check.h"
#include "client.hpp"

namespace {

/* Calls a page's hop with the ids, or without them if it generates them. */
template <typename Hop>
RdKafka::ErrorCode call(Hop hop, RdKafka::Message &message, RdKafka::Producer &producer) {
    static std::uint8_t next = 9;
    const auto fill = [](std::uint8_t *bytes, std::size_t size) {
        while (size-- > 0)
            *bytes++ = next;
        next++;
    };
    if constexpr (std::is_invocable_v<Hop, RdKafka::Message &, RdKafka::Producer &>)
        return hop(message, producer);
    else
        return hop(message, producer, tracebaton::trace_id::generate(fill), tracebaton::span_id::generate(fill));
}

int call_until_taken(RdKafka::Producer &producer, RdKafka::Message &message) {
    RdKafka::ErrorCode error;
    int full_queues = 0;
    fill_queue(producer);
    while ((error = call(hop, message, producer)) == RdKafka::ERR__QUEUE_FULL) {
        full_queues++;
        producer.poll(10);
    }
    CHECK("a record", error == RdKafka::ERR_NO_ERROR);
    producer.flush(10000);
    return full_queues > 0;
}

} // namespace

int main() {
    int records = 0, errors = 0, full_queues = 0;
    kafka kafka;
    scenario_start(&kafka);
    {
        const auto producer = producer_of(kafka);
        const auto consumer = consumer_of(kafka);
        for (int waits = 0; !scenario_is_met(records, errors, full_queues) && waits < 2000; waits++) {
            const std::unique_ptr<RdKafka::Message> message(consumer->consume(10));
            if (message->err() != RdKafka::ERR_NO_ERROR) {
                CHECK("an error", call(hop, *message, *producer) == message->err());
                errors++;
            } else if (!scenario_is_filler(message->payload(), message->len())) {
                full_queues += call_until_taken(*producer, *message);
                records++;
            }
        }
        CHECK("the scenario", scenario_is_met(records, errors, full_queues));
        producer->flush(10000);
        consumer->close();
    }
    scenario_check(&kafka);
    kafka_stop(&kafka);
    std::cout << records << " records, " << errors << " errors, " << full_queues << " full queues: " << failures
              << " checks failed\n";
    return failures ? 1 : 0;
}
