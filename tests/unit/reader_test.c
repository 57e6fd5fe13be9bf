#include "journal_rig.h"

#include "history/reader.h"
#include "journal/view.h"

#include <pwd.h>
#include <sys/wait.h>

static struct reader *open_reader(const struct rig *rig)
{
    struct error err;
    struct reader *reader = reader_open(rig->path, &err);

    if (!reader)
        rig_fail(&err);
    return reader;
}

/* `n` rows from item 1 on; the first of each ten stays unknown. */
static void fill(struct journal *journal, int n)
{
    struct journal_op *ops = calloc((size_t)n * 2, sizeof *ops);
    int i;

    for (i = 0; i < n; i++) {
        ops[2 * i] = rig_ask(JOURNAL_ADMIT, 1 + i, "A", true);
        ops[2 * i + 1] = rig_outcome(
            1 + i, i % 10 == 0 ? JOURNAL_UNKNOWN : JOURNAL_CONFIRMED);
        journal_submit(journal, &ops[2 * i]);
        journal_submit(journal, &ops[2 * i + 1]);
    }
    rig_settle(journal);
    free(ops);
}

struct seen {
    int rows;
    int64_t last;
    int stop_at;           // rows, 0: never
    const struct rig *rig; // whose run begins at row 500, or NULL
    struct journal *run;
};

static bool look_at_row(const struct reader_row *row, void *arg)
{
    struct seen *seen = arg;

    assert_true(row->row.order_item_id > seen->last);
    seen->last = row->row.order_item_id;
    assert_string_equal(row->source, "lines.csv:812");
    assert_string_equal(row->name, "SO-1240/10");
    assert_string_equal(row->script, "release.lua");
    assert_string_equal(row->why, "because");
    assert_int_equal(row->reply_len, 8);
    assert_string_equal(row->reply, "{\"pk\":7}");
    assert_string_equal(row->seen, "");
    assert_true(row->sent);
    assert_int_equal(row->ms, 12);
    seen->rows++;
    if (seen->rows == 500 && seen->rig) {
        struct journal_op op = rig_ask(JOURNAL_AGAIN, 2000, "changed", true);

        seen->run = rig_open(seen->rig);
        rig_do(seen->run, &op);
        rig_end(seen->run, 2000, JOURNAL_CONFIRMED);
    }
    return seen->rows != seen->stop_at;
}

static int list(struct reader *reader, const enum journal_state *state)
{
    struct seen seen = {0};
    struct error err = {0};

    if (!reader_list(reader, state, look_at_row, &seen, &err))
        rig_fail(&err);
    return seen.rows;
}

static void lists_in_order(void **state)
{
    static const enum journal_state unknown = JOURNAL_UNKNOWN;
    static const enum journal_state confirmed = JOURNAL_CONFIRMED;
    static const enum journal_state pending = JOURNAL_PENDING;
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct reader *reader;
    struct seen seen = {.stop_at = 1001};
    struct error err;

    fill(journal, 2500);
    reader = open_reader(rig);
    assert_int_equal(list(reader, NULL), 2500);
    assert_int_equal(list(reader, &unknown), 250);
    assert_int_equal(list(reader, &confirmed), 2250);
    assert_int_equal(list(reader, &pending), 0);
    assert_false(reader_list(reader, NULL, look_at_row, &seen, &err));
    assert_string_equal(err.text, "");
    assert_int_equal(seen.rows, 1001);
    reader_close(reader);
    journal_close(journal);
}

static void pages_end_where_the_numbers_do(void **state)
{
    struct rig *rig = *state;
    struct reader *reader;
    struct journal *journal = rig_new(rig);
    struct journal_op op =
        rig_ask(JOURNAL_ADMIT, INT64_MAX, "last of all", true);

    fill(journal, 999);
    rig_do(journal, &op);
    op = rig_outcome(INT64_MAX, JOURNAL_CONFIRMED);
    rig_do(journal, &op);
    reader = open_reader(rig);
    assert_int_equal(list(reader, NULL), 1000);
    reader_close(reader);
    journal_close(journal);
}

struct story {
    char text[2000];
    int rows;
};

static void add(struct story *story, const char *word)
{
    strncat(story->text, word, sizeof story->text - strlen(story->text) - 1);
    strncat(story->text, " ", sizeof story->text - strlen(story->text) - 1);
}

