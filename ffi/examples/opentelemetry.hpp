/*
 * opentelemetry.hpp: trace context in Kafka headers for C++ services that use opentelemetry-cpp.
 *
 *     tracebaton::opentelemetry::inject_trace_context(headers);       // the current span, into RdKafka::Headers
 *     auto parent = tracebaton::opentelemetry::extract_trace_context(message); // a Context, for StartSpanOptions::parent
 *
 * Copy it into your service and change it there. It needs the headers of opentelemetry-cpp's API, and none of its libraries;
 * tested with version 1.29. Of the API's types it names only those that hold the current context.
 *
 * opentelemetry-cpp stores the properties of a baggage member in its value, after ";". A value that contains ";" and then
 * text that looks like a property is therefore written with a property.
 *
 * R, W and C with a number are rules of PROFILE.md.
 */
#ifndef TRACEBATON_OPENTELEMETRY_HPP
#define TRACEBATON_OPENTELEMETRY_HPP

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

#include <opentelemetry/baggage/baggage_context.h>
#include <opentelemetry/context/runtime_context.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/default_span.h>

#include "tracebaton.hpp"

namespace tracebaton {
namespace opentelemetry {

/* The return type of a member function, without const and reference. */
#define TRACEBATON_TYPE_OF(Class, member) std::decay_t<decltype(std::declval<const Class &>().member())>

/** The tracestate in opentelemetry-cpp's type: a pointer as SpanContext::trace_state() returns it. */
template <typename Pointer>
Pointer to_trace_state(const tracestate &members) {
    using TraceState = std::decay_t<decltype(*std::declval<Pointer>())>;
    std::string list;
    for (const tracestate_member &member : members)
        list.append(list.empty() ? "" : ",").append(member.key).append("=").append(member.value);
    return TraceState::FromHeader({list.data(), list.size()});
}

/**
 * Converts a context to opentelemetry::trace::SpanContext: remote, with ids, both flags and the tracestate.
 *
 * The result is invalid if there is no span context.
 */
template <typename SpanContext>
SpanContext to_span_context(const context &received) {
    using TraceId = TRACEBATON_TYPE_OF(SpanContext, trace_id);
    using SpanId = TRACEBATON_TYPE_OF(SpanContext, span_id);
    using TraceFlags = TRACEBATON_TYPE_OF(SpanContext, trace_flags);
    using TraceStatePointer = TRACEBATON_TYPE_OF(SpanContext, trace_state);
    const tracebaton_context_t &source = *received.c_ptr();
    if (!received.trace_id())
        return SpanContext(false, true);
    return SpanContext(TraceId(source.trace_id.bytes), SpanId(source.span_id.bytes), TraceFlags(source.trace_flags), true,
                       to_trace_state<TraceStatePointer>(received.tracestate()));
}

/**
 * Converts the members: values decoded, properties after ";" as opentelemetry-cpp stores them, the last member of each
 * key.
 */
template <typename Baggage>
Baggage to_baggage(const baggage &members) {
    std::map<std::string, std::string> values;
    for (const baggage_member &member : members) {
        std::string value(member.encoded_value().size(), '\0');
        value.resize(member.value({value.data(), value.size()}).value_or("").size());
        if (!member.properties().empty())
            value.append(";").append(member.properties().text());
        values.insert_or_assign(std::string(member.key()), std::move(value));
    }
    return Baggage(values);
}

#undef TRACEBATON_TYPE_OF

/** A span context and baggage of opentelemetry-cpp, as values of headers. */
class sent_context {
  public:
    /** Has no span context if \p span is invalid. Leaves out a tracestate or a member that W3C does not allow (W3). */
    template <typename SpanContext, typename Baggage>
    sent_context(const SpanContext &span, const Baggage &values) : context_{} {
        if (span.IsValid()) {
            std::memcpy(context_.trace_id.bytes, span.trace_id().Id().data(), sizeof(context_.trace_id));
            std::memcpy(context_.span_id.bytes, span.span_id().Id().data(), sizeof(context_.span_id));
            context_.trace_flags = span.trace_flags().flags();
            tracestate_ = span.trace_state()->ToHeader();
        }
        values.GetAllEntries([this](auto key, auto value) {
            add({key.data(), key.size()}, {value.data(), value.size()});
            return true;
        });
    }

