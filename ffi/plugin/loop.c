#include "loop.h"

/*
 * librdkafka does not say which consumed record a produced one comes from. It follows only where a thread alone reads the
 * consumers that it has created, and consumes and produces by turns. What it produces first comes from what it consumed
 * first, for there was no other record; if each record leads to one, the first is then done with, and the same holds for
 * the second, and so on. Two in a row, of either kind, show a batch, tasks that take turns, a record that leads to none
 * or to several, or one of the program's own: then nothing is known of any later record, and the thread stays without.
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
