/* Consumes and produces with librdkafka++ and the mock cluster. */
#include "tracebaton.hpp"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "check.h"
#include "kafka.h"
#include "suites.hpp"

namespace {

constexpr int hops = 5, tries = 5;

using options = std::initializer_list<std::pair<const char *, const char *>>;

template <typename Client>
std::unique_ptr<Client> client(const kafka &kafka, options options) {
    std::string error;
    std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    conf->set("bootstrap.servers", rd_kafka_mock_cluster_bootstraps(kafka.cluster), error);
    for (const auto &[name, value] : options)
        conf->set(name, value, error);
    std::unique_ptr<Client> created(Client::create(conf.get(), error));
    if (!created) {
        std::cerr << error << '\n';
        std::exit(2);
    }
    return created;
}

struct clients {
    kafka cluster;
    std::unique_ptr<RdKafka::Producer> producer;
    std::unique_ptr<RdKafka::KafkaConsumer> consumer;

    explicit clients(const char *option = "linger.ms", const char *value = "0") {
        kafka_start(&cluster, nullptr);
        producer = client<RdKafka::Producer>(cluster, {{option, value}});
        consumer = client<RdKafka::KafkaConsumer>(cluster, {{"group.id", "never joined"}, {"fetch.wait.max.ms", "5"}});
        const std::unique_ptr<RdKafka::TopicPartition> partition(RdKafka::TopicPartition::create(KAFKA_TOPIC, 0, 0));
        consumer->assign({partition.get()});
    }

    ~clients() {
        producer->flush(10000);
        consumer->close();
        producer.reset();
        consumer.reset();
        kafka_stop(&cluster);
    }

    std::unique_ptr<RdKafka::Message> consume() {
        for (int waits = 0; waits < 600; waits++) {
            std::unique_ptr<RdKafka::Message> message(consumer->consume(100));
            if (message->err() == RdKafka::ERR_NO_ERROR)
                return message;
        }
        std::cerr << "no record\n";
        std::exit(2);
    }
};

tracebaton::context context_of(std::uint8_t byte) {
    const auto fill = [byte](std::uint8_t *bytes, std::size_t size) { std::fill_n(bytes, size, byte); };
    return tracebaton::context::root(tracebaton::trace_id::generate(fill), tracebaton::span_id::generate(fill),
                                     tracebaton::trace_flags::sampled);
}

std::size_t parents(RdKafka::Message &message) {
    rd_kafka_headers_t *headers = nullptr;
    const char *name;
    const void *value;
    std::size_t size, count = 0;
    if (rd_kafka_message_headers(message.c_ptr(), &headers))
        return 0;
    for (std::size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &size); i++)
        count += tracebaton_header_name_of(name, std::strlen(name)) == TRACEBATON_NAME_TRACEPARENT ? 1 : 0;
    return count;
}

/* A message is forwarded several times, each time after failed attempts. */
void send_on() {
    clients clients;
    tracebaton::record first(KAFKA_TOPIC, "value");
    first.partition = 0;
    first.key = "key";
    first.key_len = 3;
    CHECK("first", tracebaton::produce(*clients.producer, first, context_of(9).injection()) == RdKafka::ERR_NO_ERROR);
    for (std::uint8_t hop = 1; hop <= hops; hop++) {
        const auto message = clients.consume();
        const auto received = tracebaton::extract(*message).context();
        const auto sent = received.child(*context_of(hop).span_id());
        CHECK("hop", received.trace_id() == context_of(9).trace_id() && sent);
        CHECK("hop", received.span_id() == context_of(hop == 1 ? 9 : static_cast<std::uint8_t>(hop - 1)).span_id());
        CHECK("hop", parents(*message) == 1 && message->key() && *message->key() == "key" && message->len() == 5);
        const auto waited = tracebaton::queue_time_of(*message);
        CHECK("hop", waited && waited->kind == tracebaton::timestamp_kind::create_time);
        CHECK("hop", waited && waited->duration < std::chrono::hours(1));

        tracebaton::record record(KAFKA_TOPIC, *message);
        record.partition = 99;
        for (int i = 0; i < tries; i++)
            CHECK("hop", tracebaton::produce(*clients.producer, record, sent->injection()) ==
                             RdKafka::ERR__UNKNOWN_PARTITION);
        record.partition = 0;
        tracebaton::status written = TRACEBATON_ABSENT;
        CHECK("hop", tracebaton::produce(*clients.producer, record, sent->injection(), &written) == RdKafka::ERR_NO_ERROR);
        CHECK("hop", written == TRACEBATON_OK);
    }
}

/* With a librdkafka++ list, including the list that the context was read from. */
void send_list() {
    clients clients;
    std::unique_ptr<RdKafka::Headers> headers;
    tracebaton::record record(KAFKA_TOPIC, "value");
    record.partition = 0;
    CHECK("list", tracebaton::produce(*clients.producer, record, headers, context_of(1).injection()) == RdKafka::ERR_NO_ERROR);
    CHECK("list", !headers);
    const auto message = clients.consume();
    CHECK("list", parents(*message) == 1);

    headers.reset(RdKafka::Headers::create());
    headers->add("Traceparent", "stale");
    record.partition = 99;
    for (int i = 0; i < tries; i++) {
        CHECK("list", tracebaton::produce(*clients.producer, record, headers, context_of(2).injection()) ==
                          RdKafka::ERR__UNKNOWN_PARTITION);
        CHECK("list", headers && headers->size() == 1);
    }
    record.partition = 0;
    CHECK("list", tracebaton::produce(*clients.producer, record, headers, context_of(2).injection()) == RdKafka::ERR_NO_ERROR);
    CHECK("list", !headers);
    CHECK("list", parents(*clients.consume()) == 1);

    const auto forwarded = tracebaton::extract(*message).forward();
    CHECK("list", tracebaton::inject(forwarded, *message->headers()) == TRACEBATON_OK);
    const tracebaton::header_copies copies(*message->headers());
    CHECK("list", copies.extract().context().span_id() == context_of(1).span_id());
}

