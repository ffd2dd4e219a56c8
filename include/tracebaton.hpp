/*
 * tracebaton.hpp: carries the trace context across Kafka, for C++17 and newer.
 *
 * Value types over tracebaton.h, and adapters for librdkafka's C++ library over tracebaton_rdkafka.h. Header-only: link with
 * libtracebaton, and with librdkafka++ if you use its adapters. librdkafka 2.0.2 or newer.
 *
 *
 * Consume, work, produce
 * ----------------------
 *     if (message.err() != RdKafka::ERR_NO_ERROR)
 *         return message.err(); // an error, or an event such as a time-out: not a record
 *     const auto received = tracebaton::extract(message).context();
 *     const auto own = received.child_or_root(trace, span, flags);
 *     return tracebaton::produce(producer, {"payments", message}, own.injection());
 *
 * ffi/examples/rdkafka_hop.cpp is the whole program. Around it:
 *
 *     tracebaton::owned_context kept(received);                 // a copy that outlives the message: a retry, another thread
 *     tracebaton::links<128> links;                             // the span contexts of a batch
 *     tracebaton::choose(message, {format::tracecontext, format::b3}, true); // B3, Datadog and others beside W3C
 *     own.injection({format::tracecontext, format::b3});        // written in several formats
 *     tracebaton::strip(headers, formats::all());               // at a boundary that no trace may cross
 *     std::cout << own.trace_id()->hex();                       // ids print, compare and hash
 *
 * Several changes of a list, in one buffer: the first copies the list that came into it, the others change it there.
 *
 *     char state[TRACEBATON_TRACESTATE_MAX_SIZE], baggage[TRACEBATON_BAGGAGE_MAX_SIZE]; // live as long as span
 *     if (span.delete_tracestate("congo", state).is_error() || span.insert_tracestate("ours", "on", state).is_error() ||
 *         span.remove_baggage("card", baggage).is_error() || span.set_baggage("tenant", "7", baggage).is_error())
 *         return 1; // such as a key that is not valid: that change and those after it are not made
 *
 *
 * Laws
 * ----
 * The laws of tracebaton.h apply. In addition:
 *
 *  - Every function that does not allocate is noexcept, and none needs exceptions or run-time type information: the header compiles with
 *    -fno-exceptions and -fno-rtti.
 *  - No function allocates, except owned_context, str(), extract_joined(), write_raw_headers(), and the adapters for
 *    RdKafka::Headers, which allows reading only by copying. The program ends if memory runs out.
 *  - A result that can be an error is [[nodiscard]].
 *  - Contexts, their lists and members are views, like std::string_view. They are valid until the record that they were
 *    read from, or the buffer that they were written to, is freed or modified. owned_context is a copy.
 *
 *
 * librdkafka
 * ----------
 * The adapters are declared if <librdkafka/rdkafkacpp.h> is found. Define TRACEBATON_RDKAFKACPP as 0 to leave them out, or as
 * 1 to get an error if librdkafka is missing.
 *
 *
 * R, W and C with a number are rules of PROFILE.md, F with a number of FORMATS.md.
 */
#ifndef TRACEBATON_HPP
#define TRACEBATON_HPP

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "tracebaton.hpp needs C++17 or newer: compile with -std=c++17 (MSVC: /std:c++17)"
#else

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tracebaton.h"

#ifndef TRACEBATON_RDKAFKACPP
#if __has_include(<librdkafka/rdkafkacpp.h>)
#define TRACEBATON_RDKAFKACPP 1
#else
#define TRACEBATON_RDKAFKACPP 0
#endif
#endif

namespace tracebaton {

/** The result of a call: 0 is success, a positive number another normal outcome, a negative number an error. */
class [[nodiscard]] status {
  public:
    constexpr status(tracebaton_status_t code = TRACEBATON_OK) noexcept : code_(code) {}

    /** The number, one of enum tracebaton_status. */
    constexpr operator tracebaton_status_t() const noexcept { return code_; }

    constexpr bool is_error() const noexcept { return code_ < 0; }

    /** Short name: lower-case words joined by "_", such as "trace_id_zero". */
    std::string_view name() const noexcept { return tracebaton_status_name(code_); }

    /** Meaning as an English sentence. */
    std::string_view message() const noexcept { return tracebaton_status_message(code_); }

  private:
    tracebaton_status_t code_;
};

/**
 * A text of a fixed size, by value.
 *
 * A view of a temporary text does not compile: use std::string s = id.hex(), or store the text in a variable.
 */
template <std::size_t Size>
struct text {
    std::array<char, Size> characters;

    constexpr operator std::string_view() const & noexcept { return {characters.data(), Size}; }
    constexpr operator std::string_view() const && = delete;

    operator std::string() const noexcept { return str(); }
    std::string str() const noexcept { return std::string(characters.data(), Size); }

    friend bool operator==(const text &a, std::string_view b) noexcept { return std::string_view(a) == b; }
    friend bool operator!=(const text &a, std::string_view b) noexcept { return std::string_view(a) != b; }

    template <typename Traits>
    friend std::basic_ostream<char, Traits> &operator<<(std::basic_ostream<char, Traits> &out, const text &written) {
        return out << std::basic_string_view<char, Traits>(written.characters.data(), Size);
    }
};

/** An id of a trace or a span (trace_id, span_id), never all zeros. */
template <std::size_t Size>
class id {
    static_assert(Size == TRACEBATON_TRACE_ID_SIZE || Size == TRACEBATON_SPAN_ID_SIZE, "a trace_id or a span_id");

  public:
    static constexpr std::size_t size = Size;
    using bytes_type = std::array<std::uint8_t, Size>;
    using c_type = std::conditional_t<Size == TRACEBATON_TRACE_ID_SIZE, tracebaton_trace_id_t, tracebaton_span_id_t>;

    /** Makes an id from random bytes, which \p fill writes: fill(std::uint8_t *bytes, std::size_t size). */
    template <typename Fill>
    [[nodiscard]] static id generate(Fill &&fill) noexcept {
        c_type generated;
        if constexpr (Size == TRACEBATON_TRACE_ID_SIZE) {
            tracebaton_trace_id_random_t random;
            fill(random.bytes, Size);
            tracebaton_trace_id_generate(&random, &generated);
        } else {
            tracebaton_span_id_random_t random;
            fill(random.bytes, Size);
            tracebaton_span_id_generate(&random, &generated);
        }
        return id(generated);
    }

    /** Makes an id of these bytes; std::nullopt if all of them are zero. */
    [[nodiscard]] static constexpr std::optional<id> from_bytes(const bytes_type &bytes) noexcept {
        for (const std::uint8_t byte : bytes)
            if (byte != 0)
                return id(bytes);
        return std::nullopt;
    }

    /** Reads an id from lower-case hexadecimal digits; std::nullopt if they are invalid or all zeros. */
    [[nodiscard]] static std::optional<id> from_hex(std::string_view hex) noexcept {
        c_type read;
        tracebaton_status_t result;
        if constexpr (Size == TRACEBATON_TRACE_ID_SIZE)
            result = tracebaton_trace_id_from_hex(hex.data(), hex.size(), &read);
        else
            result = tracebaton_span_id_from_hex(hex.data(), hex.size(), &read);
        return result == TRACEBATON_OK ? std::optional<id>(id(read)) : std::nullopt;
    }

    constexpr const bytes_type &bytes() const noexcept { return bytes_; }

    /** The lower-case hexadecimal digits of the id. */
    text<2 * Size> hex() const noexcept {
        text<2 * Size> digits{};
        const c_type value = c_value();
        if constexpr (Size == TRACEBATON_TRACE_ID_SIZE)
            tracebaton_trace_id_to_hex(&value, digits.characters.data());
        else
            tracebaton_span_id_to_hex(&value, digits.characters.data());
        return digits;
    }

    /** The digits as a string. */
    std::string str() const noexcept { return hex().str(); }

    /** The id as argument for the functions of tracebaton.h. */
    c_type c_value() const noexcept {
        c_type value;
        std::memcpy(value.bytes, bytes_.data(), Size);
        return value;
    }

    friend bool operator==(const id &a, const id &b) noexcept { return a.bytes_ == b.bytes_; }
    friend bool operator!=(const id &a, const id &b) noexcept { return a.bytes_ != b.bytes_; }
    friend bool operator<(const id &a, const id &b) noexcept { return a.bytes_ < b.bytes_; }
    friend bool operator>(const id &a, const id &b) noexcept { return b < a; }
    friend bool operator<=(const id &a, const id &b) noexcept { return !(b < a); }
    friend bool operator>=(const id &a, const id &b) noexcept { return !(a < b); }

    /** Writes the hexadecimal digits. */
    template <typename Traits>
    friend std::basic_ostream<char, Traits> &operator<<(std::basic_ostream<char, Traits> &out, const id &written) {
        return out << written.hex();
    }

