// OpenTelemetry for C++: its propagators, TraceState and Baggage as functions that opentelemetry_cpp.py calls.
#include <opentelemetry/baggage/propagation/baggage_propagator.h>
#include <opentelemetry/context/context.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/propagation/b3_propagator.h>
#include <opentelemetry/trace/propagation/http_trace_context.h>
#include <opentelemetry/trace/propagation/jaeger.h>

#include <cctype>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace otel = opentelemetry;
namespace propagation = otel::trace::propagation;
using otel::nostd::string_view;

extern "C" {
struct text {
    const char *bytes;
    std::size_t size;
};
struct header {
    text name, value;
};
// Takes one part of the result: what it is, its key or name, and its value.
using sink = void (*)(const char *part, const char *key, std::size_t key_size, const char *value, std::size_t value_size);
}

namespace {

string_view view(text of) { return {of.bytes, of.size}; }

void give(sink to, const char *part, string_view key, string_view value) {
    to(part, key.data(), key.size(), value.data(), value.size());
}

bool equal_in_any_case(string_view one, string_view other) {
    const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
    return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(), [&](char left, char right) {
               return lower(left) == lower(right);
           });
}

// Reads from the headers of a row, in any letter case like the carriers of HTTP, and gives what is written to a sink.
class carrier : public otel::context::propagation::TextMapCarrier {
public:
    carrier(const header *headers, std::size_t count, sink to) : headers(headers), count(count), to(to) {}

    string_view Get(string_view key) const noexcept override {
        for (std::size_t index = 0; index < count; index++)
            if (equal_in_any_case(view(headers[index].name), key))
                return view(headers[index].value);
        return "";
    }
    void Set(string_view key, string_view value) noexcept override { give(to, "header", key, value); }

private:
    const header *headers;
    std::size_t count;
    sink to;
};

std::unique_ptr<otel::context::propagation::TextMapPropagator> propagator(const std::string &format) {
    if (format == "b3")
        return std::make_unique<propagation::B3Propagator>();
    if (format == "b3multi")
        return std::make_unique<propagation::B3PropagatorMultiHeader>();
    if (format == "jaeger")
        return std::make_unique<propagation::JaegerPropagator>();
    if (format == "baggage")
        return std::make_unique<otel::baggage::propagation::BaggagePropagator>();
    return std::make_unique<propagation::HttpTraceContext>();
}

template <typename Id> std::string digits(const Id &id) {
    char digits[2 * Id::kSize];
    id.ToLowerBase16(digits);
    return {digits, sizeof digits};
}

auto trace_state(text list) { return otel::trace::TraceState::FromHeader(view(list)); }
auto baggage(text list) { return otel::baggage::Baggage::FromHeader(view(list)); }

} // namespace

extern "C" {

// The span of these headers in this format: its ids and flags, and the members of its tracestate.
void read_span(const char *format, const header *headers, std::size_t count, sink to) {
    otel::context::Context none;
    const auto found = propagator(format)->Extract(carrier(headers, count, to), none);
    const auto span = otel::trace::GetSpan(found)->GetContext();
    if (!span.IsValid())
        return;
    char flags[2];
    span.trace_flags().ToLowerBase16(flags);
    give(to, "trace_id", "", digits(span.trace_id()));
    give(to, "span_id", "", digits(span.span_id()));
    give(to, "flags", "", {flags, sizeof flags});
    span.trace_state()->GetAllEntries([&](string_view key, string_view value) {
        give(to, "tracestate", key, value);
        return true;
    });
}

void read_baggage(const header *headers, std::size_t count, sink to) {
    otel::context::Context none;
    const auto found = propagator("baggage")->Extract(carrier(headers, count, to), none);
    otel::baggage::GetBaggage(found)->GetAllEntries([&](string_view key, string_view value) {
        give(to, "baggage", key, value);
        return true;
    });
}

// The headers that this format has for the context of W3C's headers.
void write(const char *format, const header *headers, std::size_t count, sink to) {
    otel::context::Context context;
    carrier record(headers, count, to);
    context = propagator("tracecontext")->Extract(record, context);
    context = propagator("baggage")->Extract(record, context);
    propagator(format)->Inject(record, context);
}

void tracestate_get(text list, text key, text, sink to) {
    std::string value;
    if (trace_state(list)->Get(view(key), value))
        give(to, "value", "", value);
}

void tracestate_insert(text list, text key, text value, sink to) {
    give(to, "value", "", trace_state(list)->Set(view(key), view(value))->ToHeader());
}

void tracestate_delete(text list, text key, text, sink to) {
    give(to, "value", "", trace_state(list)->Delete(view(key))->ToHeader());
}

void baggage_get(text list, text key, text, sink to) {
    std::string value;
    if (baggage(list)->GetValue(view(key), value))
        give(to, "value", "", value);
}

void baggage_set(text list, text key, text value, sink to) {
    give(to, "value", "", baggage(list)->Set(view(key), view(value))->ToHeader());
}

void baggage_remove(text list, text key, text, sink to) {
    give(to, "value", "", baggage(list)->Delete(view(key))->ToHeader());
}
}
