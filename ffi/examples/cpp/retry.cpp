/*
 * Retries in memory, in C++: a record that cannot be paid waits, with its context, after its message is deleted.
 *
 *     retry BROKERS
 *
 * sends the records of "orders" on to "payments". One that cannot be paid is tried again after three seconds; if too many wait,
 * and when the service ends, it goes to the topic "orders.retry" instead. Each attempt is a span below the one before, and
 * what is sent has the last attempt as its parent.
 *
 * What waits in memory is lost if the process dies. A service that may not lose it commits offsets itself, after the retry.
 */
#include <chrono>
#include <deque>
#include <string>
#include <utility>

#include "service.hpp"

namespace {

using clock = std::chrono::steady_clock;

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

/** An order that waits for its next attempt, and the attempt that failed. */
struct retry {
    order waiting;
    tracebaton::owned_context attempt;
    clock::time_point due;
};

using retries = std::deque<retry>;

/** Whether an order could be paid: one of two digits that begins with a 1 immediately, others the second time. */
bool is_paid(const order &order, bool is_second) {
    return is_second || (order.value.size() == 2 && order.value.front() == '1');
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
    if (is_paid(order, false))
        return send_to(producer, "payments", order, attempt);
    if (retries.size() == most_waiting)
        return send_to(producer, "orders.retry", order, attempt);
    /* A tracebaton::context would be a view of the message. */
    retries.push_back({std::move(order), tracebaton::owned_context(attempt), clock::now() + pause});
    return RdKafka::ERR_NO_ERROR;
}

/** The second attempt of the record that has waited longest: a child of the first one. */
RdKafka::ErrorCode process_again(retries &retries, RdKafka::Producer &producer) {
    retry &first = retries.front();
    const auto attempt = begin_span(first.attempt.context());
    const auto error =
        send_to(producer, is_paid(first.waiting, true) ? "payments" : "orders.retry", first.waiting, attempt);
    retries.pop_front();
    return error;
}

bool is_due(const retries &retries) { return !retries.empty() && clock::now() >= retries.front().due; }

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: retry BROKERS\n";
        return 2;
    }
    const auto consumer = client<RdKafka::KafkaConsumer>(argv[1], "retry");
    const auto producer = client<RdKafka::Producer>(argv[1], "retry");
    if (!consumer || !producer)
        return 1;
    stop_at_signals();

    consumer->subscribe({"orders"});
    retries waiting;
    bool is_sent = true;
    while (!stopped && is_sent) {
        const std::unique_ptr<RdKafka::Message> message(consumer->consume(100));
        const auto error = process(waiting, *producer, *message);
        is_sent = error == message->err();
        if (is_due(waiting))
            is_sent = process_again(waiting, *producer) == RdKafka::ERR_NO_ERROR && is_sent;
    }
    consumer->close();
    for (retry &left : waiting)
        is_sent = send_to(*producer, "orders.retry", left.waiting, left.attempt.context()) == RdKafka::ERR_NO_ERROR && is_sent;
    is_sent = producer->flush(10000) == RdKafka::ERR_NO_ERROR && is_sent;
    return is_sent ? 0 : 1;
}
