#include "ending/ending_log.h"

#include "base/exit_code.h"
#include "base/log.h"
#include "ending/advice.h"
#include "ending/counts.h"
#include "ending/notice_list.h"
#include "ending/problems.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS = 24 };

static void put(bool aside, enum log_level level, const char *text,
    const struct log_field *fields, size_t n)
{
    if (aside)
        log_aside(level, text, fields, n);
    else
        log_write(level, text, fields, n);
}

static void put_line(bool aside, const struct problem *line)
{
    char kept_by[DIGITS] = "";
    const struct log_field all[] = {{"what", line->what, false},
        {"source", line->at, false}, {"name", line->name, false},
        {"item", line->item, false}, {"kept_by", kept_by, true}};
    struct log_field fields[sizeof all / sizeof *all];
    size_t n = 0;

    if (line->kept_by)
        snprintf(kept_by, sizeof kept_by, "%lld", (long long)line->kept_by);

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value[0])
            fields[n++] = all[i];
    put(aside, LOG_WARN, line->message, fields, n);
}

static void put_lines(
    const struct problems *problems, const struct ending_run *run, bool aside)
{
    bool told = run->news && !run->news->rows;
    char digits[DIGITS];

    for (size_t i = 0; i < problems->len; i++)
        if (problem_needs_person(&problems->lines[i]))
            put_line(
                aside || told || problems->lines[i].told, &problems->lines[i]);
    if (problems->more) {
        snprintf(digits, sizeof digits, "%zu", problems->more);
        put(aside || told, LOG_WARN, "more lines need a person",
            &(struct log_field){"lines", digits, true}, 1);
    }
}

/* A paragraph of the text is one line of the log. */
static bool put_text(struct buf *text, bool aside, enum log_level level)
{
    char *end = text->data;

    for (size_t i = 0; i + 1 < text->len; i++)
        if (end[i] == '\n')
            end[i] = ' ';
    if (text->len) {
        text->data[text->len - 1] = '\0';
        put(aside, level, text->data, NULL, 0);
    }
    buf_free(text);
    return true;
}

/* Each sentence of what is over is a line. */
static void put_over(const struct notice_list *news, bool aside)
{
    const char *at = buf_text(&news->over);
    char line[600];

    while (*at) {
        size_t len = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)len, at);
        put(aside, LOG_WARN, line, NULL, 0);
        at += len + (at[len] == '\n');
    }
}

static bool put_troubles(
    const struct problems *problems, const struct ending_run *run, bool aside)
{
    const struct notice_list *news = run->news;
    struct buf stop = {0}, refused = {0}, unknown = {0}, away = {0};
    bool ok = advice_stop(run, &stop) && advice_refused(run, &refused) &&
              advice_unknown(problems, run, &unknown) &&
              advice_away(run, &away);

    if (run->fault && !run->away->ended)
        put(aside || (news && !news->fault), LOG_ERROR, run->fault, NULL, 0);
    ok = ok && put_text(&away, aside || (news && !news->away), LOG_WARN) &&
         put_text(&stop, aside || (news && !news->stop), LOG_ERROR) &&
         put_text(&refused, aside || (news && !news->refused), LOG_WARN) &&
         put_text(&unknown, aside || (news && !news->unknown), LOG_ERROR);
    buf_free(&stop);
    buf_free(&refused);
    buf_free(&unknown);
    buf_free(&away);
    return ok;
}

static bool put_totals(const struct ending_run *run, bool aside)
{
    char code[DIGITS], number[DIGITS];
    struct buf counts = {0};
    const struct log_field fields[] = {
        {"exit", code, true}, {"run", number, true}};
    bool quiet = run->exit_code == EXIT_DONE ||
                 (run->news && !notice_list_any(run->news));

    snprintf(code, sizeof code, "%d", run->exit_code);
    snprintf(number, sizeof number, "%lld", (long long)run->run);
    bool ok = buf_printf(&counts, "the run has ended. ") &&
              counts_put_totals(run->rows, run->tally, false, &counts);
    if (ok)
        put(aside || (run->news && !notice_list_any(run->news)),
            quiet ? LOG_INFO : LOG_WARN, counts.data, fields, 2);
    buf_free(&counts);
    return ok;
}

bool ending_log(
    const struct problems *problems, const struct ending_run *run, bool aside)
{
    if (run->news)
        put_over(run->news, aside);
    put_lines(problems, run, aside);
    return put_troubles(problems, run, aside) && put_totals(run, aside);
}