  private:
    explicit constexpr id(const bytes_type &bytes) noexcept : bytes_(bytes) {}
    explicit id(const c_type &value) noexcept : bytes_{} { std::memcpy(bytes_.data(), value.bytes, Size); }

    bytes_type bytes_;
};

using trace_id = id<TRACEBATON_TRACE_ID_SIZE>;
using span_id = id<TRACEBATON_SPAN_ID_SIZE>;

} // namespace tracebaton

/** Hashes ids for unordered containers. */
template <std::size_t Size>
struct std::hash<tracebaton::id<Size>> {
    std::size_t operator()(const tracebaton::id<Size> &hashed) const noexcept {
        return std::hash<std::string_view>()(
            std::string_view(reinterpret_cast<const char *>(hashed.bytes().data()), Size));
    }
};

namespace tracebaton {

/**
 * Flags of a trace. sampled: the parent may have recorded its span. random: the right-most 7 bytes of the trace id are
 * random.
 */
namespace trace_flags {
inline constexpr std::uint8_t sampled = TRACEBATON_FLAG_SAMPLED;
inline constexpr std::uint8_t random = TRACEBATON_FLAG_RANDOM;
} // namespace trace_flags

/** A tracing format (F1). Those from datastreams on are known by the names of their headers only. */
enum class format : tracebaton_format_t {
    none = TRACEBATON_FORMAT_NONE,
    tracecontext = TRACEBATON_FORMAT_TRACECONTEXT,
    baggage = TRACEBATON_FORMAT_BAGGAGE,
    b3 = TRACEBATON_FORMAT_B3,
    b3multi = TRACEBATON_FORMAT_B3MULTI,
    jaeger = TRACEBATON_FORMAT_JAEGER,
    datadog = TRACEBATON_FORMAT_DATADOG,
    elastic = TRACEBATON_FORMAT_ELASTIC,
    instana = TRACEBATON_FORMAT_INSTANA,
    xray = TRACEBATON_FORMAT_XRAY,
    cloudevents = TRACEBATON_FORMAT_CLOUDEVENTS,
    datastreams = TRACEBATON_FORMAT_DATASTREAMS,
    ottrace = TRACEBATON_FORMAT_OTTRACE,
    newrelic = TRACEBATON_FORMAT_NEWRELIC,
    skywalking = TRACEBATON_FORMAT_SKYWALKING,
    dynatrace = TRACEBATON_FORMAT_DYNATRACE,
    debezium = TRACEBATON_FORMAT_DEBEZIUM,
    aspnet = TRACEBATON_FORMAT_ASPNET,
    opencensus = TRACEBATON_FORMAT_OPENCENSUS,
};

/** The name of a format, such as "b3multi". */
inline std::string_view name_of(format named) noexcept {
    return tracebaton_format_name(static_cast<tracebaton_format_t>(named));
}

/** The format with this name, in lower case; format::none for any other. */
[[nodiscard]] inline format format_named(std::string_view name) noexcept {
    return static_cast<format>(tracebaton_format_of_name(name.data(), name.size()));
}

/** The format that a header of this name belongs to, in any letter case; format::none for any other. */
[[nodiscard]] inline format format_of(std::string_view header_name) noexcept {
    return static_cast<format>(tracebaton_header_format_of(header_name.data(), header_name.size()));
}

/** A set of formats: formats::all(), {format::b3, format::b3multi}, or what tracebaton.h has, TRACEBATON_FORMATS_ALL. */
class formats {
  public:
    constexpr formats() noexcept = default;
    constexpr formats(format one) noexcept : bits_(1U << static_cast<tracebaton_format_t>(one) & ~1U) {}
    constexpr formats(tracebaton_formats_t bits) noexcept : bits_(bits) {}
    constexpr formats(std::initializer_list<format> list) noexcept {
        for (const format one : list)
            bits_ |= formats(one).bits_;
    }

    static constexpr formats all() noexcept { return formats(tracebaton_formats_t(TRACEBATON_FORMATS_ALL)); }

    /** traceparent, tracestate and baggage. */
    static constexpr formats w3c() noexcept { return {format::tracecontext, format::baggage}; }

    constexpr bool contains(format one) const noexcept { return (bits_ & formats(one).bits_) != 0; }
    constexpr tracebaton_formats_t bits() const noexcept { return bits_; }

    friend constexpr formats operator|(formats a, formats b) noexcept { return formats(a.bits_ | b.bits_); }
    friend constexpr bool operator==(formats a, formats b) noexcept { return a.bits_ == b.bits_; }
    friend constexpr bool operator!=(formats a, formats b) noexcept { return a.bits_ != b.bits_; }

  private:
    tracebaton_formats_t bits_ = 0;
};

/** A sampling decision (F3). */
enum class sampling : tracebaton_sampling_t {
    /** There is none; to context::injection(): that of the sampled flag. */
    none = TRACEBATON_SAMPLING_NONE,
    accept = TRACEBATON_SAMPLING_ACCEPT,
    deny = TRACEBATON_SAMPLING_DENY,
    /** Nobody has decided yet: the receiver does. */
    defer = TRACEBATON_SAMPLING_DEFER,
    /** The trace is sampled, and marked as one that somebody looks for. */
    debug = TRACEBATON_SAMPLING_DEBUG,
};

/** A buffer of yours for text: an array of char, or a pointer and a size. */
class buffer {
  public:
    constexpr buffer(char *data, std::size_t size) noexcept : data_(data), size_(size) {}
    template <std::size_t Size>
    constexpr buffer(char (&array)[Size]) noexcept : data_(array), size_(Size) {}
    template <std::size_t Size>
    constexpr buffer(std::array<char, Size> &array) noexcept : data_(array.data()), size_(Size) {}

    constexpr char *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }

  private:
    char *data_;
    std::size_t size_;
};

/** Range that reads a list member by member with a function of tracebaton.h. */
template <typename List, typename Member, auto Next>
class list_iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Member;
    using difference_type = std::ptrdiff_t;
    using pointer = const Member *;
    using reference = const Member &;

    /** Marks the end. */
    list_iterator() noexcept = default;

    explicit list_iterator(const List &list) noexcept : list_(list), is_end_(false) { ++*this; }

    reference operator*() const noexcept { return member_; }
    pointer operator->() const noexcept { return &member_; }

    list_iterator &operator++() noexcept {
        typename Member::c_type member;
        is_end_ = Next(&list_, &cursor_, &member) != TRACEBATON_OK;
        if (!is_end_)
            member_ = Member(member);
        return *this;
    }

    list_iterator operator++(int) noexcept {
        list_iterator before = *this;
        ++*this;
        return before;
    }

    friend bool operator==(const list_iterator &a, const list_iterator &b) noexcept {
        return a.is_end_ == b.is_end_ && (a.is_end_ || a.cursor_.position == b.cursor_.position);
    }
    friend bool operator!=(const list_iterator &a, const list_iterator &b) noexcept { return !(a == b); }

  private:
    List list_{};
    tracebaton_cursor_t cursor_{};
    Member member_{};
    bool is_end_ = true;
};

/** One member of a tracestate, which belongs to one vendor. */
struct tracestate_member {
    using c_type = tracebaton_tracestate_member_t;

    std::string_view key;
    std::string_view value;

    tracestate_member() noexcept = default;
    explicit tracestate_member(const c_type &member) noexcept
        : key(member.key, member.key_size), value(member.value, member.value_size) {}
};

/** The tracestate of a context: its members from left to right. The left-most is the newest. */
class tracestate {
  public:
    using iterator = list_iterator<tracebaton_context_t, tracestate_member, tracebaton_tracestate_next>;

    explicit tracestate(const tracebaton_context_t &context) noexcept : list_{} {
        list_.tracestate = context.tracestate;
        list_.tracestate_size = context.tracestate_size;
    }

    /** The value of the header. */
    std::string_view text() const noexcept { return {list_.tracestate, list_.tracestate_size}; }

    iterator begin() const noexcept { return iterator(list_); }
    iterator end() const noexcept { return iterator(); }
    bool empty() const noexcept { return begin() == end(); }

    /** The value of a key. If there are several it is the first, which is the newest. */
    std::optional<std::string_view> get(std::string_view key) const noexcept {
        tracebaton_tracestate_member_t member;
        if (tracebaton_tracestate_get(&list_, key.data(), key.size(), &member) != TRACEBATON_OK)
            return std::nullopt;
        return std::string_view(member.value, member.value_size);
    }

  private:
    tracebaton_context_t list_;
};

/** One property of a member of a baggage. */
class baggage_property {
  public:
    using c_type = tracebaton_baggage_property_t;

    baggage_property() noexcept = default;
    explicit baggage_property(const c_type &property) noexcept : property_(property) {}

