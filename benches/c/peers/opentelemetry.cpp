// The peer opentelemetry-cpp; only its API is needed.
#include "peer.hpp"

#include <opentelemetry/baggage/propagation/baggage_propagator.h>
#include <opentelemetry/context/context.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/propagation/http_trace_context.h>

namespace otel = opentelemetry;

class carrier : public otel::context::propagation::TextMapCarrier {
public:
    explicit carrier(const headers *received) : received(received) {}

    otel::nostd::string_view Get(otel::nostd::string_view key) const noexcept override {
        for (auto header = received->rbegin(); header != received->rend(); ++header)
            if (header->first == key)
                return header->second;
        return "";
    }
    void Set(otel::nostd::string_view key, otel::nostd::string_view value) noexcept override {
        sent.emplace_back(std::string(key), std::string(value));
    }

    const headers *received;
    headers sent;
};

struct peer {
    otel::trace::propagation::HttpTraceContext propagator;
    otel::context::Context context, extracted;

    bool accepts(const headers &record) {
        extract(record);
        return otel::trace::GetSpan(extracted)->GetContext().IsValid();
    }
    void extract(const headers &record) {
        carrier from(&record);
        extracted = propagator.Extract(from, context);
    }
    headers inject() {
        carrier to(nullptr);
        to.sent.reserve(2);
        propagator.Inject(to, extracted);
        return to.sent;
    }
    headers relay(const headers &record) {
        extract(record);
        return inject();
    }
    bool reads_baggage(const headers &record) {
        carrier from(&record);
        auto read = otel::baggage::propagation::BaggagePropagator().Extract(from, context);
        std::string value;
        return otel::baggage::GetBaggage(read)->GetValue("tenant", value) && value == "7";
    }
};

int main() { return answer(peer()); }