static bool tell_row(const struct reader_row *row, void *arg)
{
    struct story *story = arg;

    story->rows++;
    add(story, row->row.code);
    add(story, row->seen);
    return true;
}

static bool tell_attempt(const struct reader_attempt *attempt, void *arg)
{
    char text[100];

    snprintf(text, sizeof text, "%d:%s:%d:%d:%s:%.*s:%s", attempt->n,
        attempt->code, attempt->update_stock, attempt->http_status,
        attempt->outcome, (int)attempt->reply_len, attempt->reply,
        attempt->why);
    add(arg, text);
    return true;
}

static bool tell_audit(const struct reader_audit *audit, void *arg)
{
    assert_true(audit->at > 0);
    assert_string_equal(audit->who, "omnitron");
    add(arg, audit->what);
    add(arg, audit->note);
    return true;
}

static bool tell_conflict(const struct reader_conflict *conflict, void *arg)
{
    char text[100];

    snprintf(text, sizeof text, "%s:%d:%s:%s", conflict->code,
        conflict->update_stock, conflict->source, conflict->name);
    add(arg, text);
    return true;
}

static void tells_the_story_of_an_item(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct journal_op op = rig_ask(JOURNAL_ADMIT, 5, "A", false);
    struct story story = {0};
    const struct reader_story teller = {
        tell_row, tell_attempt, tell_audit, tell_conflict, &story};
    struct reader *reader;
    struct error err = {0};

    op.ask.seen = "{}";
    rig_do(journal, &op);
    rig_end(journal, 5, JOURNAL_REJECTED);
    op = rig_ask(JOURNAL_KEEP, 5, "B", true);
    op.note = "mended";
    op.ask.seen = "{1}";
    rig_do(journal, &op);
    reader = open_reader(rig);
    assert_true(reader_show(reader, 5, &teller, &err));
    assert_string_equal(story.text,
        "B {1} 1:A:0:400:refused:{\"pk\":7}:because kept as pending mended ");
    story.text[0] = '\0';
    reader_close(reader);
    op = rig_ask(JOURNAL_AGAIN, 5, "C", true);
    op.note = "once more";
    op.ask.source = NULL; // and with it stays what was seen there
    rig_do(journal, &op);

    reader = open_reader(rig);
    if (!reader_show(reader, 5, &teller, &err))
        rig_fail(&err);
    assert_string_equal(story.text,
        "C {1} 1:A:0:400:refused:{\"pk\":7}:because 2:C:1:0::: "
        "kept as pending mended sent again once more ");
    assert_false(reader_show(reader, 6, &teller, &err));
    assert_string_equal(err.text, "");
    reader_close(reader);

    op = rig_ask(JOURNAL_AGAIN, 5, "C", true); // of a row that is not kept
    rig_do(journal, &op);
    assert_string_equal(
        rig_get(rig, "SELECT ifnull(seen, '-') FROM release"), "-");
    journal_close(journal);
}

static void put_asks(struct journal *journal)
{
    static const struct {
        int64_t item;
        const char *code, *name, *source;
    } rows[] = {{3, "A/1", "first", "a.csv:2"}, {2, "A/1", "second", "a.csv:3"},
        {1, "B/1", "A/1", "a.csv:4"}, {4, "C/1", NULL, "A/1"},
        {5, "a/1", "A/1 ", NULL}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct journal_op op =
            rig_ask(JOURNAL_KEEP, rows[i].item, rows[i].code, true);
        op.ask.name = rows[i].name;
        op.ask.source = rows[i].source;
        rig_do(journal, &op);
    }
}

static void finds_what_a_word_means(void **state)
{
    static const struct {
        const char *word;
        size_t n;
        int64_t items[5];
    } rows[] = {{"A/1", 5, {1, 2, 3, 4, 5}}, {"a/1", 4, {1, 2, 3, 5}},
        {"first", 1, {3}}, {"a.csv:3", 1, {2}}, {"A", 0, {0}},
        {"A/1' OR 1 --", 0, {0}}};
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct error err;

    put_asks(journal);
    struct reader *reader = open_reader(rig);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf items = {0};
        assert_true(
            reader_find(reader, rows[i].word, READER_WHOLE, &items, &err));
        assert_int_equal(items.len / sizeof(int64_t), rows[i].n);
        if (rows[i].n)
            assert_memory_equal(items.data, rows[i].items, items.len);
        buf_free(&items);
    }
    reader_close(reader);
    journal_close(journal);
}