    std::string_view key() const noexcept { return {property_.key, property_.key_size}; }

    /** The received value, percent-encoded; std::nullopt if the property has no value. */
    std::optional<std::string_view> encoded_value() const noexcept {
        if (property_.value == nullptr)
            return std::nullopt;
        return std::string_view(property_.value, property_.value_size);
    }

    /** The value, decoded into a buffer; std::nullopt if there is no value, or if the buffer is too small. */
    [[nodiscard]] std::optional<std::string_view> value(buffer place) const noexcept {
        std::size_t size;
        if (tracebaton_baggage_property_value(&property_, place.data(), place.size(), &size) != TRACEBATON_OK)
            return std::nullopt;
        return std::string_view(place.data(), size);
    }

  private:
    c_type property_{};
};

/** One member of a baggage, with its properties. */
class baggage_member {
  public:
    using c_type = tracebaton_baggage_member_t;
    using iterator = list_iterator<c_type, baggage_property, tracebaton_baggage_property_next>;

    /** The properties of a member, in their order. Keys may repeat. */
    class property_list {
      public:
        explicit property_list(const c_type &member) noexcept : member_(member) {}

        /** The received properties, after the first ";". */
        std::string_view text() const noexcept { return {member_.properties, member_.properties_size}; }

        iterator begin() const noexcept { return iterator(member_); }
        iterator end() const noexcept { return iterator(); }
        bool empty() const noexcept { return begin() == end(); }

      private:
        c_type member_;
    };

    baggage_member() noexcept = default;
    explicit baggage_member(const c_type &member) noexcept : member_(member) {}

    /** The key: a token, never decoded. */
    std::string_view key() const noexcept { return {member_.key, member_.key_size}; }

    /** The received value, percent-encoded. */
    std::string_view encoded_value() const noexcept { return {member_.value, member_.value_size}; }

    /**
     * The value, decoded into a buffer: UTF-8, which may contain a NUL. std::nullopt if the buffer is too small.
     *
     * The size of the encoded value is always enough.
     */
    [[nodiscard]] std::optional<std::string_view> value(buffer place) const noexcept {
        std::size_t size;
        if (tracebaton_baggage_value(&member_, place.data(), place.size(), &size) != TRACEBATON_OK)
            return std::nullopt;
        return std::string_view(place.data(), size);
    }

    property_list properties() const noexcept { return property_list(member_); }

  private:
    c_type member_{};
};

/** The baggage of a context: the first 64 well-formed members, in their order (R8). */
class baggage {
  public:
    using iterator = list_iterator<tracebaton_context_t, baggage_member, tracebaton_baggage_next>;

    explicit baggage(const tracebaton_context_t &context) noexcept : list_{} {
        list_.baggage = context.baggage;
        list_.baggage_size = context.baggage_size;
    }

    /** The value of the header. */
    std::string_view text() const noexcept { return {list_.baggage, list_.baggage_size}; }

    iterator begin() const noexcept { return iterator(list_); }
    iterator end() const noexcept { return iterator(); }
    bool empty() const noexcept { return begin() == end(); }

    /** The member with a key. If there are several it is the last. */
    std::optional<baggage_member> get(std::string_view key) const noexcept {
        tracebaton_baggage_member_t member;
        if (tracebaton_baggage_get(&list_, key.data(), key.size(), &member) != TRACEBATON_OK)
            return std::nullopt;
        return baggage_member(member);
    }

  private:
    tracebaton_context_t list_;
};

/** One header of a record. Name and value are bytes, and a null value differs from an empty one. */
struct header {
    std::string_view name;
    std::optional<std::string_view> value;
};

/** The headers that an injection adds to a record, in the order of writing: at most \p Capacity. */
template <std::size_t Capacity>
class header_range {
  public:
    /** The first \p count headers of an array. */
    header_range(const tracebaton_header_t (&added)[Capacity], std::size_t count) noexcept
        : size_(count < Capacity ? count : Capacity) {
        for (std::size_t i = 0; i < size_; i++)
            headers_[i] = {{added[i].name, added[i].name_size},
                           std::string_view(static_cast<const char *>(added[i].value), added[i].value_size)};
    }

    const header *begin() const noexcept { return headers_.data(); }
    const header *end() const noexcept { return headers_.data() + size_; }
    std::size_t size() const noexcept { return size_; }

  private:
    std::array<header, Capacity> headers_{};
    std::size_t size_;
};

/** The headers to write into one record, made by context::injection() or extracted::forward() (W1 to W3, W5). */
class injection {
  public:
    explicit injection(const tracebaton_injection_t &prepared) noexcept : prepared_(prepared) {}

    /**
     * The headers to add to a record. First remove every header for which replaces() is true. They point into this
     * injection.
     */
    header_range<TRACEBATON_MAX_HEADERS> headers() const & noexcept {
        tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
        return {added, tracebaton_injection_headers(&prepared_, added)};
    }
    header_range<TRACEBATON_MAX_HEADERS> headers() const && = delete;

    /** Whether a header of this name must be removed first. Letter case does not matter (W1). */
    bool replaces(std::string_view name) const noexcept {
        return tracebaton_injection_replaces(&prepared_, name.data(), name.size()) != 0;
    }

    /** The same injection without baggage: the record's baggage stays unchanged. */
    [[nodiscard]] injection trace_context_only() const noexcept {
        injection restricted = *this;
        tracebaton_injection_trace_context_only(&restricted.prepared_);
        return restricted;
    }

    /** The same injection without trace context: the record's traceparent and tracestate stay unchanged. */
    [[nodiscard]] injection baggage_only() const noexcept {
        injection restricted = *this;
        tracebaton_injection_baggage_only(&restricted.prepared_);
        return restricted;
    }

    const tracebaton_injection_t *c_ptr() const noexcept { return &prepared_; }

  private:
    tracebaton_injection_t prepared_;
};

/** The headers to write into one record in several formats, made by context::injection() (F13). */
class format_injection {
  public:
    explicit format_injection(const tracebaton_format_injection_t &prepared) noexcept : prepared_(prepared) {}

    /**
     * The headers to add to a record. First remove every header for which replaces() is true. They point into this
     * injection.
     */
    header_range<TRACEBATON_MAX_FORMAT_HEADERS> headers() const & noexcept {
        tracebaton_header_t added[TRACEBATON_MAX_FORMAT_HEADERS];
        std::size_t count = 0;
        tracebaton_headers_inject_formats(&prepared_, added, &count, TRACEBATON_MAX_FORMAT_HEADERS);
        return {added, count};
    }
    header_range<TRACEBATON_MAX_FORMAT_HEADERS> headers() const && = delete;

    /** Whether a header of this name must be removed first. Letter case does not matter. */
    bool replaces(std::string_view name) const noexcept {
        return tracebaton_format_injection_replaces(&prepared_, name.data(), name.size()) != 0;
    }

    const tracebaton_format_injection_t *c_ptr() const noexcept { return &prepared_; }

  private:
    tracebaton_format_injection_t prepared_;
};

/** How far a consumer trusts the producer of a record (C6). */
enum class trust_policy : tracebaton_trust_policy_t {
    continue_trace = TRACEBATON_TRUST_CONTINUE,
    continue_sampled = TRACEBATON_TRUST_CONTINUE_SAMPLED,
    continue_not_sampled = TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED,
    restart_with_link = TRACEBATON_TRUST_RESTART_WITH_LINK,
    restart_without_link = TRACEBATON_TRUST_RESTART_WITHOUT_LINK,
};

struct admitted;

/** The context of one record: a span context, baggage, both or neither. */
class context {
  public:
    /** The empty context. */
    context() noexcept = default;

    explicit context(const tracebaton_context_t &source) noexcept : context_(source) {}

    /** The context of a root: the first span of a new trace (C2). \p flags are those of trace_flags. */
    [[nodiscard]] static context root(trace_id trace, span_id span, std::uint8_t flags) noexcept {
        return context().restart(trace, span, flags);
    }

    /** Id of the trace; std::nullopt if there is no span context. */
    std::optional<tracebaton::trace_id> trace_id() const noexcept {
        return id_of<tracebaton::trace_id>(context_.trace_id);
    }

    /** Id of the producer's span, or of the span that is about to produce; std::nullopt if there is no span context. */
    std::optional<tracebaton::span_id> span_id() const noexcept { return id_of<tracebaton::span_id>(context_.span_id); }

    bool is_sampled() const noexcept { return (context_.trace_flags & trace_flags::sampled) != 0; }
    bool is_random() const noexcept { return (context_.trace_flags & trace_flags::random) != 0; }

    tracebaton::tracestate tracestate() const noexcept { return tracebaton::tracestate(context_); }
    tracebaton::baggage baggage() const noexcept { return tracebaton::baggage(context_); }

