#include "contexts.hpp"

#include <stdexcept>
#include <vector>

static tracebaton_baggage_entry_t entry(std::string_view key, std::optional<std::string_view> value, bool is_property) {
    tracebaton_baggage_entry_t made{};
    made.key = key.data();
    made.key_size = key.size();
    made.value = value ? value->data() : nullptr;
    made.value_size = value ? value->size() : 0;
    made.is_property = is_property;
    return made;
}

/* Adds the properties of a member, such as "ttl=30;tier". */
static void add_properties(std::string_view text, std::vector<tracebaton_baggage_entry_t> &entries) {
    while (!text.empty()) {
        const std::string_view property = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(text.size(), property.size() + 1));
        const std::size_t equals = property.find('=');
        if (property.empty())
            continue;
        if (equals == std::string_view::npos)
            entries.push_back(entry(property, std::nullopt, true));
        else
            entries.push_back(entry(property.substr(0, equals), property.substr(equals + 1), true));
    }
}

template <typename Id>
static void copy_id(const json &hex, std::uint8_t *place, const char *name) {
    const auto id = Id::from_hex(hex.get_ref<const std::string &>());
    if (!id)
        throw std::invalid_argument(name);
    std::copy(id->bytes().begin(), id->bytes().end(), place);
}

made_context::made_context(const json &source) {
    if (!source.at("trace_id").is_null() && !source.at("span_id").is_null()) {
        copy_id<tracebaton::trace_id>(source.at("trace_id"), context_.trace_id.bytes, "trace_id");
        copy_id<tracebaton::span_id>(source.at("span_id"), context_.span_id.bytes, "span_id");
        context_.trace_flags = static_cast<std::uint8_t>(std::stoul(source.at("trace_flags").get<std::string>(), nullptr, 16));
        tracestate_ = source.value("tracestate", "");
        context_.tracestate = tracestate_.data();
        context_.tracestate_size = tracestate_.size();
    }
    build_baggage(source.at("baggage"));
}

void made_context::build_baggage(const json &members) {
    std::vector<tracebaton_baggage_entry_t> entries;
    for (const json &member : members) {
        entries.push_back(entry(member.at("key").get_ref<const std::string &>(),
                                member.at("value").get_ref<const std::string &>(), false));
        if (member.contains("metadata"))
            add_properties(member.at("metadata").get_ref<const std::string &>(), entries);
    }
    const tracebaton::status result =
        tracebaton_baggage_build(&context_, entries.data(), entries.size(), baggage_.data(), baggage_.size());
    if (result.is_error())
        throw std::invalid_argument(std::string(result.message()));
}

static json to_json(const tracebaton::baggage &baggage) {
    json members = json::array();
    for (const tracebaton::baggage_member &member : baggage) {
        std::vector<char> room(member.encoded_value().size() + 1);
        const auto value = member.value({room.data(), room.size()});
        members.push_back({{"key", std::string(member.key())},
                           {"value", std::string(value.value_or(""))},
                           {"metadata", std::string(member.properties().text())}});
    }
    return members;
}

json to_json(const tracebaton::context &context) {
    const bool has_span = context.span_id().has_value();
    const int flags = (context.is_sampled() ? 1 : 0) | (context.is_random() ? 2 : 0);
    return {{"trace_id", to_json(context.trace_id())},
            {"span_id", to_json(context.span_id())},
            {"trace_flags", has_span ? json("0" + std::to_string(flags)) : json()},
            {"tracestate", has_span ? std::string(context.tracestate().text()) : ""},
            {"baggage", to_json(context.baggage())}};
}
