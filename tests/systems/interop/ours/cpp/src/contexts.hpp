// Converts contexts between JSON and the codec.
#ifndef CONTEXTS_HPP
#define CONTEXTS_HPP

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <tracebaton.hpp>

using nlohmann::json;

/** A context, and the texts that it points into. */
class made_context {
  public:
    /* Throws an error if the JSON is invalid. */
    explicit made_context(const json &source);
    made_context(const made_context &) = delete;
    made_context &operator=(const made_context &) = delete;

    tracebaton::context get() const { return tracebaton::context(context_); }

  private:
    void build_baggage(const json &members);

    tracebaton_context_t context_{};
    std::string tracestate_;
    std::array<char, TRACEBATON_BAGGAGE_MAX_SIZE> baggage_;
};

/* The codec's context as JSON. */
json to_json(const tracebaton::context &context);

/* An id as hexadecimal digits, or null. */
template <typename Id>
json to_json(const std::optional<Id> &id) {
    if (!id)
        return nullptr;
    const auto digits = id->hex();
    return std::string(std::string_view(digits));
}

#endif
