/* The queue of those that can go on. */
#include "task/task_own.h"

void task_ready_put(struct task *task)
{
    struct tasks *tasks = task->tasks;

    if (task->queued)
        return;
    task->queued = true;
    task->next_ready = NULL;
    if (tasks->last_ready)
        tasks->last_ready->next_ready = task;
    else
        tasks->first_ready = task;
    tasks->last_ready = task;
}

struct task *task_ready_take(struct tasks *tasks)
{
    struct task *task = tasks->first_ready;

    tasks->first_ready = task->next_ready;
    if (!tasks->first_ready)
        tasks->last_ready = NULL;
    task->queued = false;
    return task;
}

/* One that ends while it is queued: others may be before it. */
void task_ready_forget(struct task *task)
{
    struct tasks *tasks = task->tasks;
    struct task *before = NULL, *at = tasks->first_ready;

    if (!task->queued)
        return;
    for (; at != task; at = at->next_ready)
        before = at;
    if (before)
        before->next_ready = task->next_ready;
    else
        tasks->first_ready = task->next_ready;
    if (tasks->last_ready == task)
        tasks->last_ready = before;
    task->queued = false;
}
