// The peer dd-trace-cpp in the README's comparison: its functions for W3C's headers, without a tracer. See
// benches/src/comparison/datadog.rs.
#include <datadog/baggage.h>
#include <datadog/dict_reader.h>
#include <datadog/null_logger.h>
#include <datadog/w3c_propagation.h>

#include <cstdlib>
#include <iostream>
#include <new>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dd = datadog::tracing;
using headers = std::vector<std::pair<std::string, std::string>>;

/// The last value with exactly this name; null if there is none.
static const std::string *find(const headers &all, const std::string &name) {
    for (auto header = all.rbegin(); header != all.rend(); ++header)
        if (header->first == name)
            return &header->second;
    return nullptr;
}

static unsigned long allocation_count;

void *operator new(std::size_t size) {
    ++allocation_count;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

/// Allocations of the second of two calls, since the first may allocate for initialisation.
template <typename Operation> unsigned long allocations(Operation operation) {
    operation();
    const unsigned long before = allocation_count;
    operation();
    return allocation_count - before;
}

static std::string decoded(const std::string &hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
    return bytes;
}

struct reader : dd::DictReader {
    explicit reader(const headers &record) : record(record) {}

    dd::Optional<dd::StringView> lookup(dd::StringView key) const override {
        for (auto header = record.rbegin(); header != record.rend(); ++header)
            if (header->first == key)
                return dd::StringView(header->second);
        return dd::nullopt;
    }
    void visit(const std::function<void(dd::StringView, dd::StringView)> &visitor) const override {
        for (const auto &header : record)
            visitor(header.first, header.second);
    }

    const headers &record;
};

struct peer {
    dd::NullLogger logger;
    dd::ExtractedData data;

    bool accepts(const headers &record) {
        extract(record);
        return data.trace_id && data.parent_id;
    }
    void extract(const headers &record) {
        std::unordered_map<std::string, std::string> tags;
        auto found = dd::extract_w3c(reader(record), tags, logger);
        data = found ? std::move(*found) : dd::ExtractedData();
    }
    headers inject() {
        const int priority = data.sampling_priority.value_or(0);
        return {{"traceparent", dd::encode_traceparent(*data.trace_id, *data.parent_id, priority)},
                {"tracestate", dd::encode_tracestate(*data.parent_id, priority, data.origin, data.trace_tags,
                                                     data.additional_datadog_w3c_tracestate,
                                                     data.additional_w3c_tracestate)}};
    }
    headers relay(const headers &record) {
        extract(record);
        return inject();
    }
    bool reads_baggage(const headers &record) {
        auto read = dd::Baggage::extract(reader(record));
        return read && read->get("tenant") == "7";
    }
};

/// Reads a record, with each name and value in hexadecimal digits on a line, an empty line, and one traceparent a line.
/// Writes for each traceparent whether it is accepted, and then the other figures.
int main() {
    peer peer;
    headers record;
    for (std::string line; std::getline(std::cin, line) && !line.empty();) {
        const auto space = line.find(' ');
        record.emplace_back(line.substr(0, space), decoded(line.substr(space + 1)));
    }
    for (std::string line; std::getline(std::cin, line);)
        std::cout << peer.accepts({{"traceparent", decoded(line)}}) << "\n";
    const auto yes = [](bool is_so) { return is_so ? "yes" : "no"; };
    const headers sent = peer.relay({{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"},
                                     {"tracestate", "rojo=1"}});
    const std::string *parent = find(sent, "traceparent"), *state = find(sent, "tracestate");
    std::cout << yes(parent && parent->substr(52) == "-03") << "\n"
              << yes(state && state->find("rojo=1") != std::string::npos) << "\n"
              << yes(peer.reads_baggage({{"baggage", "tenant=7"}})) << "\n"
              << allocations([&] { peer.extract(record); }) << "\n";
    peer.extract(record);
    std::cout << allocations([&] { peer.inject(); }) << "\n";
    return 0;
}
