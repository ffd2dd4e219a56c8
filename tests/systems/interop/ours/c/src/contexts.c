#include "contexts.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ENTRIES 128

static tracebaton_baggage_entry_t entry(const char *key, size_t key_size, const char *value, size_t value_size, int is_property) {
    tracebaton_baggage_entry_t entry;
    memset(&entry, 0, sizeof(entry));
    entry.key = key;
    entry.key_size = key_size;
    entry.value = value;
    entry.value_size = value_size;
    entry.is_property = (uint8_t)is_property;
    return entry;
}

/* Adds the properties of a member, such as "ttl=30;tier", and returns their count. */
static size_t properties(const char *text, tracebaton_baggage_entry_t *entries, size_t room) {
    size_t count = 0;
    while (*text && count < room) {
        const size_t size = strcspn(text, ";"), key_size = strcspn(text, ";=");
        const char *value = key_size < size ? text + key_size + 1 : NULL;
        if (size > 0)
            entries[count++] = entry(text, key_size, value, value ? size - key_size - 1 : 0, 1);
        text += size;
        text += *text == ';';
    }
    return count;
}

static const char *baggage_from_json(const json_t *members, struct made_context *made) {
    tracebaton_baggage_entry_t entries[MAX_ENTRIES];
    size_t count = 0, index;
    json_t *member;
    json_array_foreach(members, index, member) {
        const char *key = json_string_value(json_object_get(member, "key"));
        const json_t *value = json_object_get(member, "value");
        const char *metadata = json_string_value(json_object_get(member, "metadata"));
        if (!key || !json_is_string(value) || count == MAX_ENTRIES)
            return "baggage";
        entries[count++] = entry(key, strlen(key), json_string_value(value), json_string_length(value), 0);
        count += properties(metadata ? metadata : "", entries + count, MAX_ENTRIES - count);
    }
    if (tracebaton_baggage_build(&made->context, entries, count, made->baggage, sizeof(made->baggage)))
        return "baggage";
    return NULL;
}

const char *context_from_json(const json_t *json, struct made_context *made) {
    tracebaton_context_t *context = &made->context;
    const char *trace_id = json_string_value(json_object_get(json, "trace_id"));
    const char *span_id = json_string_value(json_object_get(json, "span_id"));
    const char *flags = json_string_value(json_object_get(json, "trace_flags"));
    const json_t *tracestate = json_object_get(json, "tracestate");
    memset(made, 0, sizeof(*made));
    if (trace_id && span_id) {
        if (tracebaton_trace_id_from_hex(trace_id, strlen(trace_id), &context->trace_id))
            return "trace_id";
        if (tracebaton_span_id_from_hex(span_id, strlen(span_id), &context->span_id))
            return "span_id";
        context->trace_flags = (uint8_t)strtoul(flags ? flags : "0", NULL, 16);
        context->tracestate = json_string_value(tracestate);
        context->tracestate_size = json_string_length(tracestate);
    }
    return baggage_from_json(json_object_get(json, "baggage"), made);
}

static int is_zero(const uint8_t *bytes, size_t size) {
    while (size > 0)
        if (bytes[--size])
            return 0;
    return 1;
}

json_t *trace_id_to_json(const tracebaton_trace_id_t *trace_id) {
    char hex[TRACEBATON_TRACE_ID_HEX_SIZE];
    if (is_zero(trace_id->bytes, sizeof(trace_id->bytes)))
        return json_null();
    tracebaton_trace_id_to_hex(trace_id, hex);
    return json_stringn(hex, sizeof(hex));
}

json_t *span_id_to_json(const tracebaton_span_id_t *span_id) {
    char hex[TRACEBATON_SPAN_ID_HEX_SIZE];
    if (is_zero(span_id->bytes, sizeof(span_id->bytes)))
        return json_null();
    tracebaton_span_id_to_hex(span_id, hex);
    return json_stringn(hex, sizeof(hex));
}

static json_t *baggage_to_json(const tracebaton_context_t *context) {
    static char value[TRACEBATON_BAGGAGE_MAX_SIZE];
    tracebaton_baggage_member_t member;
    tracebaton_cursor_t cursor = {0};
    json_t *members = json_array();
    while (tracebaton_baggage_next(context, &cursor, &member) == TRACEBATON_OK) {
        size_t size = 0;
        tracebaton_baggage_value(&member, value, sizeof(value), &size);
        json_array_append_new(members, json_pack("{s:s%, s:s%, s:s%}", "key", member.key, member.key_size, "value", value,
                                                 size, "metadata", member.properties ? member.properties : "",
                                                 member.properties_size));
    }
    return members;
}

json_t *context_to_json(const tracebaton_context_t *context) {
    static const char digits[] = "0123456789abcdef";
    const uint8_t flags = context->trace_flags;
    const int has_span = !is_zero(context->span_id.bytes, sizeof(context->span_id.bytes));
    const char hex[] = {digits[flags >> 4], digits[flags & 15]};
    return json_pack("{s:o, s:o, s:o, s:s%, s:o}", "trace_id", trace_id_to_json(&context->trace_id), "span_id",
                     span_id_to_json(&context->span_id), "trace_flags",
                     has_span ? json_stringn(hex, sizeof(hex)) : json_null(), "tracestate",
                     has_span && context->tracestate ? context->tracestate : "",
                     has_span ? context->tracestate_size : (size_t)0, "baggage", baggage_to_json(context));
}
