#include "journal/queue.h"

#include <string.h>

bool queue_init(struct queue *queue)
{
    memset(queue, 0, sizeof *queue);
    if (pthread_mutex_init(&queue->mutex, NULL) != 0)
        return false;
    if (pthread_cond_init(&queue->work, NULL) != 0)
        goto no_work;
    if (pthread_cond_init(&queue->rest, NULL) != 0)
        goto no_rest;
    return true;

no_rest:
    pthread_cond_destroy(&queue->work);
no_work:
    pthread_mutex_destroy(&queue->mutex);
    return false;
}

void queue_fini(struct queue *queue)
{
    pthread_cond_destroy(&queue->rest);
    pthread_cond_destroy(&queue->work);
    pthread_mutex_destroy(&queue->mutex);
}

void queue_append(struct queue_list *list, struct journal_op *op)
{
    op->next = NULL;
    if (list->last)
        list->last->next = op;
    else
        list->first = op;
    list->last = op;
}

/* Moves `from` behind `to`. */
static void join(struct queue_list *to, struct queue_list *from)
{
    if (!from->first)
        return;
    if (to->last)
        to->last->next = from->first;
    else
        to->first = from->first;
    to->last = from->last;
    *from = (struct queue_list){0};
}

void queue_hand_over(struct queue *queue, struct queue_list *list)
{
    pthread_mutex_lock(&queue->mutex);
    join(&queue->todo, list);
    pthread_cond_signal(&queue->work);
    pthread_mutex_unlock(&queue->mutex);
}

struct journal_op *queue_collect(struct queue *queue)
{
    struct journal_op *first;

    pthread_mutex_lock(&queue->mutex);
    first = queue->done.first;
    queue->done = (struct queue_list){0};
    pthread_mutex_unlock(&queue->mutex);
    return first;
}

void queue_wait(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->busy || queue->todo.first)
        pthread_cond_wait(&queue->rest, &queue->mutex);
    pthread_mutex_unlock(&queue->mutex);
}

void queue_end(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->ending = true;
    pthread_cond_signal(&queue->work);
    pthread_mutex_unlock(&queue->mutex);
}

bool queue_take(struct queue *queue, struct queue_list *list)
{
    *list = (struct queue_list){0};
    pthread_mutex_lock(&queue->mutex);
    queue->busy = false;
    if (!queue->todo.first)
        pthread_cond_signal(&queue->rest);
    while (!queue->todo.first && !queue->ending)
        pthread_cond_wait(&queue->work, &queue->mutex);
    join(list, &queue->todo);
    queue->busy = list->first != NULL;
    pthread_mutex_unlock(&queue->mutex);
    return list->first != NULL;
}

/* A loop that has not collected since the last wake is told nothing: the wake
 * stays with it (curl_multi_wakeup's does) until it collects all there is. */
void queue_give_back(struct queue *queue, struct queue_list *list)
{
    bool was_empty;

    pthread_mutex_lock(&queue->mutex);
    was_empty = !queue->done.first;
    join(&queue->done, list);
    pthread_mutex_unlock(&queue->mutex);
    if (was_empty && queue->wake)
        queue->wake(queue->wake_arg);
}

void queue_fail(struct queue *queue, const struct error *why)
{
    pthread_mutex_lock(&queue->mutex);
    if (!queue->failed) {
        queue->failed = true;
        queue->why = *why;
        queue->why.kind = ERROR_DISK;
    }
    pthread_mutex_unlock(&queue->mutex);
}

bool queue_failed(struct queue *queue, struct error *why)
{
    bool failed;

    pthread_mutex_lock(&queue->mutex);
    failed = queue->failed;
    if (failed && why)
        *why = queue->why;
    pthread_mutex_unlock(&queue->mutex);
    return failed;
}