/* Injects W3C and B3 with a record and with a librdkafka++ list, and injects a context without a span. */
void send_formats() {
    using tracebaton::format;
    clients clients;
    const auto injection = context_of(1).injection({format::tracecontext, format::b3}, tracebaton::formats::all());
    std::unique_ptr<RdKafka::Headers> headers(RdKafka::Headers::create());
    headers->add("B3", "stale");
    headers->add("x-datadog-trace-id", "1");
    tracebaton::record record(KAFKA_TOPIC, "value");
    record.partition = 0;
    tracebaton::status written = TRACEBATON_ABSENT;
    CHECK("formats", tracebaton::produce(*clients.producer, record, headers, injection, &written) == RdKafka::ERR_NO_ERROR);
    CHECK("formats", written == TRACEBATON_OK && !headers);
    CHECK("formats", tracebaton::produce(*clients.producer, record, injection, &written) == RdKafka::ERR_NO_ERROR);
    CHECK("formats", written == TRACEBATON_OK);
    for (int i = 0; i < 2; i++) {
        const auto message = clients.consume();
        const auto choice = tracebaton::choose(*message, {format::b3, format::tracecontext, format::datadog}, true);
        CHECK("formats", choice.arrived_as() == format::b3 && choice.context().span_id() == context_of(1).span_id());
        CHECK("formats", choice.others().size() == 1 && (*choice.others().begin()).outcome == tracebaton::outcome::same_trace);
        CHECK("formats", message->headers()->size() == 2);
        tracebaton::record next(KAFKA_TOPIC, *message);
        next.partition = 99;
        CHECK("formats", tracebaton::produce(*clients.producer, next, injection, &written) == RdKafka::ERR__UNKNOWN_PARTITION);
        CHECK("formats", tracebaton::strip(*message->headers(), format::b3) == TRACEBATON_OK);
        CHECK("formats", message->headers()->size() == 1 && tracebaton::extract(*message).context().span_id());
    }

    headers.reset(RdKafka::Headers::create());
    CHECK("baggage", tracebaton::inject(context_of(1).injection(format::b3), *headers) == TRACEBATON_OK);
    CHECK("baggage", tracebaton::inject(tracebaton::context().injection(format::b3), *headers) == TRACEBATON_NO_CONTEXT);
    CHECK("baggage", headers->size() == 1); // without a span nothing is replaced
    const std::unique_ptr<RdKafka::Message> nothing(clients.consumer->consume(0));
    CHECK("no record", tracebaton::choose(*nothing, {format::b3}, true).arrived_as() == format::none);
}

void too_large() {
    clients clients("message.max.bytes", "1000");
    const std::string value(940, 'x');
    tracebaton::record record(KAFKA_TOPIC, value);
    record.partition = 0;
    std::unique_ptr<RdKafka::Headers> headers(RdKafka::Headers::create());
    tracebaton::status written;
    headers->add("k", "v");
    CHECK("too large", tracebaton::produce(*clients.producer, record, context_of(1).injection(), &written) ==
                           RdKafka::ERR_NO_ERROR);
    CHECK("too large", written == TRACEBATON_RDKAFKA_RECORD_TOO_LARGE);
    written = TRACEBATON_OK;
    CHECK("too large", tracebaton::produce(*clients.producer, record, headers, context_of(1).injection(), &written) ==
                           RdKafka::ERR_NO_ERROR);
    CHECK("too large", written == TRACEBATON_RDKAFKA_RECORD_TOO_LARGE && !headers);
    for (int i = 0; i < 2; i++) {
        const auto message = clients.consume();
        CHECK("too large", parents(*message) == 0 && !tracebaton::extract(*message).context().span_id());
    }
    const std::string larger(2000, 'x');
    tracebaton::record refused(KAFKA_TOPIC, larger);
    CHECK("too large", tracebaton::produce(*clients.producer, refused, headers, context_of(1).injection()) ==
                           RdKafka::ERR_MSG_SIZE_TOO_LARGE);
    CHECK("too large", headers && headers->size() == 0);
}

void no_time() {
    clients clients;
    const std::unique_ptr<RdKafka::Message> nothing(clients.consumer->consume(0));
    CHECK("no time", nothing->err() == RdKafka::ERR__TIMED_OUT);
    CHECK("no time", !tracebaton::queue_time_of(*nothing));
    CHECK("no time", !tracebaton::extract(*nothing).context().span_id());

    std::unique_ptr<RdKafka::Headers> headers;
    const tracebaton::record refused(KAFKA_TOPIC, *nothing);
    tracebaton::status written = TRACEBATON_ABSENT;
    CHECK("not a record", tracebaton::produce(*clients.producer, refused, context_of(1).injection(), &written) ==
                              RdKafka::ERR__TIMED_OUT);
    CHECK("not a record", tracebaton::produce(*clients.producer, refused, headers, context_of(1).injection(), &written) ==
                              RdKafka::ERR__TIMED_OUT);
    CHECK("not a record", written == TRACEBATON_ABSENT && !headers && clients.producer->outq_len() == 0);
}

} // namespace

void produce_cpp_suite() {
    send_on();
    send_list();
    send_formats();
    too_large();
    no_time();
}
