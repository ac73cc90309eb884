/* SPDX-License-Identifier: Apache-2.0 */
/* Passes over scripted readers: what their steps come to, and where errors stand. */
#include "pipeline/pass.h"

#include "fake_reader.h"

/* What a pass has come to. */
struct seen {
    enum hw_status status;
    struct hw_error err;
    uint64_t rows;
    uint64_t rejects;
    uint64_t records; /* by hw_pass_records, as the next one, in the end */
    uint64_t rejected;
    bool misfit;
};

/* Rows count the table's records, unless records between them were rejected. */
static void batch_check(const char *row, const struct hw_pass *pass, uint64_t first) {
    const struct hw_batch *batch = &pass->cursor->batch;
    for (size_t i = 0; i < pass->rows; i++) {
        assert_row_int(row, ((const int64_t *)batch->columns[0].values)[i], first + i);
    }
}

/* Reads all, takes rows and rejects, and leaves the pass where a value does not fit. */
static struct seen pass_run(const char *row, struct hw_pass *pass) {
    struct seen seen = {.err = HW_ERROR_INIT};
    bool more = true;
    seen.status = hw_pass_begin(pass, &seen.err);
    while (seen.status == HW_OK && more) {
        seen.status = hw_pass_next(pass, &more, &seen.err);
        if (seen.status == HW_OK && pass->misfit && !pass->types_only) {
            seen.status = hw_pass_leave(pass, &seen.err);
            break;
        }
        if (seen.status == HW_OK && more) {
            struct hw_cursor *cursor = pass->cursor;
            batch_check(row, pass, hw_pass_records(pass) - pass->rows);
            seen.rows += pass->rows;
            seen.rejects += cursor->rejects.count;
            hw_buf_clear(&cursor->rejects.data);
            cursor->rejects.count = 0;
        }
    }
    if (seen.status == HW_OK) {
        seen.records = hw_pass_records(pass);
        seen.rejected = hw_pass_rejected(pass);
    }
    seen.misfit = pass->misfit;
    return seen;
}

/* Guesses are wrong by 3 records, so whoever believes them meets other rows. */
static const struct {
    const char *name;
    const char *parts[4];
    bool sequential;
    bool types_only;
    enum fake_call fails;
    enum hw_status status;
    const char *says;
    int64_t line;
    uint64_t rows;
    uint64_t rejects;
    uint64_t records;
    bool misfit;
} rows[] = {
    {"one part", {"s 5 7"}, .line = -1, .rows = 12, .records = 12},
    {"no part", {NULL}, .line = -1},
    {"parts, each from the end of the one before", {"s 5", "s 7", "s", "s 2"}, .line = -1, .rows = 14, .records = 14},
    {"a record that is large", {"s 5 l 1", "s l 2"}, .line = -1, .rows = 8, .records = 8},
    {"one part after the other", {"5 h 2", "7 H"}, .sequential = true, .line = -1, .rows = 14, .records = 14},
    {"steps without rows", {"s 0 0 5 0"}, .line = -1, .rows = 5, .records = 5},
    {"rejects with rows", {"s x2 5", "s 3 x1 4"}, .line = -1, .rows = 12, .rejects = 3, .records = 15},
    {"rejects at the end of a part", {"s 5 x2", "s x1"}, .line = -1, .rows = 5, .rejects = 3, .records = 8},
    {"types only", {"s 5 x2", "s 4"}, .types_only = true, .line = -1, .records = 11},
    {"types only, and one does not fit",
     {"s 5 w2 4", "s 4"},
     .types_only = true,
     .line = -1,
     .records = 15,
     .misfit = true},
    {"a value that does not fit ends it", {"s 5", "s 4 w2 4"}, .line = -1, .rows = 9, .records = 11, .misfit = true},
    {"an error, placed behind the parts before",
     {"s 5", "s 4 !"},
     .status = HW_EDATA,
     .says = "a bad number",
     .line = 10,
     .rows = 9},
    {"a result that gets lost", {"s 5", "s 4 ."}, .status = HW_ENOMEM, .says = "out of memory", .line = -1, .rows = 9},
    {"no pass", {"s 5"}, .fails = FAKE_BEGIN, .status = HW_EIO, .says = "the fake fails", .line = -1},
    {"no cursor", {"s 5"}, .fails = FAKE_CURSOR_NEW, .status = HW_EIO, .says = "the fake fails", .line = -1},
    {"no part can be opened", {"s 5"}, .fails = FAKE_OPEN, .status = HW_EIO, .says = "the fake fails", .line = -1},
};

