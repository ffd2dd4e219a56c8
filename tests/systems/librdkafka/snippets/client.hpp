/* librdkafka++ clients on a scenario's mock cluster. */
#ifndef CLIENT_HPP
#define CLIENT_HPP

#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "tracebaton.hpp"

#include "scenario.h"

template <typename Client>
std::unique_ptr<Client> client_of(const kafka &kafka, std::initializer_list<std::pair<const char *, const char *>> options) {
    std::string error;
    const std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
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

/* A producer whose queue has room for one record, and a consumer of KAFKA_TOPIC. */
inline std::unique_ptr<RdKafka::Producer> producer_of(const kafka &kafka) {
    return client_of<RdKafka::Producer>(kafka, {{"queue.buffering.max.messages", "1"}, {"linger.ms", "100"}});
}

inline std::unique_ptr<RdKafka::KafkaConsumer> consumer_of(const kafka &kafka) {
    auto consumer = client_of<RdKafka::KafkaConsumer>(
        kafka, {{"group.id", "never joined"}, {"fetch.wait.max.ms", "5"}, {"enable.partition.eof", "true"}});
    const std::unique_ptr<RdKafka::TopicPartition> partition(RdKafka::TopicPartition::create(KAFKA_TOPIC, 0, 0));
    consumer->assign({partition.get()});
    return consumer;
}

/* Fills the queue of that producer. */
inline void fill_queue(RdKafka::Producer &producer) {
    producer.flush(10000);
    producer.produce(KAFKA_TOPIC, 0, RdKafka::Producer::RK_MSG_COPY, const_cast<char *>("filler"), 6, nullptr, 0, 0, nullptr);
}

#endif
