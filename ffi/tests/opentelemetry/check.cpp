// The adapter of ffi/examples/opentelemetry.hpp, with the headers of opentelemetry-cpp and with librdkafka++.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "opentelemetry.hpp"

namespace {

using ::opentelemetry::context::Context;
using ::opentelemetry::context::RuntimeContext;
namespace trace = ::opentelemetry::trace;
namespace baggage = ::opentelemetry::baggage;
using tracebaton::opentelemetry::extract_trace_context;
using tracebaton::opentelemetry::inject_trace_context;

using header_list = std::vector<tracebaton::header>;

void check(bool holds, const char *what) {
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::exit(1);
}

std::string text(const RdKafka::Headers &headers) {
    std::string all;
    for (const auto &header : headers.get_all())
        all.append(header.key()).append("=").append(header.value_string() ? header.value_string() : "").append("\n");
    return all;
}

std::unique_ptr<RdKafka::Headers> list() { return std::unique_ptr<RdKafka::Headers>(RdKafka::Headers::create()); }

const char traceparent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";

void a_record_becomes_a_remote_parent() {
    const header_list headers{{"traceparent", traceparent},
                              {"tracestate", "  foo=1 ,, bar= 2"},
                              {"baggage", "user=Am%C3%A9lie;ttl=30, region=eu, user=last, =skipped"}};
    const Context received = extract_trace_context(headers, Context());
    const trace::SpanContext span = trace::GetSpan(received)->GetContext();
    char trace_id[32], span_id[16];
    span.trace_id().ToLowerBase16(trace_id);
    span.span_id().ToLowerBase16(span_id);
    check(span.IsValid() && span.IsRemote() && span.IsSampled(), "valid, remote and sampled");
    check(std::string(trace_id, 32) == "0af7651916cd43dd8448eb211c80319c", "trace id");
    check(std::string(span_id, 16) == "b7ad6b7169203331", "span id");
    check(span.trace_flags().flags() == 3, "both flags");
    check(span.trace_state()->ToHeader() == "foo=1,bar= 2", "trace state");
    std::string value;
    check(baggage::GetBaggage(received)->GetValue("user", value) && value == "last", "the last of a key");
    check(baggage::GetBaggage(received)->GetValue("region", value) && value == "eu", "a value");

    const auto sent = list();
    sent->add("Traceparent", "stale");
    sent->add("schema", "7");
    check(inject_trace_context(*sent, received) == TRACEBATON_OK, "injected");
    check(text(*sent) == std::string("schema=7\ntraceparent=") + traceparent +
                             "\ntracestate=foo=1,bar= 2\nbaggage=region=eu,user=last\n",
          "all of it comes out again, and once");
}

void values_and_properties_survive() {
    const header_list headers{{"baggage", "user=Am%C3%A9lie+100%25;ttl=30;note=a%20b"}};
    const Context received = extract_trace_context(headers, Context());
    std::string value;
    check(!trace::GetSpan(received)->GetContext().IsValid(), "no span");
    check(baggage::GetBaggage(received)->GetValue("user", value), "a member");
    check(value == "Am\xc3\xa9lie+100%;ttl=30;note=a%20b", "decoded, with its properties");
    const auto sent = list();
    check(inject_trace_context(*sent, received) == TRACEBATON_NO_CONTEXT, "no span was injected");
    check(text(*sent) == "baggage=user=Am%C3%A9lie%2B100%25;ttl=30;note=a%20b\n", "encoded again, as in C5");
}

void what_is_no_property_is_part_of_the_value() {
    auto empty = baggage::Baggage::GetDefault();
    Context current;
    current = baggage::SetBaggage(current, empty->Set("path", "a; b c")->Set("plain", "a b")->Set("no token", "x"));
    const auto sent = list();
    check(inject_trace_context(*sent, current) == TRACEBATON_NO_CONTEXT, "no span was injected");
    const std::string headers = text(*sent);
    check(headers == "baggage=plain=a%20b,path=a%3B%20b%20c\n", headers.c_str());
}

void nothing_is_no_context_and_changes_nothing() {
    const header_list refused{{"traceparent", "00-0-0-00"}, {"tracestate", "foo=1"}, {"baggage", "\x01"}};
    const Context received = extract_trace_context(refused, Context());
    check(!trace::GetSpan(received)->GetContext().IsValid(), "nothing was accepted");
    const auto sent = list();
    sent->add("traceparent", traceparent);
    check(inject_trace_context(*sent, received) == TRACEBATON_NO_CONTEXT, "no span was injected");
    check(text(*sent) == std::string("traceparent=") + traceparent + "\n", "without a span, the headers stay (W2)");
}

void the_current_span_is_sent() {
    const header_list headers{{"traceparent", traceparent}};
    const auto attached = RuntimeContext::Attach(extract_trace_context(headers));
    const auto sent = list();
    check(inject_trace_context(*sent) == TRACEBATON_OK, "injected");
    check(text(*sent) == std::string("traceparent=") + traceparent + "\n", "the current span");
}

void a_tracestate_that_is_too_long_is_left_out() {
    std::string members;
    for (int i = 0; i < 32; i++)
        members += (i ? ",k" : "k") + std::to_string(i) + "=" + std::string(256, 'v');
    const trace::TraceId trace_id(std::array<const std::uint8_t, 16>{1});
    const trace::SpanId span_id(std::array<const std::uint8_t, 8>{2});
    const trace::SpanContext span(trace_id, span_id, trace::TraceFlags(0xff), false, trace::TraceState::FromHeader(members));
    check(span.trace_state()->ToHeader().size() > TRACEBATON_TRACESTATE_MAX_SIZE, "too long");
    const tracebaton::opentelemetry::sent_context sent(span, baggage::Baggage());
    const auto headers = list();
    check(tracebaton::inject(sent.injection(), *headers) == TRACEBATON_OK, "injected");
    check(text(*headers) == "traceparent=00-01000000000000000000000000000000-0200000000000000-03\n", text(*headers).c_str());
}

} // namespace

int main() {
    a_record_becomes_a_remote_parent();
    values_and_properties_survive();
    what_is_no_property_is_part_of_the_value();
    nothing_is_no_context_and_changes_nothing();
    the_current_span_is_sent();
    a_tracestate_that_is_too_long_is_left_out();
    std::puts("the adapter works");
}