    /**
     * The context of a child: the same trace, flags, tracestate and baggage (C1); std::nullopt if there is no span
     * context.
     */
    [[nodiscard]] std::optional<context> child(tracebaton::span_id span) const noexcept {
        context below;
        const tracebaton_span_id_t id = span.c_value();
        if (tracebaton_context_child(&context_, &id, &below.context_) != TRACEBATON_OK)
            return std::nullopt;
        return below;
    }

    /** The context of a root in a new trace, with this baggage (C2). \p flags are those of trace_flags. */
    [[nodiscard]] context restart(tracebaton::trace_id trace, tracebaton::span_id span, std::uint8_t flags) const noexcept {
        context first;
        const tracebaton_trace_id_t trace_id = trace.c_value();
        const tracebaton_span_id_t span_id = span.c_value();
        tracebaton_context_restart(&context_, &trace_id, &span_id, flags, &first.context_);
        return first;
    }

    /**
     * The context of your span: a child, or a root if there is no span context (C1, C2). The baggage is kept in both cases.
     *
     * Only a root uses \p trace and \p flags. A service with a sampler passes its decision. A service without a sampler
     * passes trace_flags::sampled | trace_flags::random: later samplers follow the sampled flag of their parent, so an
     * unsampled root would drop the whole trace.
     */
    [[nodiscard]] context child_or_root(tracebaton::trace_id trace, tracebaton::span_id span, std::uint8_t flags) const noexcept {
        context own;
        const tracebaton_trace_id_t trace_id = trace.c_value();
        const tracebaton_span_id_t span_id = span.c_value();
        tracebaton_context_child_or_root(&context_, &trace_id, &span_id, flags, &own.context_);
        return own;
    }

    /**
     * The same context with the sampled flag set or cleared. W3C allows that only with a new span id (W3C Trace Context
     * Level 2, 3.4).
     */
    [[nodiscard]] context with_sampled(bool sampled) const noexcept {
        context changed = *this;
        changed.context_.trace_flags = static_cast<std::uint8_t>(
            sampled ? context_.trace_flags | trace_flags::sampled : context_.trace_flags & ~trace_flags::sampled);
        return changed;
    }

    /**
     * The part of this context that a trust policy admits (C6). The record keeps its tracing headers: before you send it again
     * after any policy but trust_policy::continue_trace, call strip() with formats::all().
     */
    [[nodiscard]] admitted admit(trust_policy policy) const noexcept;

    /**
     * The injection that makes this context the parent of the record's consumer (W2, W3).
     *
     * It replaces nothing if the context was made from an invalid tracebaton_context_t.
     */
    [[nodiscard]] tracebaton::injection injection() const noexcept {
        tracebaton_injection_t prepared{};
        tracebaton_injection_prepare(&context_, &prepared);
        return tracebaton::injection(prepared);
    }

    /**
     * The injection that makes this context the parent in several formats (F13), each of which replaces its own headers; those
     * of \p replaced are removed as well. A format that cannot be written, such as Elastic's, is left out.
     *
     *     own.injection({format::tracecontext, format::b3}, formats::all())
     */
    [[nodiscard]] tracebaton::format_injection injection(formats written, formats replaced = {},
                                                         sampling decision = sampling::none) const noexcept {
        tracebaton_format_injection_t prepared{};
        tracebaton_format_injection_prepare(&context_, written.bits(), replaced.bits(),
                                            static_cast<tracebaton_sampling_t>(decision), &prepared);
        return tracebaton::format_injection(prepared);
    }

    /**
     * Adds or updates a member of the tracestate, which then points into \p place (C3).
     *
     * An error changes nothing. TRACEBATON_TRACESTATE_MAX_SIZE bytes are always enough. Several changes can share one buffer:
     * the first call copies the list into it, and later calls change it there.
     */
    status insert_tracestate(std::string_view key, std::string_view value, buffer place) noexcept {
        return tracebaton_tracestate_insert(&context_, key.data(), key.size(), value.data(), value.size(), place.data(),
                                            place.size());
    }

    /**
     * The same for a small buffer: drops as many other members as it takes for the list to fit (C4). W3C requires everyone to
     * propagate 512 bytes or more.
     */
    status insert_tracestate_within(std::string_view key, std::string_view value, buffer place) noexcept {
        return tracebaton_tracestate_insert_within(&context_, key.data(), key.size(), value.data(), value.size(), place.data(),
                                                   place.size());
    }

    /** Deletes every member with this key from the tracestate (C3). See insert_tracestate(). */
    status delete_tracestate(std::string_view key, buffer place) noexcept {
        return tracebaton_tracestate_delete(&context_, key.data(), key.size(), place.data(), place.size());
    }

    /** Truncates the tracestate by whole members to at most \p limit bytes, at least 512 (C4). */
    status truncate_tracestate(std::size_t limit, buffer place) noexcept {
        return tracebaton_tracestate_truncate(&context_, limit, place.data(), place.size());
    }

    /**
     * Sets the value of a key in the baggage, which then points into \p place (C5). The value may be any bytes, which are
     * percent-encoded where necessary. Malformed members of the list are dropped.
     *
     * An error changes nothing. TRACEBATON_BAGGAGE_MAX_SIZE bytes are always enough. Several changes can share one buffer:
     * the first call copies the list into it, and later calls change it there.
     *
     *     char room[TRACEBATON_BAGGAGE_MAX_SIZE];
     *     if (span.set_baggage("tenant", "7", room).is_error() || span.remove_baggage("user", room).is_error())
     *         return 1;
     */
    status set_baggage(std::string_view key, std::string_view value, buffer place) noexcept {
        return tracebaton_baggage_set(&context_, key.data(), key.size(), value.data(), value.size(), place.data(),
                                      place.size());
    }

    /**
     * Removes every member with this key from the baggage (C5). See set_baggage(). After an error the member is still there:
     * clear_baggage() drops it with all others.
     */
    status remove_baggage(std::string_view key, buffer place) noexcept {
        return tracebaton_baggage_remove(&context_, key.data(), key.size(), place.data(), place.size());
    }

    /**
     * Drops all baggage, for example if a private member cannot be removed. If the context has a span, its injection then
     * removes the record's baggage, too. Without a span, strip() the record.
     */
    void clear_baggage() noexcept {
        context_.baggage = nullptr;
        context_.baggage_size = 0;
    }

    const tracebaton_context_t *c_ptr() const noexcept { return &context_; }

  private:
    template <typename Id>
    static std::optional<Id> id_of(const typename Id::c_type &source) noexcept {
        typename Id::bytes_type bytes{};
        std::memcpy(bytes.data(), source.bytes, Id::size);
        return Id::from_bytes(bytes);
    }

    tracebaton_context_t context_{};
};

/**
 * A context that owns its bytes, for a retry, a queue or another thread. Copy and move it like a string.
 *
 *     std::deque<std::pair<order, tracebaton::owned_context>> retries;
 *     retries.emplace_back(order, tracebaton::extract(message).context()); // the message may be destroyed
 *     const auto span = retries.front().second.context().child_or_root(trace_id, span_id, flags);
 */
class owned_context {
  public:
    /** The empty context. */
    owned_context() noexcept = default;

    /** Copies a context. The copy is empty if the context was made from an invalid tracebaton_context_t. */
    owned_context(const tracebaton::context &source) noexcept {
        std::string bytes(tracebaton_context_copy_size(source.c_ptr()), '\0');
        tracebaton_context_t copy{};
        if (tracebaton_context_copy(source.c_ptr(), bytes.data(), bytes.size(), &copy) != TRACEBATON_OK)
            return;
        bytes_ = std::move(bytes);
        copy_ = copy;
    }

    owned_context(const owned_context &) = default;
    owned_context &operator=(const owned_context &) = default;
    owned_context(owned_context &&source) noexcept : bytes_(std::move(source.bytes_)), copy_(source.copy_) {
        source.copy_ = {};
    }
    owned_context &operator=(owned_context &&source) noexcept {
        if (this != &source) {
            bytes_ = std::move(source.bytes_);
            copy_ = std::exchange(source.copy_, tracebaton_context_t{});
        }
        return *this;
    }

    /** The context. It points into this copy, and is valid until the copy is destroyed, changed or moved from. */
    tracebaton::context context() const & noexcept {
        tracebaton_context_t borrowed = copy_;
        borrowed.tracestate = bytes_.data();
        borrowed.baggage = bytes_.data() + borrowed.tracestate_size;
        return tracebaton::context(borrowed);
    }
    tracebaton::context context() const && = delete;

  private:
    /** The tracestate, followed by the baggage. */
    std::string bytes_;
    /** Ids, flags and sizes. The pointers are not used. */
    tracebaton_context_t copy_{};
};

