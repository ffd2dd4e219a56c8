/* Runs the retries of a C++ example, defined in SNIPPET. */
#define main snippet_main
#include SNIPPET
#undef main

#include "check.h"
#include "client.hpp"

namespace {

/* The first attempts, in the sequence of the records, as links: copies that outlive the stored contexts. */
tracebaton::links<8, 64> attempts;

/* A record waits for its second attempt, which meets a full queue; its message has been destroyed by then. */
void retry_one(RdKafka::Producer &producer, std::unique_ptr<RdKafka::Message> message) {
    retries waiting;
    CHECK("a record", process(waiting, producer, *message) == RdKafka::ERR_NO_ERROR);
    message.reset();
    CHECK("a record", waiting.size() == 1);
    CHECK("a link", attempts.insert(waiting.front().attempt.context()));
    fill_queue(producer);
    CHECK("a record", process_again(waiting, producer) == RdKafka::ERR_NO_ERROR && waiting.empty());
    producer.flush(10000);
}

/* Checks that the record of each second attempt is a child of its first one. */
void check_seconds(RdKafka::KafkaConsumer &consumer) {
    const std::unique_ptr<RdKafka::TopicPartition> partition(RdKafka::TopicPartition::create(KAFKA_NEXT_TOPIC, 0, 0));
    auto first = attempts.begin();
    consumer.assign({partition.get()});
    for (int waits = 0; first != attempts.end() && waits < 2000; waits++) {
        const std::unique_ptr<RdKafka::Message> message(consumer.consume(10));
        if (message->err() != RdKafka::ERR_NO_ERROR)
            continue;
        const auto second = tracebaton::extract(*message).context();
        CHECK("a retry", second.trace_id() == (*first).trace_id() && second.span_id() != (*first).span_id());
        CHECK("a retry", second.tracestate().text() == (*first).tracestate().text());
        ++first;
    }
    CHECK("the retries", first == attempts.end());
}

/* A record for which there is no room is sent to the other topic immediately. */
void check_full(RdKafka::Producer &producer, RdKafka::Message &message) {
    retries waiting;
    for (std::size_t i = 0; i <= most_waiting; i++)
        CHECK("a full queue", process(waiting, producer, message) == RdKafka::ERR_NO_ERROR);
    CHECK("a full queue", waiting.size() == most_waiting);
}

} // namespace

int main() {
    int records = 0, errors = 0;
    kafka kafka;
    scenario_start(&kafka);
    {
        const auto producer = producer_of(kafka);
        const auto consumer = consumer_of(kafka);
        for (int waits = 0; !scenario_is_met(records, errors, records) && waits < 2000; waits++) {
            std::unique_ptr<RdKafka::Message> message(consumer->consume(10));
            retries none;
            if (message->err() != RdKafka::ERR_NO_ERROR) {
                CHECK("an error", process(none, *producer, *message) == message->err() && none.empty());
                errors++;
            } else if (!scenario_is_filler(message->payload(), message->len())) {
                if (records++ == 0)
                    check_full(*producer, *message);
                retry_one(*producer, std::move(message));
            }
        }
        CHECK("the scenario", scenario_is_met(records, errors, records));
        CHECK("the links", attempts.size() == static_cast<std::size_t>(records) && attempts.dropped_tracestates() == 0);
        check_seconds(*consumer);
        consumer->close();
    }
    scenario_check(&kafka);
    kafka_stop(&kafka);
    std::cout << records << " records, " << errors << " errors: " << failures << " checks failed\n";
    return failures ? 1 : 0;
}
