#include "lists.h"

#include <ctype.h>

size_t list_count(const tracebaton_header_t headers[MOST_HEADERS]) {
    size_t count = 0;
    while (count < MOST_HEADERS && headers[count].name)
        count++;
    return count;
}

rd_kafka_headers_t *list_new(const tracebaton_header_t *headers, size_t count) {
    rd_kafka_headers_t *list = rd_kafka_headers_new(count);
    size_t i;
    for (i = 0; i < count; i++)
        rd_kafka_header_add(list, headers[i].name, (ssize_t)headers[i].name_size, headers[i].value,
                            (ssize_t)headers[i].value_size);
    return list;
}

/* The whole name is compared. librdkafka finds a header only by the full length of its name. */
static int has_name(const rd_kafka_headers_t *list, const tracebaton_header_t *header, const void *value) {
    const void *other;
    size_t nth, size;
    if (memchr(header->name, '\0', header->name_size))
        return rd_kafka_header_get(list, 0, header->name, &other, &size) != 0 || other != value;
    for (nth = 0; !rd_kafka_header_get(list, nth, header->name, &other, &size); nth++)
        if (other == value)
            return 1;
    return 0;
}

int list_equals(const rd_kafka_headers_t *list, const tracebaton_header_t *headers, size_t count) {
    size_t i;
    if (rd_kafka_header_cnt(list) != count)
        return 0;
    for (i = 0; i < count; i++) {
        const char *name;
        const void *value;
        size_t size;
        if (rd_kafka_header_get_all(list, i, &name, &value, &size) || size != headers[i].value_size ||
            !value != !headers[i].value || (size && memcmp(value, headers[i].value, size)) ||
            strcmp(name, headers[i].name) || !has_name(list, &headers[i], value))
            return 0;
    }
    return 1;
}

static int is_same(const char *a, const char *b) {
    while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b))
        a++, b++;
    return *a == *b;
}

size_t list_occurrences(const rd_kafka_headers_t *list, const char *name) {
    size_t i, occurrences = 0;
    const char *other;
    const void *value;
    size_t size;
    for (i = 0; !rd_kafka_header_get_all(list, i, &other, &value, &size); i++)
        occurrences += is_same(name, other) ? 1 : 0;
    return occurrences;
}
