#include "journal_rig.h"

#include "delivery/logins.h"

#include <errno.h>

static struct sidecar *open_notes(const struct rig *rig)
{
    struct sidecar *notes = sidecar_open(rig->path);

    assert_non_null(notes);
    return notes;
}

static const char *value(struct sidecar *notes, const char *key)
{
    static char text[200];
    struct buf out = {0};
    bool found = sidecar_read(notes, key, &out);

    snprintf(text, sizeof text, "%s", found ? buf_text(&out) : "none");
    buf_free(&out);
    return text;
}

static void put_file(const struct rig *rig, const char *text, size_t len)
{
    char path[PATH_MAX];
    FILE *file;

    snprintf(path, sizeof path, "%s.notes", rig->path);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    fclose(file);
}

static void keeps_what_was_written(void **state)
{
    struct rig *rig = *state;
    struct sidecar *notes = open_notes(rig), *other = open_notes(rig);

    assert_string_equal(value(notes, "said"), "none");
    assert_true(sidecar_write(notes, "said", "two words"));
    assert_true(sidecar_write(other, "more", ""));
    assert_true(sidecar_write(notes, "sai", "3"));
    assert_true(sidecar_write(notes, "said", "again"));
    assert_string_equal(value(notes, "said"), "again");
    assert_string_equal(value(notes, "sai"), "3");
    assert_string_equal(value(notes, "more"), "");
    assert_string_equal(value(other, "said"), "again");
    sidecar_close(notes);
    sidecar_close(other);
    notes = open_notes(rig);
    assert_string_equal(value(notes, "said"), "again");
    sidecar_close(notes);
}

static void refuses_what_would_break_the_lines(void **state)
{
    struct sidecar *notes = open_notes(*state);

    assert_false(sidecar_write(notes, "two words", "x"));
    assert_false(sidecar_write(notes, "", "x"));
    assert_false(sidecar_write(notes, "key", "x\ny z"));
    assert_string_equal(value(notes, "key"), "none");
    sidecar_close(notes);
}

static void in_memory_they_go_with_the_object(void **state)
{
    struct sidecar *notes = sidecar_open(NULL);

    (void)state;
    assert_true(sidecar_write(notes, "said", "x"));
    assert_string_equal(value(notes, "said"), "x");
    sidecar_close(notes);
}

static void a_folder_that_is_not_there_is_no_failure(void **state)
{
    struct sidecar *notes = sidecar_open("/nonexistent/journal.db");

    (void)state;
    errno = 0;
    assert_false(sidecar_write(notes, "said", "x"));
    assert_int_equal(errno, ENOENT);
    assert_string_equal(value(notes, "said"), "x");
    sidecar_close(notes);
}

static void reads_a_spoilt_file(void **state)
{
    static const char spoilt[] = "logins 12 x 99999999999999999999\n\n"
                                 "logins 5\nno end 7";
    struct rig *rig = *state;
    struct sidecar *notes = open_notes(rig);
    int64_t next;

    put_file(rig, spoilt, sizeof spoilt - 1);
    assert_string_equal(value(notes, "no"), "end 7");
    assert_true(logins_allowed(notes, 1000, &next));
    put_file(rig, "a\0b\nkey v\n", 10);
    assert_string_equal(value(notes, "key"), "none");
    assert_true(sidecar_write(notes, "key", "w"));
    assert_string_equal(value(notes, "key"), "w");
    sidecar_close(notes);
}

static void three_log_ins_in_six_minutes(void **state)
{
    struct rig *rig = *state;
    struct sidecar *notes = open_notes(rig);
    int64_t next = 0, now = 1700000000000;
    int i;

    for (i = 0; i < LOGINS_MOST; i++) {
        assert_true(logins_allowed(notes, now + i * 1000, &next));
        assert_int_equal(next, now + i * 1000);
        logins_add(notes, now + i * 1000);
    }
    sidecar_close(notes);
    notes = open_notes(rig);
    assert_false(logins_allowed(notes, now + 3000, &next));
    assert_int_equal(next, now + LOGINS_SPAN_MS);
    assert_false(logins_allowed(notes, next - 1, &next));
    assert_true(logins_allowed(notes, now + LOGINS_SPAN_MS, &next));
    logins_add(notes, now + LOGINS_SPAN_MS);
    assert_false(logins_allowed(notes, now + LOGINS_SPAN_MS, &next));
    assert_int_equal(next, now + 1000 + LOGINS_SPAN_MS);
    sidecar_close(notes);
}

static void a_clock_set_back_locks_nobody_out(void **state)
{
    struct sidecar *notes = sidecar_open(NULL);
    int64_t next, now = 1700000000000, hour = 3600 * 1000;
    int i;

    (void)state;
    for (i = 0; i < LOGINS_MOST; i++)
        logins_add(notes, now);
    assert_false(logins_allowed(notes, now - 60000, &next));
    assert_true(next <= now - 60000 + LOGINS_SPAN_MS);
    assert_true(logins_allowed(notes, now - hour, &next));
    for (i = 0; i < LOGINS_MOST; i++)
        logins_add(notes, now - hour);
    assert_false(logins_allowed(notes, now - hour, &next));
    assert_true(logins_allowed(notes, now - hour + LOGINS_SPAN_MS, &next));
    sidecar_close(notes);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_what_was_written),
        TEST(refuses_what_would_break_the_lines),
        TEST(in_memory_they_go_with_the_object),
        TEST(a_folder_that_is_not_there_is_no_failure),
        TEST(reads_a_spoilt_file),
        TEST(three_log_ins_in_six_minutes),
        TEST(a_clock_set_back_locks_nobody_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