/**
 * The distinct span contexts of a batch, for the links of the span that processes the batch.
 *
 * It keeps at most \p Capacity links, with at most \p Tracestates bytes of tracestate together. The rest is counted.
 *
 *     tracebaton::links<128> links;
 *     for (const auto &message : batch)
 *         links.insert(tracebaton::extract(*message).context());
 *     for (const tracebaton::context &link : links)
 *         span.AddLink(link);
 */
template <std::size_t Capacity, std::size_t Tracestates = 0>
class links {
  public:
    /** Iterator over the links as contexts. */
    class iterator {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = tracebaton::context;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = tracebaton::context;

        explicit iterator(const tracebaton_context_t *place) noexcept : place_(place) {}

        tracebaton::context operator*() const noexcept { return tracebaton::context(*place_); }
        iterator &operator++() noexcept {
            ++place_;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator(place_++); }

        friend bool operator==(const iterator &a, const iterator &b) noexcept { return a.place_ == b.place_; }
        friend bool operator!=(const iterator &a, const iterator &b) noexcept { return a.place_ != b.place_; }

      private:
        const tracebaton_context_t *place_;
    };

    links() noexcept { clear(); }
    links(const links &) = delete;
    links &operator=(const links &) = delete;

    /** Empties the list for the next batch. */
    void clear() noexcept {
        tracebaton_links_start(array_.data(), Capacity, tracestates_.data(), Tracestates, &links_);
    }

    /**
     * Adds the span context of a record, unless its span is already there. Returns false, and counts it, if there is no
     * room.
     */
    bool insert(const tracebaton::context &source) noexcept {
        return tracebaton_links_add(&links_, source.c_ptr()) != TRACEBATON_LINKS_FULL;
    }

    std::size_t size() const noexcept { return links_.link_count; }
    bool empty() const noexcept { return links_.link_count == 0; }

    /** Number of span contexts that were dropped because there was no room. */
    std::size_t dropped() const noexcept { return links_.dropped; }

    /** Number of links whose tracestate was left out because there was no room. */
    std::size_t dropped_tracestates() const noexcept { return links_.dropped_tracestates; }

    /** The links. They point into this list. */
    iterator begin() const & noexcept { return iterator(array_.data()); }
    iterator end() const & noexcept { return iterator(array_.data() + links_.link_count); }

  private:
    static_assert(Capacity > 0, "room for a link");

    std::array<tracebaton_context_t, Capacity> array_{};
    std::array<char, Tracestates> tracestates_{};
    tracebaton_links_t links_{};
};

/** The part of a context that a trust policy admits: a parent or a link, never both, and baggage. */
struct admitted {
    /** Parent of the consumer's span, with the baggage that the consumer propagates. */
    context parent;
    /** Span that the consumer's root links to. */
    context link;
};

inline admitted context::admit(trust_policy policy) const noexcept {
    tracebaton_admitted_t result{};
    tracebaton_context_admit(&context_, static_cast<tracebaton_trust_policy_t>(policy), &result);
    return {context(result.parent), context(result.link)};
}

/** Verdict on one of the three headers: accepted, absent or refused. */
struct verdict {
    /** TRACEBATON_OK if accepted, TRACEBATON_ABSENT if absent. An error if refused: the first rule that the header breaks. */
    status result;
    /** Offset in the value, in bytes, at which a refused header breaks the rule. */
    std::size_t offset;
    /** Index in the record, from 0, of an accepted or refused header. */
    std::size_t index;

    explicit verdict(const tracebaton_verdict_t &source) noexcept
        : result(source.status), offset(source.offset), index(source.index) {}

    bool is_accepted() const noexcept { return result == TRACEBATON_OK; }
    bool is_absent() const noexcept { return result == TRACEBATON_ABSENT; }
    bool is_refused() const noexcept { return result.is_error(); }
};

/** Result of extract(): the context of one record, and a verdict on each of the three headers (R1). */
class extracted {
  public:
    explicit extracted(const tracebaton_extracted_t &source) noexcept : extracted_(source) {}

    /** The context, made from the accepted headers. */
    tracebaton::context context() const noexcept { return tracebaton::context(extracted_.context); }

    verdict traceparent() const noexcept { return verdict(extracted_.traceparent); }
    verdict tracestate() const noexcept { return verdict(extracted_.tracestate); }
    verdict baggage() const noexcept { return verdict(extracted_.baggage); }

    /** The version of an accepted traceparent. */
    std::optional<std::uint8_t> version() const noexcept {
        if (!traceparent().is_accepted())
            return std::nullopt;
        return extracted_.traceparent_version;
    }

    /**
     * The injection for a relay without a span of its own. It forwards accepted values byte for byte and removes refused
     * ones (W5).
     */
    [[nodiscard]] injection forward() const noexcept {
        tracebaton_injection_t prepared{};
        tracebaton_injection_forward(&extracted_, &prepared);
        return injection(prepared);
    }

    const tracebaton_extracted_t *c_ptr() const noexcept { return &extracted_; }

  private:
    tracebaton_extracted_t extracted_;
};

/** What became of a format beside the chosen one (F12). */
enum class outcome : tracebaton_outcome_t {
    same_trace = TRACEBATON_OUTCOME_SAME_TRACE,
    /** A conflict: it names a span of another trace. */
    other_trace = TRACEBATON_OUTCOME_OTHER_TRACE,
    /** It has a sampling decision and no ids. */
    decision = TRACEBATON_OUTCOME_DECISION,
    refused = TRACEBATON_OUTCOME_REFUSED,
};

/** One format of a record beside the chosen one. */
struct other {
    tracebaton::format format;
    tracebaton::outcome outcome;
    tracebaton::sampling sampling;
    /** The span that it names, without tracestate; the empty context if it names none. */
    context named;
    /** The rule that it breaks, if it is refused, such as "trace_id_zero"; otherwise "none". */
    std::string_view rule;
    /** Offset in the value, in bytes, at which it breaks the rule. */
    std::size_t offset;
    /** Index of its header in the record, from 0. */
    std::size_t index;

    explicit other(const tracebaton_other_t &source) noexcept
        : format(static_cast<tracebaton::format>(source.format)), outcome(static_cast<tracebaton::outcome>(source.outcome)),
          sampling(static_cast<tracebaton::sampling>(source.sampling)), named(span_of(source)),
          rule(tracebaton_format_rule_name(source.rule)), offset(source.offset), index(source.index) {}

  private:
    static context span_of(const tracebaton_other_t &source) noexcept {
        tracebaton_context_t span{};
        span.trace_id = source.trace_id;
        span.span_id = source.span_id;
        return context(span);
    }
};

/** The result of reading one record in several formats: the parent that was chosen, and what else there was (F12). */
class choice {
  public:
    /** The other formats, as a range of tracebaton::other. */
    class other_list {
      public:
        class iterator {
          public:
            using iterator_category = std::input_iterator_tag;
            using value_type = other;
            using difference_type = std::ptrdiff_t;
            using pointer = void;
            using reference = other;

            explicit iterator(const tracebaton_other_t *place) noexcept : place_(place) {}

            other operator*() const noexcept { return other(*place_); }
            iterator &operator++() noexcept {
                ++place_;
                return *this;
            }
            iterator operator++(int) noexcept { return iterator(place_++); }

            friend bool operator==(const iterator &a, const iterator &b) noexcept { return a.place_ == b.place_; }
            friend bool operator!=(const iterator &a, const iterator &b) noexcept { return a.place_ != b.place_; }

          private:
            const tracebaton_other_t *place_;
        };

        explicit other_list(const tracebaton_choice_t &source) noexcept : source_(&source) {}

        iterator begin() const noexcept { return iterator(source_->others); }
        iterator end() const noexcept { return iterator(source_->others + source_->other_count); }
        std::size_t size() const noexcept { return source_->other_count; }
        bool empty() const noexcept { return size() == 0; }

      private:
        const tracebaton_choice_t *source_;
    };

    explicit choice(const tracebaton_choice_t &source) noexcept : choice_(source) {}

    /** The parent and the record's baggage. */
    tracebaton::context context() const noexcept { return tracebaton::context(choice_.context); }

    /** Where an event began, if format::cloudevents was asked for: a span to link to, never the parent (F11). */
    tracebaton::context origin() const noexcept { return tracebaton::context(choice_.origin); }

    /** The verdicts on the headers of W3C, whichever format was chosen. */
    verdict traceparent() const noexcept { return verdict(choice_.traceparent); }
    verdict tracestate() const noexcept { return verdict(choice_.tracestate); }
    verdict baggage() const noexcept { return verdict(choice_.baggage); }

    /** The format in which the parent arrived; format::none if there is no parent. */
    format arrived_as() const noexcept { return static_cast<format>(choice_.arrived_as); }

    /** The decision of the parent; without a parent, of the first format that has a decision alone. */
    tracebaton::sampling sampling() const noexcept { return static_cast<tracebaton::sampling>(choice_.sampling); }

