#include "loop.h"

/*
 * librdkafka does not tell which consumed record caused a produced one. That is certain only if one thread alone reads the
 * consumers that it created, and consumes and produces in turn. The first record it produces comes from the first one it
 * consumed, since there was no other. If each record causes one record, the first is then done, and the same holds for the
 * second, and so on. Two records of one kind in a row are different: a batch, tasks that alternate, a record that causes none
 * or several, or a record of the program itself. From then on nothing is certain, and the thread forwards nothing.
 */
static __thread enum { NEITHER, CONSUMED, PRODUCED, BROKEN } last;

void loop_consume(struct client *consumer) {
    last = client_is_read_by_its_creator(consumer) && (last == NEITHER || last == PRODUCED) ? CONSUMED : BROKEN;
}

void loop_produce(void) {
    if (last != NEITHER)
        last = last == CONSUMED ? PRODUCED : BROKEN;
}

int loop_holds(void) { return last != BROKEN; }

void loop_reset(void) { last = NEITHER; }
