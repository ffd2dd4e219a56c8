#include "service.hpp"

#include <chrono>
#include <stdexcept>

static constexpr int patience_ms = 60000;

static void check(RdKafka::ErrorCode error, const std::string &what) {
    if (error != RdKafka::ERR_NO_ERROR)
        throw std::runtime_error(what + ": " + RdKafka::err2str(error));
}

static std::string_view key_of(const RdKafka::Message &message) {
    return {static_cast<const char *>(message.key_pointer()), message.key_len()};
}

service::service(std::string brokers, std::string name) : brokers_(std::move(brokers)), name_(std::move(name)) {
    std::string error;
    const auto settings = conf();
    settings->set("dr_cb", static_cast<RdKafka::DeliveryReportCb *>(this), error);
    producer_.reset(RdKafka::Producer::create(settings.get(), error));
    if (!producer_)
        throw std::runtime_error(error);
}

std::unique_ptr<RdKafka::Conf> service::conf() {
    std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    const std::pair<const char *, std::string> settings[] = {
        {"bootstrap.servers", brokers_}, {"client.id", name_},          {"group.id", name_}, {"enable.auto.commit", "false"},
        {"fetch.wait.max.ms", "10"},     {"linger.ms", "0"},            {"log_level", "4"}};
    std::string error;
    for (const auto &[setting, value] : settings)
        if (conf->set(setting, value, error) != RdKafka::Conf::CONF_OK)
            throw std::runtime_error(error);
    return conf;
}

/* Calls `handle` with the first records of the topic's only partition. Delivery reports are handled meanwhile. */
template <typename Handle>
void service::read(const std::string &topic, std::size_t count, Handle handle) {
    using clock = std::chrono::steady_clock;
    std::string error;
    const auto settings = conf();
    const std::unique_ptr<RdKafka::KafkaConsumer> consumer(RdKafka::KafkaConsumer::create(settings.get(), error));
    if (!consumer)
        throw std::runtime_error(error);
    const std::unique_ptr<RdKafka::TopicPartition> partition(
        RdKafka::TopicPartition::create(topic, 0, RdKafka::Topic::OFFSET_BEGINNING));
    check(consumer->assign({partition.get()}), topic);
    auto last = clock::now();
    while (count > 0) {
        producer_->poll(0);
        const std::unique_ptr<RdKafka::Message> message(consumer->consume(5));
        if (message->err() == RdKafka::ERR__TIMED_OUT) {
            if (clock::now() - last > std::chrono::milliseconds(patience_ms))
                throw std::runtime_error("no record from " + topic + " within a minute");
            continue;
        }
        check(message->err(), "cannot read " + topic);
        handle(*message);
        last = clock::now();
        count--;
    }
    consumer->close();
}

/* Produces a record with a span that is a child of the parent. Returns the injected context. */
tracebaton::context service::send(const std::string &topic, tracebaton::record record, const tracebaton::context &parent) {
    const auto own = start_span(parent);
    const std::string_view key(static_cast<const char *>(record.key), record.key_len);
    auto sending = std::make_unique<span>("producer", own, parent, topic, key);
    record.msg_opaque = sending.get();
    check(tracebaton::produce(*producer_, record, own.injection()), "cannot send to " + topic);
    sending.release();
    return own;
}

void service::dr_cb(RdKafka::Message &message) {
    const std::unique_ptr<span> sending(static_cast<span *>(message.msg_opaque()));
    if (message.err() != RdKafka::ERR_NO_ERROR)
        failure_ = message.errstr();
    sending->end(finished_);
}

/* Waits until every record is delivered, and then adds the spans to the answer. */
json service::finish(const char *verb, json answers) {
    check(producer_->flush(patience_ms), "the broker does not accept the records");
    if (!failure_.empty())
        throw std::runtime_error("a record was not delivered: " + failure_);
    return {{verb, std::move(answers)}, {"spans", std::move(finished_)}};
}

static json received(RdKafka::Message &message, const tracebaton::context &context) {
    return {{"key", std::string(key_of(message))}, {"context", to_json(context)}, {"relation", "parent"}};
}

json service::produce(const std::string &topic, const json &records) {
    json sent = json::array();
    for (const json &source : records) {
        const made_context parent(source.at("context"));
        const auto &key = source.at("key").get_ref<const std::string &>();
        tracebaton::record record(topic.c_str(), source.at("value").get_ref<const std::string &>());
        record.key = key.data();
        record.key_len = key.size();
        sent.push_back({{"key", key}, {"context", to_json(send(topic, record, parent.get()))}});
    }
    return finish("produced", std::move(sent));
}

json service::consume(const std::string &topic, std::size_t count) {
    json consumed = json::array();
    read(topic, count, [&](RdKafka::Message &message) {
        consumed.push_back(received(message, tracebaton::extract(message).context()));
    });
    return {{"consumed", std::move(consumed)}};
}

json service::relay(const std::string &from, const std::string &to, std::size_t count) {
    json relayed = json::array();
    read(from, count, [&](RdKafka::Message &message) {
        const auto parent = tracebaton::extract(message).context();
        const auto process = start_span(parent);
        span processing("consumer", process, parent, from, key_of(message));
        processing.waited(message);
        send(to, {to.c_str(), message}, process);
        processing.end(finished_);
        relayed.push_back(received(message, parent));
    });
    return finish("relayed", std::move(relayed));
}

json service::obey(const json &told) {
    const std::string command = told.at("command");
    finished_ = json::array();
    failure_.clear();
    if (command == "produce")
        return produce(told.at("topic"), told.at("records"));
    if (command == "consume")
        return consume(told.at("topic"), told.at("count"));
    if (command == "relay")
        return relay(told.at("from"), told.at("to"), told.at("count"));
    throw std::invalid_argument("not a command: " + command);
}
