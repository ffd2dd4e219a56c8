/*
 * A service with one hop: consumes a record from the topic "orders", and produces it to "payments" in the same trace.
 *
 *     c++ -std=c++17 rdkafka_hop.cpp $(pkg-config --cflags --libs tracebaton rdkafka++ rdkafka) -o rdkafka_hop &&
 *         ./rdkafka_hop BROKERS
 *
 * or, from the root of the repository after make -C ffi, without installing:
 *
 *     c++ -std=c++17 -Iinclude ffi/examples/rdkafka_hop.cpp target/c/libtracebaton.a -lrdkafka++ -lrdkafka -o rdkafka_hop
 */
#include <iostream>
#include <memory>
#include <random>
#include <type_traits>
#include <vector>

#include "tracebaton.hpp"

static void random_bytes(std::uint8_t *bytes, std::size_t size) {
    static std::random_device source;
    while (size-- > 0)
        *bytes++ = static_cast<std::uint8_t>(source());
}

static RdKafka::ErrorCode hop(RdKafka::Message &message, RdKafka::Producer &producer) {
    if (message.err() != RdKafka::ERR_NO_ERROR)
        return message.err(); // an error, or an event such as a time-out: not a record
    constexpr auto flags = tracebaton::trace_flags::sampled | tracebaton::trace_flags::random;
    const auto trace = tracebaton::trace_id::generate(random_bytes);
    const auto span = tracebaton::span_id::generate(random_bytes);

    const auto received = tracebaton::extract(message).context();
    const auto own = received.child_or_root(trace, span, flags);
    return tracebaton::produce(producer, {"payments", message}, own.injection());
}

/* The outcome of the produced record, from its delivery report. */
struct delivery final : RdKafka::DeliveryReportCb {
    RdKafka::ErrorCode error = RdKafka::ERR_NO_ERROR;
    void dr_cb(RdKafka::Message &message) override { error = message.err(); }
};

template <typename Client>
static std::unique_ptr<Client> client(const std::string &brokers, delivery *report = nullptr) {
    std::string error;
    std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    conf->set("bootstrap.servers", brokers, error);
    if (std::is_same_v<Client, RdKafka::KafkaConsumer>) {
        conf->set("group.id", "rdkafka_hop", error);
        conf->set("auto.offset.reset", "earliest", error);
        conf->set("enable.auto.offset.store", "false", error);
    }
    if (report)
        conf->set("dr_cb", static_cast<RdKafka::DeliveryReportCb *>(report), error);
    std::unique_ptr<Client> created(Client::create(conf.get(), error));
    if (!created)
        std::cerr << error << '\n';
    return created;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: rdkafka_hop BROKERS\n";
        return 2;
    }
    delivery report;
    const auto consumer = client<RdKafka::KafkaConsumer>(argv[1]);
    const auto producer = client<RdKafka::Producer>(argv[1], &report);
    if (!consumer || !producer)
        return 1;

    consumer->subscribe({"orders"});
    const std::unique_ptr<RdKafka::Message> message(consumer->consume(10000));
    RdKafka::ErrorCode error = hop(*message, *producer);
    if (error == RdKafka::ERR_NO_ERROR)
        error = producer->flush(10000); // calls dr_cb()
    if (error == RdKafka::ERR_NO_ERROR)
        error = report.error;
    if (error == RdKafka::ERR_NO_ERROR) { // the consumer commits it when it is closed
        const std::unique_ptr<RdKafka::TopicPartition> next(RdKafka::TopicPartition::create(
            message->topic_name(), message->partition(), message->offset() + 1));
        std::vector<RdKafka::TopicPartition *> offsets{next.get()};
        error = consumer->offsets_store(offsets);
    }
    std::cout << RdKafka::err2str(error) << '\n';
    consumer->close();
    return error == RdKafka::ERR_NO_ERROR ? 0 : 1;
}
