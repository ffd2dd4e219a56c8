/*
 * Common parts of the example services: clients, a loop that ends with a signal, spans, and their output.
 *
 * A service with a tracer gets its ids and spans from the tracer.
 */
#ifndef SERVICE_HPP
#define SERVICE_HPP

#include <array>
#include <csignal>
#include <functional>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tracebaton.hpp>

inline volatile std::sig_atomic_t stopped = 0;

inline void stop_at_signals() {
    std::signal(SIGINT, [](int) { stopped = 1; });
    std::signal(SIGTERM, [](int) { stopped = 1; });
}

/** Counts the records that could not be delivered. */
class reports : public RdKafka::DeliveryReportCb {
public:
    void dr_cb(RdKafka::Message &message) override {
        if (message.err() == RdKafka::ERR_NO_ERROR)
            return;
        undelivered++;
        std::cerr << "not delivered: " << message.errstr() << '\n';
    }

    unsigned long undelivered = 0;
};

/** Partitions with offsets, which it deletes. */
class partitions {
public:
    partitions() = default;
    partitions(const partitions &) = delete;
    partitions &operator=(const partitions &) = delete;
    ~partitions() { RdKafka::TopicPartition::destroy(list); }

    std::vector<RdKafka::TopicPartition *> list;
};

/**
 * Called in a rebalance, before these partitions leave. A service that keeps records between two calls of consume() has one:
 * it stores what is done unless the partitions are lost, and then drops their open records.
 */
using before_revocation =
    std::function<void(RdKafka::KafkaConsumer &consumer, const std::vector<RdKafka::TopicPartition *> &leaving, bool are_lost)>;

/**
 * The rebalance callback, which librdkafka calls in consume() and close(). Nothing is committed for lost partitions: another
 * member may own them already, and may have committed.
 */
class rebalance : public RdKafka::RebalanceCb {
public:
    void rebalance_cb(RdKafka::KafkaConsumer *consumer, RdKafka::ErrorCode event,
                      std::vector<RdKafka::TopicPartition *> &moving) override {
        const bool is_cooperative = consumer->rebalance_protocol() == "COOPERATIVE";
        const bool is_assignment = event == RdKafka::ERR__ASSIGN_PARTITIONS;
        const bool are_lost = !is_assignment && consumer->assignment_lost();
        if (!is_assignment && let_go)
            let_go(*consumer, moving, are_lost);
        if (!is_assignment && !are_lost)
            print("not committed", consumer->commitSync()); // the next owner consumes some records again
        if (!is_assignment)
            print("not resumed", consumer->resume(moving)); // if they return, they are consumed
        if (is_cooperative) {
            const std::unique_ptr<RdKafka::Error> error(is_assignment ? consumer->incremental_assign(moving)
                                                                      : consumer->incremental_unassign(moving));
            print("rebalance", error ? error->code() : RdKafka::ERR_NO_ERROR);
        } else {
            print("rebalance", is_assignment ? consumer->assign(moving) : consumer->unassign());
        }
        std::cerr << moving.size() << " partitions are " << (is_assignment ? "assigned" : are_lost ? "lost" : "revoked") << '\n';
    }

    before_revocation let_go;

private:
    static void print(const char *what, RdKafka::ErrorCode error) {
        if (error != RdKafka::ERR_NO_ERROR && error != RdKafka::ERR__NO_OFFSET)
            std::cerr << what << ": " << RdKafka::err2str(error) << '\n';
    }
};

/** The configuration of a client. */
inline std::unique_ptr<RdKafka::Conf> conf_of(std::initializer_list<std::pair<const char *, std::string>> options) {
    std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    std::string error;
    for (const auto &[name, value] : options)
        if (conf->set(name, value, error) != RdKafka::Conf::CONF_OK)
            std::cerr << error << '\n';
    return conf;
}

/** Creates a producer; null after an error, which it prints. */
inline std::unique_ptr<RdKafka::Producer> producer_of(const std::string &brokers, reports &reports) {
    const auto conf = conf_of({{"bootstrap.servers", brokers}});
    std::string error;
    conf->set("dr_cb", &reports, error);
    std::unique_ptr<RdKafka::Producer> producer(RdKafka::Producer::create(conf.get(), error));
    std::cerr << error;
    return producer;
}

/** Creates a consumer, which commits only what store_done() stores; null after an error, which it prints. */
inline std::unique_ptr<RdKafka::KafkaConsumer> consumer_of(const std::string &brokers, const std::string &group,
                                                           rebalance &rebalance) {
    const auto conf = conf_of({{"bootstrap.servers", brokers},
                               {"group.id", group},
                               {"enable.auto.offset.store", "false"},
                               {"auto.offset.reset", "earliest"}});
    std::string error;
    conf->set("rebalance_cb", &rebalance, error);
    std::unique_ptr<RdKafka::KafkaConsumer> consumer(RdKafka::KafkaConsumer::create(conf.get(), error));
    std::cerr << error;
    return consumer;
}

/** A record that is not done. */
struct open_record {
    int partition;
    std::int64_t offset;
};

/**
 * Stores for each partition the offset of its oldest open record, or the offset after its last consumed record if none is
 * open. All records of the producer must be delivered. librdkafka commits stored offsets every five seconds, in a rebalance,
 * and when the consumer is closed. Records that are not committed are consumed again.
 */
template <typename Range>
RdKafka::ErrorCode store_done(RdKafka::KafkaConsumer &consumer, const Range &open) {
    partitions assigned;
    std::vector<RdKafka::TopicPartition *> done;
    RdKafka::ErrorCode error = consumer.assignment(assigned.list);
    if (error == RdKafka::ERR_NO_ERROR)
        error = consumer.position(assigned.list);
    for (RdKafka::TopicPartition *partition : assigned.list) {
        for (const open_record &record : open)
            if (record.partition == partition->partition() && record.offset < partition->offset())
                partition->set_offset(record.offset);
        if (partition->offset() >= 0) // none if no record was consumed since the partition was assigned
            done.push_back(partition);
    }
    return error != RdKafka::ERR_NO_ERROR || done.empty() ? error : consumer.offsets_store(done);
}

/** Waits until every record is delivered; false if one is not. */
inline bool is_delivered(RdKafka::Producer &producer, const reports &reports) {
    return producer.flush(10000) == RdKafka::ERR_NO_ERROR && reports.undelivered == 0;
}

/** A span of this service: a child of the record's span, or the root of a new trace if there is no parent. */
inline tracebaton::context begin_span(const tracebaton::context &parent) {
    static std::random_device source;
    const auto random = [](std::uint8_t *bytes, std::size_t size) {
        while (size-- > 0)
            *bytes++ = static_cast<std::uint8_t>(source());
    };
    constexpr auto flags = tracebaton::trace_flags::sampled | tracebaton::trace_flags::random;
    const auto trace = tracebaton::trace_id::generate(random);
    return parent.child_or_root(trace, tracebaton::span_id::generate(random), flags);
}

/** A line such as "shipped 12: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01". */
inline void print_span(std::string_view what, std::string_view value, const tracebaton::context &span) {
    const auto injection = span.injection();
    const auto headers = injection.headers();
    std::cout << what << ' ' << value << ": " << *headers.begin()->value << std::endl;
}

#endif
