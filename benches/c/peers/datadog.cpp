// The peer dd-trace-cpp: its functions for W3C's headers, without a tracer.
#include "peer.hpp"

#include <datadog/baggage.h>
#include <datadog/dict_reader.h>
#include <datadog/null_logger.h>
#include <datadog/w3c_propagation.h>
#include <unordered_map>

namespace dd = datadog::tracing;

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

int main() { return answer(peer()); }