static bool tell_input(const struct reader_input *input, void *arg)
{
    char text[200];

    snprintf(text, sizeof text, "%s:%s:%s:%s:%s:%s:%s:%d-%d:%d:%s",
        input->source, input->name, input->item, input->what, input->message,
        input->place, input->seen, (int)input->first_run, (int)input->run,
        (int)input->times, input->script);
    add(arg, text);
    return true;
}

static bool tell_run(const struct reader_run *run, void *arg)
{
    char text[200];

    snprintf(text, sizeof text, "%d:%s:%s:%s", (int)run->id, run->script,
        run->script_hash, run->summary);
    add(arg, text);
    return true;
}

static void finds_what_became_no_release(void **state)
{
    static const struct {
        const char *word;
        bool in_row;
        const char *told;
    } rows[] = {
        {"a:1", false,
            "a:1:n:7:failed:m:p:{\"x\":\"46761\"}:1-1:2:release.lua "},
        {"n", false, "a:1:n:7:failed:m:p:{\"x\":\"46761\"}:1-1:2:release.lua "},
        {"46761", false, ""},
        {"46761", true,
            "a:1:n:7:failed:m:p:{\"x\":\"46761\"}:1-1:2:release.lua "
            "b:2:::later:::{\"x\":46761}:1-1:1:release.lua "},
        {"4676", true, ""},
        {"x", true, ""},
    };
    struct rig *rig = *state;
    struct story story = {0};
    struct error err = {0};

    journal_close(rig_new(rig));
    rig_sql(rig,
        "INSERT INTO input VALUES"
        " ('a:1','n','7','failed','m','p','{\"x\":\"46761\"}',1,1,5,6,2),"
        " ('b:2','','','later','','','{\"x\":46761}',1,1,5,7,1),"
        " ('c:3','','','later','','','46761 is no JSON',1,1,5,8,1)");
    struct reader *reader = open_reader(rig);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        story.text[0] = '\0';
        assert_true(reader_inputs(
            reader, rows[i].word, rows[i].in_row, tell_input, &story, &err));
        assert_string_equal(story.text, rows[i].told);
    }
    story.text[0] = '\0';
    assert_false(reader_run(reader, 0, tell_run, &story, &err));
    assert_string_equal(err.text, "");
    assert_true(reader_run(reader, 1, tell_run, &story, &err));
    assert_false(reader_run(reader, 2, tell_run, &story, &err));
    assert_string_equal(story.text, "1:release.lua:: ");
    reader_close(reader);
}

static size_t slurp(const char *path, char **bytes)
{
    FILE *file = fopen(path, "r");
    size_t len = 0, cap = 1 << 24;

    *bytes = malloc(cap);
    if (!file)
        return SIZE_MAX;
    len = fread(*bytes, 1, cap, file);
    fclose(file);
    return len;
}

struct print {
    char *db, *wal;
    size_t db_len, wal_len;
};

/* Nothing of this process may be open on the files while they are read. */
static struct print take_print(const struct rig *rig)
{
    struct print print;

    print.db_len = slurp(rig->path, &print.db);
    print.wal_len = slurp(rig_beside(rig, "-wal"), &print.wal);
    return print;
}

static void same_print(const struct rig *rig, struct print *before)
{
    struct print after = take_print(rig);

    assert_int_equal(after.db_len, before->db_len);
    assert_int_equal(after.wal_len, before->wal_len);
    assert_memory_equal(after.db, before->db, before->db_len);
    if (before->wal_len != SIZE_MAX)
        assert_memory_equal(after.wal, before->wal, before->wal_len);
    free(after.db);
    free(after.wal);
    free(before->db);
    free(before->wal);
}

static void look(const struct rig *rig, int rows)
{
    struct reader *reader = open_reader(rig);

    assert_int_equal(list(reader, NULL), rows);
    reader_close(reader);
}

static void leaves_a_closed_journal_alone(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct print before;
    int names;

    fill(journal, 1200);
    journal_close(journal);
    names = rig_names(rig);
    before = take_print(rig);
    assert_int_equal(before.wal_len, SIZE_MAX);
    look(rig, 1200);
    same_print(rig, &before);
    assert_int_equal(rig_names(rig), names);
}

