/*
 * A service in C++: consumes the records of "payments" and produces each to "shipments", in its trace.
 *
 *     service BROKERS
 */
#include <csignal>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include <tracebaton.hpp>

namespace {

volatile std::sig_atomic_t stopped = 0;

template <typename Client>
std::unique_ptr<Client> client(const std::string &brokers) {
    std::string error;
    const std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    conf->set("bootstrap.servers", brokers, error);
    conf->set("group.id", "service", error);
    conf->set("auto.offset.reset", "earliest", error);
    std::unique_ptr<Client> created(Client::create(conf.get(), error));
    if (!created)
        std::cerr << error << '\n';
    return created;
}

/** The context of this service's span. A service with a tracer gets it from the tracer. */
tracebaton::context begin_span(const tracebaton::context &parent) {
    static std::random_device source;
    const auto random = [](std::uint8_t *bytes, std::size_t size) {
        while (size-- > 0)
            *bytes++ = static_cast<std::uint8_t>(source());
    };
    constexpr auto flags = tracebaton::trace_flags::sampled | tracebaton::trace_flags::random;
    const auto trace = tracebaton::trace_id::generate(random);
    return parent.child_or_root(trace, tracebaton::span_id::generate(random), flags);
}

RdKafka::ErrorCode ship(RdKafka::Message &payment, RdKafka::Producer &producer) {
    if (payment.err() != RdKafka::ERR_NO_ERROR)
        return payment.err(); // an error, or an event such as a time-out: not a record
    const auto received = tracebaton::extract(payment);
    const auto injection = begin_span(received.context()).injection();
    const auto headers = injection.headers();
    std::cout << "shipped " << std::string_view(static_cast<const char *>(payment.payload()), payment.len()) << ": "
              << *headers.begin()->value << std::endl;

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
    const auto consumer = client<RdKafka::KafkaConsumer>(argv[1]);
    const auto producer = client<RdKafka::Producer>(argv[1]);
    if (!consumer || !producer)
        return 1;
    std::signal(SIGINT, [](int) { stopped = 1; });
    std::signal(SIGTERM, [](int) { stopped = 1; });

    consumer->subscribe({"payments"});
    RdKafka::ErrorCode error = RdKafka::ERR_NO_ERROR;
    while (!stopped && error == RdKafka::ERR_NO_ERROR) {
        const std::unique_ptr<RdKafka::Message> message(consumer->consume(100));
        if (message->err() == RdKafka::ERR_NO_ERROR)
            error = ship(*message, *producer);
        else if (message->err() != RdKafka::ERR__TIMED_OUT)
            std::cerr << message->errstr() << '\n';
    }
    consumer->close();
    if (error == RdKafka::ERR_NO_ERROR)
        error = producer->flush(10000);
    if (error != RdKafka::ERR_NO_ERROR)
        std::cerr << RdKafka::err2str(error) << '\n';
    return error == RdKafka::ERR_NO_ERROR ? 0 : 1;
}