    /** What became of the other formats that were asked for and have a header. They are in this choice. */
    other_list others() const & noexcept { return other_list(choice_); }
    other_list others() const && = delete;

    const tracebaton_choice_t *c_ptr() const noexcept { return &choice_; }

  private:
    tracebaton_choice_t choice_;
};

/** The formats to read, the most wanted first: {format::tracecontext, format::b3}, or a range of formats. */
class format_order {
  public:
    format_order(std::initializer_list<format> order) noexcept {
        for (const format next : order)
            add(next);
    }
    template <typename Formats, typename = std::enable_if_t<std::is_convertible_v<
                                    decltype(*std::begin(std::declval<const Formats &>())), format>>>
    format_order(const Formats &order) noexcept {
        for (const format next : order)
            add(next);
    }

    const tracebaton_format_t *data() const noexcept { return numbers_.data(); }
    std::size_t size() const noexcept { return size_; }

  private:
    /** Once each; format::none is no format to read. */
    void add(format next) noexcept {
        if (!formats::all().contains(next) || seen_.contains(next))
            return;
        seen_ = seen_ | next;
        numbers_[size_++] = static_cast<tracebaton_format_t>(next);
    }

    std::array<tracebaton_format_t, TRACEBATON_FORMAT_OPENCENSUS> numbers_{};
    std::size_t size_ = 0;
    formats seen_;
};

/**
 * The headers of a record in a batch of version 2, in the bytes of the batch: a range, for extract() and choose() (F15).
 *
 * For proxies that have a batch and no Kafka client. The block begins right after the record's value, at the count of headers,
 * and ends with the record; it must live as long as what is read from it.
 *
 *     const tracebaton::raw_headers headers(block);
 *     if (headers.result().is_error()) // such as TRACEBATON_RAW_HEADERS_TOO_SHORT, at headers.offset(): then it is empty
 *     const auto received = tracebaton::extract(headers).context();
 */
class raw_headers {
  public:
    class iterator {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = header;
        using difference_type = std::ptrdiff_t;
        using pointer = const header *;
        using reference = const header &;

        explicit iterator(const tracebaton_raw_headers_t &rest) noexcept : rest_(rest) { ++*this; }

        reference operator*() const noexcept { return header_; }
        pointer operator->() const noexcept { return &header_; }

        iterator &operator++() noexcept {
            tracebaton_header_t next;
            left_ = rest_.header_count;
            if (tracebaton_raw_headers_next(&rest_, &next) != TRACEBATON_OK)
                return *this;
            header_.name = {next.name, next.name_size};
            header_.value.reset();
            if (next.value != nullptr)
                header_.value.emplace(static_cast<const char *>(next.value), next.value_size);
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++*this;
            return before;
        }

        friend bool operator==(const iterator &a, const iterator &b) noexcept { return a.left_ == b.left_; }
        friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }

      private:
        tracebaton_raw_headers_t rest_;
        header header_{};
        /** Number of headers from this one on; 0 is the end. */
        std::size_t left_ = 0;
    };

    explicit raw_headers(std::string_view block) noexcept
        : result_(tracebaton_raw_headers_start(block.data(), block.size(), &start_, &offset_)) {}

    /** TRACEBATON_OK; or the first rule that the block breaks. */
    status result() const noexcept { return result_; }

    /** Offset in the block, in bytes, at which it breaks the rule. */
    std::size_t offset() const noexcept { return offset_; }

    iterator begin() const noexcept { return iterator(start_); }
    iterator end() const noexcept { return iterator(tracebaton_raw_headers_t{}); }
    std::size_t size() const noexcept { return start_.header_count; }
    bool empty() const noexcept { return size() == 0; }

  private:
    tracebaton_raw_headers_t start_{};
    std::size_t offset_ = 0;
    status result_;
};

namespace detail {

/** A header in a range: a struct with a name and a value, or a pair. */
template <typename Header, typename = void>
struct parts_of {
    static const auto &name(const Header &header) noexcept { return header.first; }
    static const auto &value(const Header &header) noexcept { return header.second; }
};

template <typename Header>
struct parts_of<Header, std::void_t<decltype(std::declval<const Header &>().name)>> {
    static const auto &name(const Header &header) noexcept { return header.name; }
    static const auto &value(const Header &header) noexcept { return header.value; }
};

template <typename Value, typename = void>
struct is_optional : std::false_type {};

template <typename Value>
struct is_optional<Value, std::void_t<decltype(std::declval<const Value &>().has_value()),
                                      decltype(*std::declval<const Value &>())>> : std::true_type {};

/** The bytes of a text, or of a vector, span or array of bytes. */
template <typename Bytes>
std::string_view view_of(const Bytes &bytes) noexcept {
    if constexpr (std::is_convertible_v<const Bytes &, std::string_view>) {
        return bytes;
    } else {
        static_assert(sizeof(*bytes.data()) == 1, "a value of bytes");
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }
}

/** The bytes of a value. Null, that is an empty optional or a null pointer, gives std::nullopt. */
template <typename Value>
std::optional<std::string_view> value_of(const Value &value) noexcept {
    if constexpr (is_optional<Value>::value) {
        return value.has_value() ? value_of(*value) : std::nullopt;
    } else if constexpr (std::is_pointer_v<Value>) {
        return value != nullptr ? std::optional<std::string_view>(value) : std::nullopt;
    } else {
        return view_of(value);
    }
}

template <typename Header>
std::string_view name_of(const Header &header) noexcept {
    return view_of(parts_of<Header>::name(header));
}

/** A header of a range for the functions of tracebaton.h. */
template <typename Header>
tracebaton_header_t c_header(const Header &header) noexcept {
    const std::string_view name = name_of(header);
    const std::optional<std::string_view> value = value_of(parts_of<Header>::value(header));
    /* A value that is there is not null, even if it is empty and its view points nowhere. */
    const char *bytes = value && !value->data() ? "" : value.value_or(std::string_view()).data();
    return {name.data(), name.size(), bytes, value ? value->size() : 0};
}

} // namespace detail

/**
 * Extracts the context of a record from a range of headers (R1 to R10).
 *
 * A header is a struct with a `name` and a `value`, or a pair such as std::pair<std::string, std::string>. A name is a text.
 * A value is a text, a vector, span or array of bytes, or an optional of one of these; an empty optional is Kafka's null
 * value.
 *
 *     std::vector<std::pair<std::string, std::vector<std::uint8_t>>> headers = ...;
 *     const auto received = tracebaton::extract(headers).context(); // points into headers
 */
template <typename Headers,
          typename Header = std::decay_t<decltype(*std::begin(std::declval<const Headers &>()))>,
          typename = decltype(detail::parts_of<Header>::value(std::declval<const Header &>()))>
[[nodiscard]] extracted extract(const Headers &headers) noexcept {
    tracebaton_reader_t seen{};
    tracebaton_extracted_t result{};
    for (const auto &header : headers) {
        const tracebaton_header_t parts = detail::c_header(header);
        (void)tracebaton_reader_add(&seen, parts.name, parts.name_size, parts.value, parts.value_size);
    }
    tracebaton_reader_finish(&seen, &result);
    return extracted(result);
}

/**
 * Extracts like extract(), and joins several tracestate or baggage headers with commas (R11).
 *
 * Only for bridges that copy each HTTP field to a header. In other records a second header is from a producer that appended,
 * and joining would revive the old one. A joined list is written to \p joined, for which TRACEBATON_JOINED_SIZE bytes are
 * always enough. The result points into the headers and this buffer.
 *
 *     char joined[TRACEBATON_JOINED_SIZE];
 *     const auto received = tracebaton::extract_joined(headers, joined).context();
 */
template <typename Headers,
          typename Header = std::decay_t<decltype(*std::begin(std::declval<const Headers &>()))>,
          typename = decltype(detail::parts_of<Header>::value(std::declval<const Header &>()))>
[[nodiscard]] extracted extract_joined(const Headers &headers, buffer joined) noexcept {
    std::vector<tracebaton_header_t> list;
    for (const auto &header : headers)
        list.push_back(detail::c_header(header));
    tracebaton_extracted_t result{};
    (void)tracebaton_headers_extract_joined(list.data(), list.size(), joined.data(), joined.size(), &result);
    return extracted(result);
}

/**
 * Extracts the traceparent alone from a range of headers, which extract() takes as well. Returns a context without tracestate
 * and baggage, and the verdict on the traceparent. A program that does not call extract() either is smaller.
 *
 *     const auto [parent, verdict] = tracebaton::extract_traceparent(headers);
 */
template <typename Headers,
          typename Header = std::decay_t<decltype(*std::begin(std::declval<const Headers &>()))>,
          typename = decltype(detail::parts_of<Header>::value(std::declval<const Header &>()))>