static void scripts_are_read_to_their_end(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *name = rows[i].name;
        struct fake_reader reader = {.base.sequential = rows[i].sequential, .fails = rows[i].fails};
        for (size_t k = 0; k < COUNT_OF(rows[i].parts); k++) {
            reader.scripts[k] = rows[i].parts[k];
            reader.off[k] = k > 0 ? 3 : 0;
        }
        fake_reader_init(&reader, 2);
        struct hw_pass pass = {.reader = &reader.base, .types_only = rows[i].types_only};
        const struct seen seen = pass_run(name, &pass);
        assert_row_int(name, seen.status, rows[i].status);
        assert_row_says(name, seen.err.message, rows[i].says ? rows[i].says : "");
        assert_row_int(name, seen.err.line, rows[i].line);
        assert_row_int(name, seen.rows, rows[i].rows);
        assert_row_int(name, seen.rejects, rows[i].rejects);
        assert_row_int(name, seen.records, rows[i].records);
        assert_row_int(name, seen.rejected, seen.records > 0 ? reader.base.rejected : 0);
        assert_row_int(name, seen.misfit, rows[i].misfit);
        hw_pass_release(&pass);
        hw_pass_release(&pass);
        assert_row_int(name, atomic_load(&reader.cursors), 0);
        assert_row_int(name, atomic_load(&reader.results), 0);
    }
}

/* Every step is told that no rows are wanted, in each part. */
static void types_are_wanted_of_every_part(void **state) {
    (void)state;
    struct fake_reader reader = {.scripts = {"5 5", "5"}};
    fake_reader_init(&reader, 1);
    struct hw_pass pass = {.reader = &reader.base, .types_only = true};
    assert_int_equal(pass_run("types", &pass).records, 15);
    assert_int_equal(atomic_load(&reader.void_steps), 5); /* three of rows, two that end a part */
    hw_pass_release(&pass);
}

static bool third_time(void *ctx) {
    return ++*(int *)ctx == 3;
}

static void a_stop_is_asked_for_at_every_step(void **state) {
    (void)state;
    int asked = 0;
    struct fake_reader reader = {.scripts = {"5 6", "7"}};
    fake_reader_init(&reader, 1);
    struct hw_pass pass = {.reader = &reader.base, .stop = {third_time, &asked}};
    const struct seen seen = pass_run("stop", &pass);
    assert_int_equal(seen.status, HW_ECANCELLED);
    assert_int_equal(seen.rows, 11);
    hw_pass_release(&pass);
    assert_int_equal(atomic_load(&reader.results), 0);
}

/* Whoever leaves or releases in the middle of a part leaves nothing behind. */
static void a_pass_may_end_early(void **state) {
    (void)state;
    for (int leave = 0; leave < 2; leave++) {
        struct hw_error err = HW_ERROR_INIT;
        bool more;
        struct fake_reader reader = {.scripts = {"5 6", "7"}};
        fake_reader_init(&reader, 1);
        struct hw_pass pass = {.reader = &reader.base};
        assert_ok(hw_pass_begin(&pass, &err), err);
        assert_ok(hw_pass_next(&pass, &more, &err), err);
        if (leave) {
            assert_ok(hw_pass_leave(&pass, &err), err);
            assert_int_equal(reader.base.rows, 5);
            assert_ok(hw_pass_next(&pass, &more, &err), err);
            assert_false(more);
        }
        hw_pass_release(&pass);
        assert_int_equal(atomic_load(&reader.results), 0);
        assert_int_equal(atomic_load(&reader.cursors), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_are_read_to_their_end),
        cmocka_unit_test(types_are_wanted_of_every_part),
        cmocka_unit_test(a_stop_is_asked_for_at_every_step),
        cmocka_unit_test(a_pass_may_end_early),
    };
    return cmocka_run_group_tests_name("pipeline/pass", tests, NULL, NULL);
}