    /** The injection of this context. It points into this object. */
    tracebaton::injection injection() const & noexcept {
        tracebaton_context_t sent = context_;
        tracebaton_injection_t prepared{};
        sent.baggage = baggage_.data();
        sent.baggage_size = baggage_.size();
        sent.tracestate = tracestate_.data();
        sent.tracestate_size = tracestate_.size();
        if (tracebaton_injection_prepare(&sent, &prepared) < 0) {
            sent.tracestate_size = 0;
            tracebaton_injection_prepare(&sent, &prepared);
        }
        return tracebaton::injection(prepared);
    }
    tracebaton::injection injection() const && = delete;

  private:
    /** Adds a member. The text after a ";" becomes its properties if it is valid as such, otherwise a part of the value. */
    void add(std::string_view key, std::string_view value) {
        const std::size_t end = std::min(value.find(';'), value.size());
        std::string member = encoded(key, value.substr(0, end)).append(value.substr(end));
        if (end < value.size() && !is_member(member))
            member = encoded(key, value);
        if (!is_member(member) || members_ == TRACEBATON_BAGGAGE_MAX_MEMBERS ||
            baggage_.size() + 1 + member.size() > TRACEBATON_BAGGAGE_MAX_SIZE)
            return;
        baggage_.append(baggage_.empty() ? "" : ",").append(member);
        members_++;
    }

    static std::string encoded(std::string_view key, std::string_view value) {
        char place[TRACEBATON_BAGGAGE_MAX_SIZE];
        context member;
        return std::string(member.set_baggage(key, value, place) == TRACEBATON_OK ? member.baggage().text() : "");
    }

    /** Whether a text is exactly one well-formed member (R8). */
    static bool is_member(const std::string &text) noexcept {
        tracebaton_context_t list{};
        tracebaton_cursor_t cursor{};
        tracebaton_baggage_member_t member;
        list.baggage = text.data();
        list.baggage_size = text.size();
        return tracebaton_baggage_next(&list, &cursor, &member) == TRACEBATON_OK && member.member_size == text.size();
    }

    tracebaton_context_t context_;
    std::string tracestate_;
    std::string baggage_;
    std::size_t members_ = 0;
};

/**
 * Writes the current span and baggage into headers, such as RdKafka::Headers (W1). Either all headers are written, or none
 * (W6).
 *
 * Without a current span, traceparent and tracestate stay as they are, and only baggage is written (W2). The result is then
 * TRACEBATON_NO_CONTEXT.
 */
template <typename Headers>
status inject_trace_context(Headers &headers, const ::opentelemetry::context::Context &current =
                                                  ::opentelemetry::context::RuntimeContext::GetCurrent()) {
    const sent_context sent(::opentelemetry::trace::GetSpan(current)->GetContext(),
                            *::opentelemetry::baggage::GetBaggage(current));
    return inject(sent.injection(), headers);
}

/**
 * Extracts the headers of a record, an RdKafka::Message or a range of headers (R1 to R10), into a copy of a context.
 *
 * The copy has the accepted parts as its remote span and its baggage; all other values are unchanged. It does not point into
 * the record.
 */
template <typename Record>
::opentelemetry::context::Context
extract_trace_context(Record &record, ::opentelemetry::context::Context current =
                                          ::opentelemetry::context::RuntimeContext::GetCurrent()) {
    using SpanPointer = decltype(::opentelemetry::trace::GetSpan(current));
    using SpanContext = decltype(std::declval<SpanPointer>()->GetContext());
    using BaggagePointer = decltype(::opentelemetry::baggage::GetBaggage(current));
    using Baggage = std::decay_t<decltype(*std::declval<BaggagePointer>())>;
    const context received = extract(record).context();
    if (received.trace_id()) {
        const auto span = to_span_context<SpanContext>(received);
        current = ::opentelemetry::trace::SetSpan(current, SpanPointer(new ::opentelemetry::trace::DefaultSpan(span)));
    }
    if (!received.baggage().empty())
        current = ::opentelemetry::baggage::SetBaggage(
            current, BaggagePointer(new Baggage(to_baggage<Baggage>(received.baggage()))));
    return current;
}

} // namespace opentelemetry
} // namespace tracebaton

#endif