[[nodiscard]] std::pair<context, verdict> extract_traceparent(const Headers &headers) noexcept {
    tracebaton_reader_t seen{};
    tracebaton_context_t parent{};
    tracebaton_verdict_t found{};
    for (const auto &header : headers) {
        const tracebaton_header_t parts = detail::c_header(header);
        (void)tracebaton_reader_add(&seen, parts.name, parts.name_size, parts.value, parts.value_size);
    }
    tracebaton_reader_finish_traceparent(&seen, &parent, &found);
    return {context(parent), verdict(found)};
}

/**
 * Writes a range of headers, which extract() takes as well, as the header block of a record in a batch (F15). raw_headers
 * reads it.
 */
template <typename Headers,
          typename Header = std::decay_t<decltype(*std::begin(std::declval<const Headers &>()))>,
          typename = decltype(detail::parts_of<Header>::value(std::declval<const Header &>()))>
[[nodiscard]] std::string write_raw_headers(const Headers &headers) {
    std::vector<tracebaton_header_t> list;
    std::size_t size = 5;
    for (const auto &header : headers) {
        list.push_back(detail::c_header(header));
        size += list.back().name_size + list.back().value_size + 10;
    }
    std::string block(size, '\0');
    tracebaton_raw_headers_write(list.data(), list.size(), block.data(), block.size(), &size);
    block.resize(size);
    return block;
}

/**
 * Finds the parent of a record in a range of headers, which extract() takes as well, in the first of several formats that
 * names one (F12). \p if_deferred is the sampled flag if the producer deferred the decision.
 *
 *     const auto choice = tracebaton::choose(headers, {format::tracecontext, format::b3}, true);
 *     count(name_of(choice.arrived_as())); // until a format can be retired
 */
template <typename Headers,
          typename Header = std::decay_t<decltype(*std::begin(std::declval<const Headers &>()))>,
          typename = decltype(detail::parts_of<Header>::value(std::declval<const Header &>()))>
[[nodiscard]] choice choose(const Headers &headers, const format_order &order, bool if_deferred) noexcept {
    tracebaton_choice_reader_t seen{};
    tracebaton_choice_t result{};
    for (const auto &header : headers) {
        const tracebaton_header_t parts = detail::c_header(header);
        (void)tracebaton_choice_reader_add(&seen, parts.name, parts.name_size, parts.value, parts.value_size);
    }
    tracebaton_choice_reader_finish(&seen, order.data(), order.size(), if_deferred, &result);
    return choice(result);
}

/**
 * Removes the headers of tracing formats from a vector, deque or list of headers. Use formats::all() at a boundary that
 * no trace may cross. Headers have the same types as for extract().
 */
template <typename Headers, typename Header = typename Headers::value_type,
          typename = decltype(detail::parts_of<Header>::value(std::declval<const Header &>()))>
void strip(Headers &headers, formats formats) noexcept {
    auto kept = headers.begin();
    for (auto header = headers.begin(); header != headers.end(); ++header) {
        if (formats.contains(format_of(detail::name_of(*header))))
            continue;
        if (kept != header)
            *kept = std::move(*header);
        ++kept;
    }
    headers.erase(kept, headers.end());
}

/** Removes every traceparent, tracestate and baggage header from such a list, in any letter case. */
template <typename Headers, typename Header = typename Headers::value_type,
          typename = decltype(detail::parts_of<Header>::value(std::declval<const Header &>()))>
void strip(Headers &headers) noexcept {
    strip(headers, formats::w3c());
}

/** The kind of a timestamp. */
enum class timestamp_kind : tracebaton_timestamp_kind_t {
    not_available = TRACEBATON_TIMESTAMP_NOT_AVAILABLE,
    create_time = TRACEBATON_TIMESTAMP_CREATE_TIME,
    log_append_time = TRACEBATON_TIMESTAMP_LOG_APPEND_TIME,
};

/** Time between a record's timestamp and its consumption (C7). */
struct queue_time {
    /**
     * If the clock that set the timestamp is ahead of the consumer's, the time is too small, or even negative; if it is behind,
     * the time is too large.
     */
    std::chrono::milliseconds duration;
    /** Clock that set the record's timestamp. */
    timestamp_kind kind;
};

} // namespace tracebaton

#if TRACEBATON_RDKAFKACPP

#include <memory>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafkacpp.h>

#include "tracebaton_rdkafka.h"

namespace tracebaton {

/**
 * Extracts the context of a message from its headers, without a copy (R1 to R10).
 *
 * The result points into the message. It is valid until the message is deleted or the RdKafka::Headers of headers() are
 * changed.
 */
[[nodiscard]] inline extracted extract(RdKafka::Message &message) noexcept {
    tracebaton_extracted_t result{};
    tracebaton_rdkafka_extract(message.c_ptr(), &result);
    return extracted(result);
}

/**
 * Finds the parent of a message in the headers of several formats, of which the first that names one is chosen (F12).
 *
 * It points into the message, as the result of extract() does.
 */
[[nodiscard]] inline choice choose(RdKafka::Message &message, const format_order &order, bool if_deferred) noexcept {
    tracebaton_choice_t result{};
    tracebaton_rdkafka_choose(message.c_ptr(), order.data(), order.size(), if_deferred, &result);
    return choice(result);
}

/**
 * How long a message waited in its topic until it was consumed: signed (C7). std::nullopt if it has no timestamp. Call it when
 * the first attempt to process the message begins.
 */
inline std::optional<queue_time>
queue_time_of(RdKafka::Message &message,
              std::chrono::system_clock::time_point consumed = std::chrono::system_clock::now()) noexcept {
    const auto since_epoch = std::chrono::duration_cast<std::chrono::milliseconds>(consumed.time_since_epoch());
    tracebaton_queue_time_t waited;
    if (tracebaton_rdkafka_queue_time(message.c_ptr(), since_epoch.count(), &waited) != TRACEBATON_OK)
        return std::nullopt;
    return queue_time{std::chrono::milliseconds(waited.milliseconds), static_cast<timestamp_kind>(waited.kind)};
}

/**
 * A copy of the headers in an RdKafka::Headers list, since RdKafka::Headers gives no other access.
 *
 * For a message, call extract() on the message itself, which copies nothing.
 */
class header_copies {
  public:
    explicit header_copies(const RdKafka::Headers &list) noexcept : headers_(list.get_all()) {
        unsigned lookups_left = TRACEBATON_RDKAFKA_MAX_LOOKUPS;
        for (std::size_t index = headers_.size(); index-- > 0;) {
            const std::string name = headers_[index].key();
            const tracebaton_header_name_t which = tracebaton_header_name_of(name.data(), name.size());
            if (which != TRACEBATON_NAME_OTHER && headers_[index].value() && slot(which) == nullptr &&
                is_whole(list, headers_[index], lookups_left))
                slot(which) = &headers_[index];
        }
    }
    header_copies(const header_copies &) = delete;
    header_copies &operator=(const header_copies &) = delete;

    /** Extracts the context from the headers (R1 to R10). It points into these copies. */
    extracted extract() const & noexcept {
        tracebaton_reader_t found{};
        tracebaton_extracted_t result{};
        for (std::size_t which = 0; which < found_.size(); which++)
            if (found_[which] != nullptr) {
                found.values[which] = found_[which]->value();
                found.sizes[which] = found_[which]->value_size();
                found.indexes[which] = static_cast<std::size_t>(found_[which] - headers_.data());
            }
        tracebaton_reader_finish(&found, &result);
        return extracted(result);
    }
    extracted extract() const && = delete;

  private:
    using copy = RdKafka::Headers::Header;

    const copy *&slot(tracebaton_header_name_t which) noexcept {
        return found_[static_cast<std::size_t>(which - TRACEBATON_NAME_TRACEPARENT)];
    }

    /** Whether the name contains no NUL. Then the last header of exactly this name has the same value. */
    static bool is_whole(const RdKafka::Headers &list, const copy &candidate, unsigned &lookups_left) noexcept {
        if (lookups_left == 0)
            return false;
        lookups_left--;
        const std::vector<copy> same = list.get(candidate.key());
        for (auto last = same.rbegin(); last != same.rend(); ++last)
            if (last->value())
                return last->value_size() == candidate.value_size() &&
                       std::memcmp(last->value(), candidate.value(), candidate.value_size()) == 0;
        return false;
    }

