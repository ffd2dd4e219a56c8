/*
 * Retries in memory, in C++: a record that cannot be paid waits, with its context, after its message is deleted.
 *
 *     retry BROKERS
 *
 * sends the records of "orders" to "payments". One that cannot be paid is tried again after three seconds, up to three
 * times in all. After the third attempt it goes to the topic "orders.retry" instead. So does one that finds too many waiting,
 * and one that waits when the service ends. Each attempt is a span below the one before, and what is sent has the last attempt
 * as its parent.
 *
 * No offset is stored beyond the oldest record of its partition that waits, or whose result is not delivered. So no record is
 * lost if the process dies or partitions move to another member of the group; some may be processed twice.
 * src/guides/retries_in_c.md has the details.
 */
#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "service.hpp"

namespace {

using clock = std::chrono::steady_clock;

constexpr int max_attempts = 3;
constexpr std::size_t most_waiting = 2; // so that a third record finds no room: a service has room for more
constexpr auto pause = std::chrono::seconds(3);

/** A record that owns its bytes. */
struct order {
    explicit order(RdKafka::Message &message)
        : value(static_cast<const char *>(message.payload()), message.len()),
          headers(message.headers() != nullptr ? RdKafka::Headers::create(message.headers()->get_all()) : nullptr) {
        if (message.key() != nullptr)
            key = *message.key();
    }

    std::string value;
    std::optional<std::string> key;
    std::unique_ptr<RdKafka::Headers> headers;
};

/** An order that waits for its next attempt, and the last attempt, which failed. */
struct retry {
    open_record consumed;
    order waiting;
    tracebaton::owned_context attempt;
    int attempts; // made so far
    clock::time_point due;
};

using retries = std::deque<retry>;

/** Whether an order can be paid. One of two digits is paid in the attempt that is its first digit, others in the second. */
bool is_paid(const order &order, int attempt) {
    return attempt >= (order.value.size() == 2 ? order.value.front() - '0' : 2);
}

RdKafka::ErrorCode send_to(RdKafka::Producer &producer, const char *topic, order &order, const tracebaton::context &attempt) {
    tracebaton::record record(topic, order.value);
    if (order.key)
        record.key = order.key->data(), record.key_len = order.key->size();
    print_span(topic, order.value, attempt);
    RdKafka::ErrorCode error;
    while ((error = tracebaton::produce(producer, record, order.headers, attempt.injection())) == RdKafka::ERR__QUEUE_FULL)
        producer.poll(100);
    producer.poll(0);
    return error;
}

/** The first attempt. The message may be deleted after it. */
RdKafka::ErrorCode process(retries &retries, RdKafka::Producer &producer, RdKafka::Message &message) {
    if (message.err() != RdKafka::ERR_NO_ERROR)
        return message.err(); // an error, or an event such as a time-out: not a record
    const auto received = tracebaton::extract(message).context();
    const auto attempt = begin_span(received);
    order order(message);
    if (is_paid(order, 1))
        return send_to(producer, "payments", order, attempt);
    if (retries.size() == most_waiting)
        return send_to(producer, "orders.retry", order, attempt);
    /* A tracebaton::context would be a view of the message. */
    retries.push_back({{message.partition(), message.offset()}, std::move(order), tracebaton::owned_context(attempt), 1,
                       clock::now() + pause});
    return RdKafka::ERR_NO_ERROR;
}

/** The next attempt of the record that has waited longest: a child of the attempt before. */
RdKafka::ErrorCode process_again(retries &retries, RdKafka::Producer &producer) {
    retry first = std::move(retries.front());
    retries.pop_front();
    const auto attempt = begin_span(first.attempt.context());
    first.attempts++;
    if (is_paid(first.waiting, first.attempts))
        return send_to(producer, "payments", first.waiting, attempt);
    if (first.attempts == max_attempts)
        return send_to(producer, "orders.retry", first.waiting, attempt);
    first.attempt = tracebaton::owned_context(attempt);
    first.due = clock::now() + pause;
    retries.push_back(std::move(first));
    return RdKafka::ERR_NO_ERROR;
}

bool is_due(const retries &retries) { return !retries.empty() && clock::now() >= retries.front().due; }

/** Stores what is done, after its delivery; false if something is not delivered or stored. */
bool store(RdKafka::KafkaConsumer &consumer, RdKafka::Producer &producer, const reports &reports, const retries &retries) {
    std::vector<open_record> open;
    for (const retry &retry : retries)
        open.push_back(retry.consumed);
    return is_delivered(producer, reports) && store_done(consumer, open) == RdKafka::ERR_NO_ERROR;
}

/** Drops the records that wait, of partitions that leave. The next owner consumes them again. */
void drop(retries &retries, const std::vector<RdKafka::TopicPartition *> &leaving) {
    const auto leaves = [&leaving](const retry &retry) {
        return std::any_of(leaving.begin(), leaving.end(), [&retry](const RdKafka::TopicPartition *partition) {
            return partition->partition() == retry.consumed.partition;
        });
    };
    retries.erase(std::remove_if(retries.begin(), retries.end(), leaves), retries.end());
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: retry BROKERS\n";
        return 2;
    }
    retries waiting;
    reports reports;
    rebalance rebalance;
    const auto producer = producer_of(argv[1], reports);
    const auto consumer = consumer_of(argv[1], "retry", rebalance);
    if (!consumer || !producer)
        return 1;
    rebalance.let_go = [&](RdKafka::KafkaConsumer &from, const std::vector<RdKafka::TopicPartition *> &leaving, bool are_lost) {
        if (!are_lost)
            store(from, *producer, reports, waiting);
        drop(waiting, leaving);
    };
    stop_at_signals();

    consumer->subscribe({"orders"});
    bool is_sent = true;
    while (!stopped && is_sent) {
        const std::unique_ptr<RdKafka::Message> message(consumer->consume(100));
        const auto error = process(waiting, *producer, *message);
        is_sent = error == message->err();
        if (is_due(waiting))
            is_sent = process_again(waiting, *producer) == RdKafka::ERR_NO_ERROR && is_sent;
        is_sent = is_sent && store(*consumer, *producer, reports, waiting);
    }
    for (; is_sent && !waiting.empty(); waiting.pop_front()) {
        retry &left = waiting.front();
        is_sent = send_to(*producer, "orders.retry", left.waiting, left.attempt.context()) == RdKafka::ERR_NO_ERROR;
    }
    consumer->close(); // stores and commits in rebalance.let_go
    return is_sent && is_delivered(*producer, reports) ? 0 : 1;
}
