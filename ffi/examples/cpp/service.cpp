/*
 * A service in C++: consumes the records of "payments" and produces each to "shipments", in its trace.
 *
 *     service BROKERS
 *
 * The offset of a record is stored after the delivery of what was sent for it. The service ends if a record cannot be
 * delivered, and its group consumes that record again.
 */
#include "service.hpp"

namespace {

RdKafka::ErrorCode ship(RdKafka::Message &payment, RdKafka::Producer &producer) {
    if (payment.err() != RdKafka::ERR_NO_ERROR)
        return payment.err(); // an error, or an event such as a time-out: not a record
    const auto received = tracebaton::extract(payment);
    const auto own = begin_span(received.context());
    const auto injection = own.injection();
    print_span("shipped", {static_cast<const char *>(payment.payload()), payment.len()}, own);

    RdKafka::ErrorCode error;
    while ((error = tracebaton::produce(producer, {"shipments", payment}, injection)) == RdKafka::ERR__QUEUE_FULL)
        producer.poll(100);
    producer.poll(0);
    return error;
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: service BROKERS\n";
        return 2;
    }
    reports reports;
    rebalance rebalance; // no function of its own: no record is open between two calls of consume()
    const auto producer = producer_of(argv[1], reports);
    const auto consumer = consumer_of(argv[1], "service", rebalance);
    if (!consumer || !producer)
        return 1;
    stop_at_signals();

    consumer->subscribe({"payments"});
    RdKafka::ErrorCode error = RdKafka::ERR_NO_ERROR;
    while (!stopped && error == RdKafka::ERR_NO_ERROR) {
        const std::unique_ptr<RdKafka::Message> message(consumer->consume(100));
        if (message->err() == RdKafka::ERR_NO_ERROR) {
            error = ship(*message, *producer);
            if (error == RdKafka::ERR_NO_ERROR && !is_delivered(*producer, reports))
                error = RdKafka::ERR__FAIL;
            if (error == RdKafka::ERR_NO_ERROR)
                error = store_done(*consumer, std::array<open_record, 0>());
        } else if (message->err() != RdKafka::ERR__TIMED_OUT) {
            std::cerr << message->errstr() << '\n';
        }
    }
    consumer->close(); // commits what is stored
    if (error != RdKafka::ERR_NO_ERROR)
        std::cerr << RdKafka::err2str(error) << '\n';
    return error == RdKafka::ERR_NO_ERROR ? 0 : 1;
}