    std::vector<copy> headers_;
    std::array<const copy *, TRACEBATON_MAX_HEADERS> found_{};
};

namespace detail {

/** Removes the headers with unwanted names. Returns false and removes nothing if there are too many (R9). */
template <typename Unwanted>
[[nodiscard]] bool remove_if(RdKafka::Headers &headers, const Unwanted &is_unwanted) noexcept {
    std::vector<std::string> names;
    for (const RdKafka::Headers::Header &header : headers.get_all()) {
        const std::string name = header.key();
        if (!is_unwanted(name))
            continue;
        if (names.size() == TRACEBATON_RDKAFKA_MAX_LOOKUPS)
            return false;
        names.push_back(name);
    }
    for (const std::string &name : names)
        /* If no header has this name, the name contains a NUL, or the header was removed before. */
        if (headers.get_last(name).err() == RdKafka::ERR_NO_ERROR)
            headers.remove(name);
    return true;
}

} // namespace detail

/**
 * Removes the headers that an injection or a format_injection replaces. Returns false and removes nothing if there are too
 * many (R9).
 */
template <typename Injection, typename = decltype(std::declval<const Injection &>().replaces(std::string_view()))>
[[nodiscard]] bool remove(const Injection &injection, RdKafka::Headers &headers) noexcept {
    return detail::remove_if(headers, [&](const std::string &name) { return injection.replaces(name); });
}

/**
 * Writes a context into a header list (W1), from an injection or a format_injection. Either all headers are written, or none
 * (W6).
 *
 * You keep the list, which can be sent in every case. TRACEBATON_NO_CONTEXT: no span was written.
 * TRACEBATON_RDKAFKA_NOT_ADDED: librdkafka refused a header, and the list has no context.
 * TRACEBATON_RDKAFKA_TOO_MANY_HEADERS: more than TRACEBATON_RDKAFKA_MAX_LOOKUPS headers have a name that is replaced, compared
 * up to its first NUL, and the list is unchanged.
 */
template <typename Injection, typename = decltype(std::declval<const Injection &>().replaces(std::string_view()))>
status inject(const Injection &injection, RdKafka::Headers &headers) noexcept {
    /* A value to add may lie in a header that is removed first. */
    std::vector<RdKafka::Headers::Header> added;
    bool has_span = false;
    for (const header &header : injection.headers()) {
        added.emplace_back(std::string(header.name), header.value->data(), header.value->size());
        has_span |= header.name != "baggage";
    }
    if (!remove(injection, headers))
        return TRACEBATON_RDKAFKA_TOO_MANY_HEADERS;
    for (const RdKafka::Headers::Header &header : added)
        if (headers.add(header) != RdKafka::ERR_NO_ERROR) {
            (void)remove(injection, headers);
            return TRACEBATON_RDKAFKA_NOT_ADDED;
        }
    return has_span ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT;
}

/**
 * Removes the headers of tracing formats from a header list. Use formats::all() at a boundary that no trace may cross.
 *
 * TRACEBATON_RDKAFKA_TOO_MANY_HEADERS, as for inject(): the list is unchanged, and must not be sent across the boundary.
 */
inline status strip(RdKafka::Headers &headers, formats formats) noexcept {
    const bool is_stripped =
        detail::remove_if(headers, [&](const std::string &name) { return formats.contains(format_of(name)); });
    return is_stripped ? TRACEBATON_OK : TRACEBATON_RDKAFKA_TOO_MANY_HEADERS;
}

/**
 * Removes every traceparent, tracestate and baggage header from a header list, in any letter case. At a boundary that no trace
 * may cross, strip all formats instead, also for a record that is then produced with a context of yours.
 */
inline status strip(RdKafka::Headers &headers) noexcept {
    return strip(headers, formats::w3c());
}

/** Calls inject(), unless the list already has a valid traceparent: then returns TRACEBATON_KEPT and changes nothing (W4). */
inline status inject_if_absent(const injection &injection, RdKafka::Headers &headers) noexcept {
    const header_copies copies(headers);
    if (copies.extract().traceparent().is_accepted())
        return TRACEBATON_KEPT;
    return inject(injection, headers);
}

/**
 * A record to produce, with the fields of tracebaton_rdkafka_record_t, named like librdkafka's.
 *
 * It points to the topic name and the value, which must live until the record has been produced. A topic name in a temporary
 * string does not compile.
 */
struct record : tracebaton_rdkafka_record_t {
    /** Makes a record with a value: any partition, the value copied, no key, no headers, the current time. */
    record(const char *topic_name, std::string_view value) noexcept
        : tracebaton_rdkafka_record_t(tracebaton_rdkafka_record(topic_name, value.data(), value.size())) {}
    record(const std::string &topic_name, std::string_view value) noexcept : record(topic_name.c_str(), value) {}
    record(std::string &&topic_name, std::string_view value) = delete;

    /**
     * Makes a record with the value, the key and the headers of a received message, which must live until it has been
     * produced.
     *
     * If the message reports an error or an event, such as a time-out or the end of a partition, produce() refuses the record
     * and returns the message's error. To produce the message of a failed delivery again, set err to
     * RD_KAFKA_RESP_ERR_NO_ERROR. Set msg_opaque too: it is not copied. The partitioner chooses the partition again. Do not
     * produce in the callback itself: it must not poll, so it cannot wait if the queue is full.
     */
    record(const char *topic_name, RdKafka::Message &message) noexcept
        : tracebaton_rdkafka_record_t(tracebaton_rdkafka_record_of(topic_name, message.c_ptr())) {}
    record(const std::string &topic_name, RdKafka::Message &message) noexcept : record(topic_name.c_str(), message) {}
    record(std::string &&topic_name, RdKafka::Message &message) = delete;
};

/**
 * Produces a record with a context in a copy of its headers (W1 to W6). The call can be repeated until it succeeds.
 *
 * The record and everything it points to remain yours, except a value with RD_KAFKA_MSG_F_FREE after it is enqueued.
 *
 * \p written may be null. It is set if the record was enqueued: TRACEBATON_OK if the record carries the context,
 * TRACEBATON_NO_CONTEXT if the injection has no traceparent. TRACEBATON_RDKAFKA_RECORD_TOO_LARGE: the record is too large
 * with the context, and was sent without it.
 * TRACEBATON_INVALID_ARGUMENT_2: the name of the topic is null.
 */
[[nodiscard]] inline RdKafka::ErrorCode produce(RdKafka::Producer &producer, const record &record, const injection &injection,
                                  status *written = nullptr) noexcept {
    tracebaton_status_t result = written != nullptr ? *written : TRACEBATON_OK;
    const rd_kafka_resp_err_t error = tracebaton_rdkafka_produce(producer.c_ptr(), &record, injection.c_ptr(), &result);
    if (written != nullptr)
        *written = result;
    return static_cast<RdKafka::ErrorCode>(error);
}

/** The same in several formats. */
[[nodiscard]] inline RdKafka::ErrorCode produce(RdKafka::Producer &producer, const record &record,
                                  const format_injection &injection, status *written = nullptr) noexcept {
    tracebaton_status_t result = written != nullptr ? *written : TRACEBATON_OK;
    const rd_kafka_resp_err_t error =
        tracebaton_rdkafka_produce_formats(producer.c_ptr(), &record, injection.c_ptr(), &result);
    if (written != nullptr)
        *written = result;
    return static_cast<RdKafka::ErrorCode>(error);
}

/**
 * Produces a record with a header list of librdkafka++ instead of the record's own headers; null is an empty list.
 *
 * If the record was enqueued, \p headers belong to librdkafka and are null here. If there was an error they remain yours,
 * with the context in them, and the call can be repeated. If inject() refuses the list because it has too many headers to
 * remove, the list is sent unchanged, and \p written is TRACEBATON_RDKAFKA_TOO_MANY_HEADERS. For records with headers of
 * strangers, use record(topic_name, message), which has no such limit.
 */
template <typename Injection, typename = decltype(std::declval<const Injection &>().replaces(std::string_view()))>
[[nodiscard]] RdKafka::ErrorCode produce(RdKafka::Producer &producer, const record &record,
                                  std::unique_ptr<RdKafka::Headers> &headers, const Injection &injection,
                                  status *written = nullptr) noexcept {
    const auto enqueue = [&] {
        return producer.produce(record.topic, record.partition, record.msgflags, const_cast<void *>(record.payload),
                                record.len, record.key, record.key_len, record.timestamp, headers.get(),
                                record.msg_opaque);
    };
    if (record.err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return static_cast<RdKafka::ErrorCode>(record.err);
    if (!headers)
        headers.reset(RdKafka::Headers::create());
    status result = inject(injection, *headers);
    RdKafka::ErrorCode error = enqueue();
    if (error == RdKafka::ERR_MSG_SIZE_TOO_LARGE) {
        (void)remove(injection, *headers);
        result = TRACEBATON_RDKAFKA_RECORD_TOO_LARGE;
        error = enqueue();
    }
    if (error != RdKafka::ERR_NO_ERROR)
        return error;
    headers.release();
    if (written != nullptr)
        *written = result;
    return error;
}

} // namespace tracebaton

#endif /* TRACEBATON_RDKAFKACPP */

#endif /* C++17 */

#endif /* TRACEBATON_HPP */
