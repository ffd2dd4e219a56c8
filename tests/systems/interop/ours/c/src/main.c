/* The C library and its glue for librdkafka as a program of the matrix: glue BROKERS SERVICE */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <tracebaton.h>

#include "service.h"

static void say(json_t *line) {
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(line);
}

static json_t *obey(struct service *service, const json_t *told) {
    const char *command = json_string_value(json_object_get(told, "command"));
    const char *topic = json_string_value(json_object_get(told, "topic"));
    const char *from = json_string_value(json_object_get(told, "from"));
    const char *to = json_string_value(json_object_get(told, "to"));
    const size_t count = (size_t)json_integer_value(json_object_get(told, "count"));
    if (command && topic && strcmp(command, "produce") == 0)
        return service_produce(service, topic, json_object_get(told, "records"));
    if (command && topic && strcmp(command, "consume") == 0)
        return service_consume(service, topic, count);
    if (command && from && to && strcmp(command, "relay") == 0)
        return service_relay(service, from, to, count);
    snprintf(service->error, sizeof(service->error), "the line is not a command");
    return NULL;
}

static void answer(struct service *service, const char *line) {
    json_t *told = json_loads(line, 0, NULL), *answer;
    service->error[0] = '\0';
    answer = obey(service, told);
    if (service->error[0]) {
        json_decref(answer);
        answer = json_pack("{s:s}", "error", service->error);
    }
    say(answer);
    json_decref(told);
}

int main(int argc, char **argv) {
    struct service service;
    char *line = NULL;
    size_t room = 0;
    if (argc != 3) {
        fprintf(stderr, "usage: glue BROKERS SERVICE\n");
        return 2;
    }
    if (service_open(&service, argv[1], argv[2])) {
        fprintf(stderr, "glue: %s\n", service.error);
        return 1;
    }
    say(json_pack("{s:b, s:s, s:{s:s, s:s}}", "ready", 1, "language", "C", "libraries", "tracebaton", tracebaton_version(),
                  "librdkafka", rd_kafka_version_str()));
    while (getline(&line, &room, stdin) > 0)
        answer(&service, line);
    free(line);
    service_close(&service);
    return 0;
}
