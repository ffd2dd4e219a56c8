/* libtracebaton_rdkafka: the functions of tracebaton_rdkafka.h, compiled once instead of inline in every program. */
#define TRACEBATON_RDKAFKA_API __attribute__((visibility("default")))
#include "tracebaton_rdkafka.h"
