/*
 * Common parts of the example services: clients, a loop that ends with a signal, spans, and their output.
 *
 * A service with a tracer gets its ids and spans from the tracer.
 */
#ifndef SERVICE_HPP
#define SERVICE_HPP

#include <csignal>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>

#include <tracebaton.hpp>

inline volatile std::sig_atomic_t stopped = 0;

inline void stop_at_signals() {
    std::signal(SIGINT, [](int) { stopped = 1; });
    std::signal(SIGTERM, [](int) { stopped = 1; });
}

/** A client; of a consumer, the name is that of its group. */
template <typename Client>
std::unique_ptr<Client> client(const std::string &brokers, const std::string &name) {
    std::string error;
    const std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    conf->set("bootstrap.servers", brokers, error);
    if (std::is_same_v<Client, RdKafka::KafkaConsumer>) {
        conf->set("group.id", name, error);
        conf->set("auto.offset.reset", "earliest", error);
    }
    std::unique_ptr<Client> created(Client::create(conf.get(), error));
    if (!created)
        std::cerr << error << '\n';
    return created;
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
