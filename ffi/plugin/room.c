#include "room.h"

#include <string.h>

/* Maximum size that librdkafka adds for a message beside key, value and headers, and for a header beside name and value. */
#define MESSAGE_OVERHEAD 36
#define HEADER_OVERHEAD 10

/* Maximum count of look-ups by name in one list. */
#define LOOKUPS_MAX 64

/* Facts about the names in a list. */
struct names {
    unsigned lookups_left;
    const char *whole; /* A name that is_whole() was true for; NULL if there is none. */
};

/*
 * Whether no header whose name begins with this name and a NUL is in the list. rd_kafka_header_get_all() shows names up to a
 * NUL, and rd_kafka_header_get() finds headers by the whole name; without such a header both counts are equal.
 */
static int is_whole(const struct librdkafka *copy, const rd_kafka_headers_t *headers, const char *name,
                    struct names *names) {
    size_t index, value_size, shown = 0, whole = 0;
    const char *other;
    const void *value;
    if (names->whole && !strcmp(names->whole, name))
        return 1;
    if (names->lookups_left == 0)
        return 0;
    for (index = 0; !copy->rd_kafka_header_get_all(headers, index, &other, &value, &value_size); index++)
        shown += !strcmp(name, other);
    while (names->lookups_left > 0 && !copy->rd_kafka_header_get(headers, whole, name, &value, &value_size)) {
        names->lookups_left--;
        whole++;
    }
    names->whole = name;
    return shown == whole;
}

/*
 * At least the size of a header's name; SIZE_MAX if it is unknown. librdkafka shows no size, but stores the value after the
 * name and a NUL. If a value is elsewhere, but close by chance, the result is only too large.
 */
static size_t name_size_of(const struct client *producer, const rd_kafka_headers_t *headers, const char *name,
                           const void *value, struct names *names) {
    const size_t shown = strlen(name);
    const uintptr_t distance = (uintptr_t)value - (uintptr_t)name;
    if (value && distance > shown && distance <= producer->message_max_bytes)
        return distance - 1;
    return is_whole(producer->librdkafka, headers, name, names) ? shown : SIZE_MAX;
}

int has_room(const struct client *producer, const rd_kafka_message_t *message, const rd_kafka_headers_t *headers,
             const tracebaton_header_t *added, size_t count) {
    size_t size = MESSAGE_OVERHEAD + message->len + message->key_len;
    size_t value_size, i;
    struct names names = {LOOKUPS_MAX, NULL};
    const char *name;
    const void *value;
    for (i = 0; i < count; i++)
        size += HEADER_OVERHEAD + added[i].name_size + added[i].value_size;
    for (i = 0; headers && !producer->librdkafka->rd_kafka_header_get_all(headers, i, &name, &value, &value_size); i++) {
        const size_t name_size = name_size_of(producer, headers, name, value, &names);
        if (name_size > producer->message_max_bytes)
            return 0;
        size += HEADER_OVERHEAD + name_size + value_size;
    }
    return size <= producer->message_max_bytes;
}
