#define _GNU_SOURCE /* dladdr() */
#include "librdkafka.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "shared_lists.h"

/* Rarely more than one: for example, a Python wheel and a Node.js add-on that each bring their own. */
#define COPIES_MAX 8

static struct librdkafka copies[COPIES_MAX];
static size_t copy_count;
static pthread_mutex_t copies_lock = PTHREAD_MUTEX_INITIALIZER;

/* Address of a function in the object loaded at `base`; NULL if the object does not export it. */
static void *function_of(void *handle, const void *base, const char *name) {
    Dl_info object;
    void *address = handle ? dlsym(handle, name) : NULL;
    return address && dladdr(address, &object) && object.dli_fbase == base ? address : NULL;
}

/* Fills in all functions. Returns NULL, or the name of the first missing function. */
static const char *fill(struct librdkafka *copy, void *handle) {
    void *address;
#define FILL(name)                                           \
    address = function_of(handle, copy->base, #name);        \
    if (!address)                                            \
        return #name;                                        \
    memcpy(&copy->name, &address, sizeof(address));
    LIBRDKAFKA_FUNCTIONS(FILL)
#undef FILL
    return NULL;
}

/* The main program is not always found by its path, which may only be the name that started it. */
static const char *find(struct librdkafka *copy, const char *path) {
    const char *missing = fill(copy, dlopen(path, RTLD_LAZY | RTLD_NOLOAD));
    return missing ? fill(copy, dlopen(NULL, RTLD_LAZY)) : NULL;
}

static const struct librdkafka *known(const void *base) {
    size_t i;
    for (i = 0; i < copy_count; i++)
        if (copies[i].base == base)
            return &copies[i];
    return NULL;
}

static const struct librdkafka *add(const Dl_info *object, char *error, size_t error_size) {
    struct librdkafka *copy = &copies[copy_count];
    const char *missing;
    if (copy_count == COPIES_MAX) {
        snprintf(error, error_size, "tracebaton: this process has more than %d copies of librdkafka, which is the limit",
                 COPIES_MAX);
        return NULL;
    }
    copy->base = object->dli_fbase;
    missing = find(copy, object->dli_fname);
    if (missing) {
        snprintf(error, error_size,
                 "tracebaton: %s does not export librdkafka's functions (%s): link librdkafka dynamically, or link with "
                 "-rdynamic",
                 object->dli_fname, missing);
        return NULL;
    }
    if (!shared_lists_find(copy)) {
        snprintf(error, error_size,
                 "tracebaton: librdkafka %s frees interceptors twice if rd_kafka_new() fails: use 2.13.0 or newer",
                 copy->rd_kafka_version_str());
        return NULL;
    }
    copy_count++;
    return copy;
}

const struct librdkafka *librdkafka_of(const void *caller, char *error, size_t error_size) {
    Dl_info object;
    const struct librdkafka *copy;
    if (!dladdr(caller, &object)) {
        snprintf(error, error_size, "tracebaton: the librdkafka that loads this plugin cannot be found");
        return NULL;
    }
    pthread_mutex_lock(&copies_lock);
    copy = known(object.dli_fbase);
    if (!copy)
        copy = add(&object, error, error_size);
    pthread_mutex_unlock(&copies_lock);
    return copy;
}

void librdkafka_unlock(void) { pthread_mutex_init(&copies_lock, NULL); }
