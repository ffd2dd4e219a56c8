#include "spans.hpp"

#include <chrono>
#include <random>

static void random_bytes(std::uint8_t *bytes, std::size_t size) {
    static std::random_device source;
    while (size-- > 0)
        *bytes++ = static_cast<std::uint8_t>(source());
}

static std::int64_t now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

tracebaton::context start_span(const tracebaton::context &parent) {
    constexpr auto flags = tracebaton::trace_flags::sampled | tracebaton::trace_flags::random;
    const auto trace = tracebaton::trace_id::generate(random_bytes);
    return parent.child_or_root(trace, tracebaton::span_id::generate(random_bytes), flags);
}

span::span(const char *kind, const tracebaton::context &own, const tracebaton::context &parent, const std::string &topic,
           std::string_view key)
    : is_sampled_(own.is_sampled()), described_{{"trace_id", to_json(own.trace_id())},
                                                {"span_id", to_json(own.span_id())},
                                                {"parent", to_json(parent.span_id())},
                                                {"links", json::array()},
                                                {"name", (kind == std::string("producer") ? "send " : "process ") + topic},
                                                {"kind", kind},
                                                {"start_us", now()},
                                                {"topic", topic},
                                                {"key", std::string(key)},
                                                {"queue_time_ms", nullptr},
                                                {"timestamp_type", nullptr}} {}

void span::waited(RdKafka::Message &message) {
    const auto waited = tracebaton::queue_time_of(message);
    if (!waited)
        return;
    described_["queue_time_ms"] = waited->duration.count();
    described_["timestamp_type"] =
        waited->kind == tracebaton::timestamp_kind::log_append_time ? "log_append_time" : "create_time";
}

void span::end(json &finished) {
    described_["end_us"] = now();
    if (is_sampled_)
        finished.push_back(std::move(described_));
}
