/*
 * A service in C++: consumes the records of "payments" and produces each to "shipments", in its trace.
 *
 *     service BROKERS
 *
 * It ends after an error of the producer, and does not commit then: its group consumes the records again after the session
 * timeout. It may still lose a record, since librdkafka commits every five seconds what was polled, delivered or not. The
 * guide src/guides/retries.md says how to store offsets only after delivery.
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
    const auto consumer = client<RdKafka::KafkaConsumer>(argv[1], "service");
    const auto producer = client<RdKafka::Producer>(argv[1], "service");
    if (!consumer || !producer)
        return 1;
    stop_at_signals();

    consumer->subscribe({"payments"});
    RdKafka::ErrorCode error = RdKafka::ERR_NO_ERROR;
    while (!stopped && error == RdKafka::ERR_NO_ERROR) {
        const std::unique_ptr<RdKafka::Message> message(consumer->consume(100));
        if (message->err() == RdKafka::ERR_NO_ERROR)
            error = ship(*message, *producer);
        else if (message->err() != RdKafka::ERR__TIMED_OUT)
            std::cerr << message->errstr() << '\n';
    }
    if (error == RdKafka::ERR_NO_ERROR)
        error = producer->flush(10000);
    if (error != RdKafka::ERR_NO_ERROR) {
        std::cerr << RdKafka::err2str(error) << '\n';
        return 1;
    }
    consumer->close(); // last, since it commits
    return 0;
}
