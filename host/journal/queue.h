/* queue.h: the two lists between the loop and the journal's thread.
 *
 * One mutex guards both and the word that the journal has failed. Order is
 * kept from end to end. The queue owns no operation. */
#ifndef JOURNAL_QUEUE_H
#define JOURNAL_QUEUE_H

#include "journal/journal.h"

#include <pthread.h>

struct queue_list {
    struct journal_op *first, *last;
};

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t work; // something to do, or the end
    pthread_cond_t rest; // the thread has nothing to do
    struct queue_list todo, done;
    bool busy, ending, failed;
    struct error why; // when failed
    void (*wake)(void *arg);
    void *wake_arg;
};

/* False: the system has no mutex for it, and there is nothing to free. */
bool queue_init(struct queue *queue);
void queue_fini(struct queue *queue);

/* Adds one at the end of a list that no other thread sees. */
void queue_append(struct queue_list *list, struct journal_op *op);

/* The loop's side. Both lists are emptied by being moved. */
void queue_hand_over(struct queue *queue, struct queue_list *list);
struct journal_op *queue_collect(struct queue *queue);

/* Waits until all that was handed over is done; then the caller may use what
 * the thread uses, until it hands over again. */
void queue_wait(struct queue *queue);
void queue_end(struct queue *queue);

/* The thread's side. queue_take waits; false: the end, and nothing left. */
bool queue_take(struct queue *queue, struct queue_list *list);
void queue_give_back(struct queue *queue, struct queue_list *list);

/* Either side. The first failure stays. */
void queue_fail(struct queue *queue, const struct error *why);
bool queue_failed(struct queue *queue, struct error *why);

#endif
