// The works of the peer opentelemetry-cpp. Each loop repeats its work over the inputs and shows the last result.
#include "inputs.h"

#include <opentelemetry/baggage/propagation/baggage_propagator.h>
#include <opentelemetry/context/context.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/propagation/http_trace_context.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace otel = opentelemetry;
using otel::context::Context;
using otel::nostd::string_view;

// The program counts the allocations of all languages.
extern "C" void tracebaton_benches_allocated(void);

void *operator new(std::size_t size) {
    tracebaton_benches_allocated();
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

namespace {

// Looks for exactly this name from the end of the headers. Keeps the written values; their names are constants.
class carrier : public otel::context::propagation::TextMapCarrier {
public:
    explicit carrier(const record &received) : received(received) {}

    string_view Get(string_view key) const noexcept override {
        for (std::size_t index = received.count; index-- > 0;) {
            const tracebaton_header_t &header = received.headers[index];
            if (header.name_size == key.size() && std::memcmp(header.name, key.data(), key.size()) == 0)
                return {static_cast<const char *>(header.value), header.value_size};
        }
        return "";
    }
    void Set(string_view, string_view value) noexcept override { sent.emplace_back(value.data(), value.size()); }

    record received;
    std::vector<std::string> sent;
};

template <typename Input, typename Operation, typename Show>
void repeat(const Input *inputs, std::size_t count, std::uint64_t rounds, Operation operation, Show show) {
    auto result = operation(inputs[0]);
    for (std::size_t next = 0; rounds > 0; rounds--) {
        result = operation(inputs[next]);
        __asm__ volatile("" : : "r"(&result) : "memory");
        next = next + 1 == count ? 0 : next + 1;
    }
    show(result);
}

void show_values(const std::vector<std::string> &values, written *output) {
    output->size = 0;
    for (const std::string &value : values) {
        std::memcpy(output->bytes + output->size, value.data(), value.size());
        output->size += value.size();
    }
}

} // namespace

extern "C" {

// A context with a span, for inject_in_cpp; it lives as long as the program.
const Context *context_in_cpp(const tracebaton_context_t *of) {
    const auto state = otel::trace::TraceState::FromHeader({of->tracestate, of->tracestate_size});
    const otel::trace::SpanContext span(otel::trace::TraceId(of->trace_id.bytes), otel::trace::SpanId(of->span_id.bytes),
                                        otel::trace::TraceFlags(of->trace_flags), true, state);
    Context context;
    const otel::nostd::shared_ptr<otel::trace::Span> shared(new otel::trace::DefaultSpan(span));
    return new Context(otel::trace::SetSpan(context, shared));
}

void extract_in_cpp(const record *inputs, std::size_t count, std::uint64_t rounds, tracebaton_context_t *output) {
    otel::trace::propagation::HttpTraceContext propagator;
    const auto extract = [&](const record &input) {
        Context none;
        return propagator.Extract(carrier(input), none);
    };
    repeat(inputs, count, rounds, extract, [&](const Context &found) {
        const auto span = otel::trace::GetSpan(found)->GetContext();
        std::memcpy(output->trace_id.bytes, span.trace_id().Id().data(), sizeof output->trace_id.bytes);
        std::memcpy(output->span_id.bytes, span.span_id().Id().data(), sizeof output->span_id.bytes);
        output->trace_flags = span.trace_flags().flags();
    });
}

void inject_in_cpp(const Context *const *inputs, std::size_t count, std::uint64_t rounds, written *output) {
    otel::trace::propagation::HttpTraceContext propagator;
    const auto inject = [&](const Context *input) {
        carrier to({nullptr, 0});
        propagator.Inject(to, *input);
        return std::move(to.sent);
    };
    repeat(inputs, count, rounds, inject, [&](const auto &values) { show_values(values, output); });
}

// The members as key=value lines.
void read_baggage_in_cpp(const record *inputs, std::size_t count, std::uint64_t rounds, written *output) {
    otel::baggage::propagation::BaggagePropagator propagator;
    const auto read = [&](const record &input) {
        Context none;
        return propagator.Extract(carrier(input), none);
    };
    repeat(inputs, count, rounds, read, [&](const Context &found) {
        std::string lines;
        otel::baggage::GetBaggage(found)->GetAllEntries([&](string_view key, string_view value) {
            lines.append(key.data(), key.size()).append("=").append(value.data(), value.size()).append("\n");
            return true;
        });
        show_values({lines}, output);
    });
}

void build_baggage_in_cpp(const three_entries *inputs, std::size_t count, std::uint64_t rounds, written *output) {
    otel::baggage::propagation::BaggagePropagator propagator;
    const auto build = [&](const three_entries &input) {
        std::pair<string_view, string_view> entries[3];
        for (std::size_t index = 0; index < 3; index++) {
            const tracebaton_baggage_entry_t &entry = input.entries[index];
            entries[index] = {{entry.key, entry.key_size}, {entry.value, entry.value_size}};
        }
        const otel::nostd::span<const std::pair<string_view, string_view>> members(entries, 3);
        const otel::nostd::shared_ptr<otel::baggage::Baggage> baggage(new otel::baggage::Baggage(members));
        Context none;
        carrier to({nullptr, 0});
        propagator.Inject(to, otel::baggage::SetBaggage(none, baggage));
        return std::move(to.sent);
    };
    repeat(inputs, count, rounds, build, [&](const auto &values) { show_values(values, output); });
}
}