/* A child that dies with its WAL full. */
static void crash(const struct rig *rig, int rows)
{
    pid_t child = rig_fork();

    if (child == 0) {
        fill(rig_open(rig), rows);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void leaves_a_crashed_journal_alone(void **state)
{
    struct rig *rig = *state;
    struct print before;

    rig_make(rig);
    crash(rig, 300);
    before = take_print(rig);
    assert_true(before.wal_len > 4096 && before.wal_len != SIZE_MAX);
    look(rig, 300);
    same_print(rig, &before);

    unlink(rig_beside(rig, "-shm"));
    before = take_print(rig);
    look(rig, 300);
    same_print(rig, &before);
}

static void works_beside_a_run(void **state)
{
    struct rig *rig = *state;
    struct print before;
    int to_child[2], to_parent[2];
    pid_t child;
    char c;

    rig_make(rig);
    assert_int_equal(pipe(to_child), 0);
    assert_int_equal(pipe(to_parent), 0);
    child = rig_fork();
    if (child == 0) {
        struct journal *journal = rig_open(rig);

        fill(journal, 300);
        if (write(to_parent[1], "x", 1) != 1 || read(to_child[0], &c, 1) != 1)
            _exit(1);
        rig_admit(journal, 301, "A");
        rig_end(journal, 301, JOURNAL_CONFIRMED);
        journal_close(journal);
        _exit(0);
    }
    assert_int_equal(read(to_parent[0], &c, 1), 1);
    before = take_print(rig);
    assert_true(before.wal_len > 4096 && before.wal_len != SIZE_MAX);
    look(rig, 300);
    same_print(rig, &before);
    assert_int_equal(write(to_child[1], "x", 1), 1);
    waitpid(child, NULL, 0);
    look(rig, 301);
    close(to_child[0]);
    close(to_child[1]);
    close(to_parent[0]);
    close(to_parent[1]);
}

static bool find_changed(const struct reader_row *row, void *arg)
{
    if (row->row.order_item_id == 2000)
        strcpy(arg, row->row.code);
    return true;
}

/* The list began with nobody else there; a run that comes meanwhile is seen
 * from the next page on. */
static void sees_a_run_that_begins_meanwhile(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct seen seen = {.rig = rig};
    struct reader *reader;
    struct error err;
    char code[JOURNAL_CODE_MAX + 1] = "";

    fill(journal, 2500);
    journal_close(journal);
    reader = open_reader(rig);
    if (!reader_list(reader, NULL, look_at_row, &seen, &err))
        rig_fail(&err);
    assert_int_equal(seen.rows, 2500);
    assert_true(reader_list(reader, NULL, find_changed, code, &err));
    assert_string_equal(code, "changed");
    journal_close(seen.run);
    reader_close(reader);
}

static void sees_a_run_that_came_and_went(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct reader *reader;

    fill(journal, 10);
    journal_close(journal);
    reader = open_reader(rig);
    assert_int_equal(list(reader, NULL), 10);
    journal = rig_open(rig);
    rig_admit(journal, 11, "A");
    rig_end(journal, 11, JOURNAL_CONFIRMED);
    journal_close(journal);
    assert_int_equal(list(reader, NULL), 11);
    reader_close(reader);
}

static void knows_when_what_it_read_may_be_torn(void **state)
{
    struct rig *rig = *state;
    struct journal *journal;
    struct view view;
    struct error err;

    rig_make(rig);
    assert_true(view_open(&view, rig->path, &err));
    assert_true(view.immutable);
    assert_true(view_settled(&view));
    journal = rig_open(rig);
    assert_false(view_settled(&view));
    assert_true(view_again(&view, &err));
    assert_false(view.immutable);
    assert_true(view_settled(&view));
    journal_close(journal);
    view_close(&view);
}

static void a_slow_reader_keeps_no_log(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct reader *reader;
    struct stat st;
    int i;

    fill(journal, 10);
    reader = open_reader(rig);
    assert_int_equal(list(reader, NULL), 10);
    for (i = 11; i <= 1500; i++)
        rig_admit(journal, i, "A");
    assert_int_equal(stat(rig_beside(rig, "-wal"), &st), 0);
    assert_true(st.st_size <= 1100 * (4096 + 24) + 32);
    reader_close(reader);
    journal_close(journal);
}

static void refuse(
    const struct rig *rig, enum error_kind kind, const char *words)
{
    struct error err = {0};

    assert_null(reader_open(rig->path, &err));
    if (!strstr(err.text, words))
        fail_msg("\"%s\" is not in: %s", words, err.text);
    assert_int_equal(err.kind, kind);
}

static void refuses_what_it_cannot_read(void **state)
{
    struct rig *rig = *state;
    FILE *file;

    refuse(rig, ERROR_USAGE, "there is no journal at /tmp/journal_test.");
    assert_int_equal(rig_names(rig), 0);
    file = fopen(rig->path, "w");
    fprintf(file, "%5000s", "x");
    fclose(file);
    refuse(rig, ERROR_USAGE, "is not a journal of omnitron");
    assert_int_equal(rig_names(rig), 1);
    unlink(rig->path);
    rig_make(rig);
    rig_sql(rig, "PRAGMA user_version = 5");
    refuse(rig, ERROR_USAGE, "has version 5 and this omnitron knows 4");
}

static void says_which_row_store_is_damaged(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);
    struct seen seen = {0};
    struct reader *reader;
    struct error err;

    fill(journal, 10);
    journal_close(journal);
    rig_sql(rig, "PRAGMA ignore_check_constraints = ON;"
                 " UPDATE release SET state = 'gone' WHERE order_item_id = 4");
    reader = open_reader(rig);
    assert_false(reader_list(reader, NULL, look_at_row, &seen, &err));
    assert_int_equal(err.kind, ERROR_DISK);
    assert_non_null(strstr(err.text, "is damaged"));
    assert_int_equal(seen.rows, 0);
    reader_close(reader);
}

static void strange_names_are_names(void **state)
{
    struct rig *rig = *state;

    snprintf(rig->path, sizeof rig->path, "%s/a?b#c%%41 d.db", rig->folder);
    journal_close(rig_new(rig));
    look(rig, 0);
}

/* In a folder that cannot be written, as somebody who is not root. */
static void look_in_a_closed_folder(const struct rig *rig, int rows)
{
    struct passwd *nobody = getpwnam("nobody");
    pid_t child;
    int status;

    assert_int_equal(chmod(rig->folder, 0555), 0);
    child = rig_fork();
    if (child == 0) {
        struct reader *reader;
        struct seen seen = {0};
        struct error err = {0};

        if (geteuid() == 0 && nobody && setuid(nobody->pw_uid) != 0)
            _exit(3);
        reader = reader_open(rig->path, &err);
        if (!reader)
            _exit(strstr(err.text, "Copy it and its -wal") ? 2 : 4);
        if (!reader_list(reader, NULL, look_at_row, &seen, &err))
            _exit(5);
        reader_close(reader);
        _exit(seen.rows == rows ? 0 : 6);
    }
    waitpid(child, &status, 0);
    assert_int_equal(chmod(rig->folder, 0755), 0);
    assert_int_equal(WEXITSTATUS(status), rows < 0 ? 2 : 0);
}

static void a_folder_that_cannot_be_written(void **state)
{
    struct rig *rig = *state;
    struct journal *journal = rig_new(rig);

    fill(journal, 20);
    journal_close(journal);
    chmod(rig->path, 0644);
    look_in_a_closed_folder(rig, 20);
    crash(rig, 40);
    look_in_a_closed_folder(rig, 40);
    unlink(rig_beside(rig, "-shm"));
    look_in_a_closed_folder(rig, -1);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_in_order),
        TEST(pages_end_where_the_numbers_do),
        TEST(tells_the_story_of_an_item),
        TEST(finds_what_a_word_means),
        TEST(finds_what_became_no_release),
        TEST(leaves_a_closed_journal_alone),
        TEST(leaves_a_crashed_journal_alone),
        TEST(works_beside_a_run),
        TEST(sees_a_run_that_begins_meanwhile),
        TEST(sees_a_run_that_came_and_went),
        TEST(knows_when_what_it_read_may_be_torn),
        TEST(a_slow_reader_keeps_no_log),
        TEST(refuses_what_it_cannot_read),
        TEST(says_which_row_store_is_damaged),
        TEST(strange_names_are_names),
        TEST(a_folder_that_cannot_be_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
