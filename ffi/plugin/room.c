#include "room.h"

#include <string.h>

/* What librdkafka counts of a message beside key, value and headers, and of a header beside name and value, at most. */
#define MESSAGE_OVERHEAD 36
#define HEADER_OVERHEAD 10

/* How many times a list is searched for a name. */
#define LOOKUPS_MAX 64

/*
 * Whether no header with this name up to a NUL goes on behind it: rd_kafka_header_get() finds headers by their whole name,
 * rd_kafka_header_get_all() shows the name up to a NUL, so that both count the same.
 */
static int are_whole(const struct librdkafka *copy, const rd_kafka_headers_t *headers, const char *name,
                     unsigned *lookups_left) {
    size_t index, value_size, shown = 0, whole = 0;
    const char *other;
    const void *value;
    if (*lookups_left == 0)
        return 0;
    for (index = 0; !copy->rd_kafka_header_get_all(headers, index, &other, &value, &value_size); index++)
        shown += !strcmp(name, other);
    while (*lookups_left > 0 && !copy->rd_kafka_header_get(headers, whole, name, &value, &value_size)) {
        (*lookups_left)--;
        whole++;
    }
    return shown == whole;
}

/*
 * At least the size of a header's name; SIZE_MAX if it cannot be found out. librdkafka shows no size, but keeps the value
 * behind the name and a NUL. If a value is elsewhere, and close by chance, the size is only too large.
 */
static size_t name_size_of(const struct client *producer, const rd_kafka_headers_t *headers, const char *name,
                           const void *value, unsigned *lookups_left) {
    const size_t shown = strlen(name);
    const uintptr_t distance = (uintptr_t)value - (uintptr_t)name;
    if (value && distance > shown && distance <= producer->message_max_bytes)
        return distance - 1;
    return are_whole(producer->librdkafka, headers, name, lookups_left) ? shown : SIZE_MAX;
}

int has_room(const struct client *producer, const rd_kafka_message_t *message, const rd_kafka_headers_t *headers,
             const tracebaton_injection_t *injection) {
    size_t size = MESSAGE_OVERHEAD + message->len + message->key_len;
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    size_t value_size, i, count = tracebaton_injection_headers(injection, added);
    unsigned lookups_left = LOOKUPS_MAX;
    const char *name;
    const void *value;
    for (i = 0; i < count; i++)
        size += HEADER_OVERHEAD + added[i].name_size + added[i].value_size;
    for (i = 0; headers && !producer->librdkafka->rd_kafka_header_get_all(headers, i, &name, &value, &value_size); i++) {
        const size_t name_size = name_size_of(producer, headers, name, value, &lookups_left);
        if (name_size > producer->message_max_bytes)
            return 0;
        size += HEADER_OVERHEAD + name_size + value_size;
    }
    return size <= producer->message_max_bytes;
}
