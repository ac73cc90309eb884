/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many files of one output: their names, sizes, which are open, and what is left when something
 * fails.
 */
#include "pipeline/output.h"

#include <errno.h>
#include <stdio.h>

#include "core/limits.h"
#include "store/store_file.h"
#include "support/corpus.h"
#include "support/faulty_io.h"
#include "support/rows.h"
#include "support/scratch.h"

/* CSV files of one column, "k", over a folder. */
struct fixture {
    struct scratch scratch;
    struct hw_store *store;
    struct hw_field field;
    struct hw_schema schema;
    struct hw_output_options options;
    struct hw_output_plan output_plan;
    struct hw_outputs outputs;
};

static void fixture_open(struct fixture *fixture) {
    struct hw_error err = HW_ERROR_INIT;
    *fixture = (struct fixture){.scratch = scratch_make(), .field = {.name = "k", .type = {.kind = HW_KIND_INT64}}};
    assert_ok(hw_store_file_open(fixture->scratch.folder, NULL, &fixture->store, &err), err);
    fixture->schema = (struct hw_schema){&fixture->field, 1};
    fixture->options = (struct hw_output_options){.files_open_max = 100, .files_held_max = SIZE_MAX};
    fixture->output_plan = (struct hw_output_plan){
        .store = fixture->store,
        .names = {{"out/", "x", ".csv"}},
        .many = true,
        .partitioned = true,
        .look = true,
        .count = 1,
    };
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        if (format->flag == HW_FORMAT_CSV) {
            fixture->output_plan.formats[0] = format;
        }
    }
}

static enum hw_status outputs_open(struct fixture *fixture, struct hw_error *err) {
    static const struct hw_file_pair pair = {HW_VIEW_INIT("a"), HW_VIEW_INIT("b"), true};
    const struct hw_output_table table = {.schema = &fixture->schema, .pairs = {&pair, 1, false}};
    return hw_outputs_open(&fixture->outputs, &fixture->output_plan, &table, &fixture->options, err);
}

static void fixture_close(struct fixture *fixture) {
    hw_outputs_release(&fixture->outputs);
    fixture->store->ops->close(fixture->store);
    scratch_remove(&fixture->scratch);
}

/* Appends one row to a partition. */
static enum hw_status row_append(struct fixture *fixture, const char *partition, int64_t value, struct hw_error *err) {
    const struct hw_column column = {.values = &value};
    const struct hw_batch batch = {&fixture->schema, 1, &column};
    struct hw_encoder *encoder;
    struct hw_encoded *encoded;
    HW_TRY(hw_outputs_encoder_new(&fixture->outputs, 0, &encoder, err));
    enum hw_status status = encoder->ops->add(encoder, &batch, err);
    status = status == HW_OK ? encoder->ops->take(encoder, &encoded, err) : status;
    encoder->ops->free(encoder);
    return status == HW_OK ? hw_outputs_append(&fixture->outputs, 0, partition, encoded, err) : status;
}

static enum hw_status outputs_end(struct fixture *fixture, struct hw_error *err) {
    HW_TRY(hw_outputs_close(&fixture->outputs, err));
    return hw_outputs_publish(&fixture->outputs, err);
}

static bool holds(const struct fixture *fixture, const char *name, const char *text) {
    return scratch_holds(&fixture->scratch, name, text, strlen(text));
}

static void partitions_have_files(void **state) {
    (void)state;
    struct fixture fixture;
    struct hw_error err = HW_ERROR_INIT;
    fixture_open(&fixture);
    assert_ok(outputs_open(&fixture, &err), err);
    assert_ok(row_append(&fixture, "a=1/", 1, &err), err);
    assert_ok(row_append(&fixture, "a=2/b=3/", 2, &err), err);
    assert_ok(row_append(&fixture, "a=1/", 3, &err), err);
    assert_ok(hw_outputs_close(&fixture.outputs, &err), err);
    assert_null(strstr(scratch_names(&fixture.scratch), ".csv"));
    assert_ok(hw_outputs_publish(&fixture.outputs, &err), err);
    assert_string_equal(scratch_names(&fixture.scratch),
                        "out/ out/a=1/ out/a=1/x-00000.csv out/a=2/ out/a=2/b=3/ out/a=2/b=3/x-00000.csv ");
    assert_true(holds(&fixture, "out/a=1/x-00000.csv", "k\n1\n3\n"));
    assert_true(holds(&fixture, "out/a=2/b=3/x-00000.csv", "k\n2\n"));
    assert_int_equal(fixture.outputs.formats[0].rows, 3);
    assert_int_equal(fixture.outputs.formats[0].files[0]->rows, 2);
    assert_int_equal(fixture.outputs.formats[0].files[1]->rows, 1);
    fixture_close(&fixture);
}

/* What a piece of one short row is said to hold is what it holds, and not much more. */
static void small_pieces_hold_what_is_said(void **state) {
    (void)state;
    enum { COLUMNS_MAX = 20, DATA_BYTES = 64 };
    static const size_t columns_of[] = {1, 2, COLUMNS_MAX};
    for (const struct hw_output_format *format = hw_output_formats; format->name; format++) {
        for (size_t i = 0; i < COUNT_OF(columns_of); i++) {
            const int64_t value = 7;
            struct fixture fixture;
            struct hw_error err = HW_ERROR_INIT;
            struct hw_field fields[COLUMNS_MAX];
            struct hw_column columns[COLUMNS_MAX];
            struct hw_encoder *encoder;
            struct hw_encoded *encoded;
            for (size_t k = 0; k < COLUMNS_MAX; k++) {
                fields[k] = (struct hw_field){.name = "k", .type = {.kind = HW_KIND_INT64}};
                columns[k] = (struct hw_column){.values = &value};
            }
            fixture_open(&fixture);
            fixture.schema = (struct hw_schema){fields, columns_of[i]};
            fixture.output_plan.formats[0] = format;
            fixture.options.parquet.many_small = true;
            const struct hw_batch batch = {&fixture.schema, 1, columns};
            assert_ok(outputs_open(&fixture, &err), err);
            assert_ok(hw_outputs_encoder_new(&fixture.outputs, 0, &encoder, &err), err);
            assert_ok(encoder->ops->add(encoder, &batch, &err), err);
            assert_ok(encoder->ops->take(encoder, &encoded, &err), err);
            const size_t said = hw_outputs_piece_bytes(&fixture.outputs, columns_of[i]);
            assert_row_int(format->name, encoded->held_bytes <= said + DATA_BYTES * columns_of[i], true);
            assert_row_int(format->name, said <= 2 * encoded->held_bytes, true);
            encoded->ops->free(encoded);
            encoder->ops->free(encoder);
            fixture_close(&fixture);
        }
    }
}

/* The one that was used longest ago is closed, and its partition goes on in the next number. */
static void so_many_files_are_open(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *partitions; /* one letter an append */
        size_t open_max;
        size_t held_max;
        const char *want; /* files, in the order in which they were begun */
    } rows[] = {
        {"room for all", "abcabc", 3, SIZE_MAX, "a0 b0 c0 "},
        {"two", "abcabc", 2, SIZE_MAX, "a0 b0 c0 a1 b1 c1 "},
        {"use makes young", "abaca", 2, SIZE_MAX, "a0 b0 c0 "},
        {"the oldest goes", "abacab", 2, SIZE_MAX, "a0 b0 c0 b1 "},
        {"one", "aabb", 1, SIZE_MAX, "a0 b0 "},
        {"none is one", "aabba", 0, SIZE_MAX, "a0 b0 a1 "},
        {"what they hold counts", "aba", 100, 0, "a0 b0 a1 "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture;
        struct hw_error err = HW_ERROR_INIT;
        char got[256] = "";
        fixture_open(&fixture);
        fixture.options.files_open_max = rows[i].open_max;
        fixture.options.files_held_max = rows[i].held_max;
        int files = open_files();
        assert_ok(outputs_open(&fixture, &err), err);
        for (const char *at = rows[i].partitions; *at; at++) {
            const char partition[] = {*at, '=', '/', '\0'};
            assert_ok(row_append(&fixture, partition, 7, &err), err);
            size_t open_max = hw_max_size(rows[i].open_max, 1);
            assert_row_int(rows[i].name, fixture.outputs.open_count <= open_max, true);
            assert_row_int(rows[i].name, (size_t)(open_files() - files), fixture.outputs.open_count + 1);
            if (rows[i].held_max == 0 && fixture.outputs.open_count > 0) {
                /* CSV writers hold nothing; make them. */
                fixture.outputs.newest->open->held_bytes = 1;
                fixture.outputs.open_held = 1;
            }
        }
        const struct hw_output *output = &fixture.outputs.formats[0];
        for (size_t k = 0; k < output->files_count; k++) {
            const char *key = output->files[k]->key;
            snprintf(got + strlen(got), sizeof(got) - strlen(got), "%c%c ", key[4], key[strlen(key) - 5]);
        }
        assert_row_text(rows[i].name, got, rows[i].want);
        assert_ok(outputs_end(&fixture, &err), err);
        assert_row_int(rows[i].name, output->rows, strlen(rows[i].partitions));
        fixture_close(&fixture);
    }
}

/* "k\n" and two bytes a row. */
static void files_have_a_size(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t bytes_max;
        int appends;
        const char *want;
        bool pairs_last;
    } rows[] = {
        {"metadata at the end", 14, 5, "out/ out/x-00000.csv ", true},
        {"a byte less with metadata at the end", 13, 5, "out/ out/x-00000.csv out/x-00001.csv ", true},
        {"no limit", 0, 5, "out/ out/x-00000.csv "},
        {"as long as may be", 12, 5, "out/ out/x-00000.csv "},
        {"a byte less", 11, 5, "out/ out/x-00000.csv out/x-00001.csv "},
        {"two rows each", 7, 5, "out/ out/x-00000.csv out/x-00001.csv out/x-00002.csv "},
        {"less than a row", 1, 2, "out/ out/x-00000.csv out/x-00001.csv "},
        {"no rows", 1, 0, "out/ out/x-00000.csv "},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture;
        struct hw_error err = HW_ERROR_INIT;
        fixture_open(&fixture);
        struct hw_output_format format = *fixture.output_plan.formats[0];
        format.pairs_last = rows[i].pairs_last;
        fixture.output_plan.formats[0] = &format;
        fixture.output_plan.partitioned = false;
        fixture.options.file_bytes_max = rows[i].bytes_max;
        assert_ok(outputs_open(&fixture, &err), err);
        for (int k = 0; k < rows[i].appends; k++) {
            assert_ok(row_append(&fixture, "", k, &err), err);
        }
        assert_ok(outputs_end(&fixture, &err), err);
        assert_row_text(rows[i].name, scratch_names(&fixture.scratch), rows[i].want);
        fixture_close(&fixture);
    }
}

/* A file that cannot be written is named once, by its error's object or else by the message. */
static void a_fault_names_its_file_once(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum io_call call;
        bool own_object; /* the sink's error has the file for its object */
    } rows[] = {{"a write", IO_WRITE, true}, {"a sum of bytes", IO_ANY, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture fixture;
        struct hw_error err = HW_ERROR_INIT;
        char line[sizeof(err.message) + sizeof(err.object)];
        fixture_open(&fixture);
        fixture.output_plan.partitioned = false;
        assert_ok(outputs_open(&fixture, &err), err);
        fixture.outputs.formats[0].files[0]->bytes += rows[i].own_object ? 0 : 1;
        faulty_io_start(rows[i].call, rows[i].own_object, EIO);
        const bool written = row_append(&fixture, "", 1, &err) == HW_OK;
        assert_row_int(rows[i].name, written && hw_outputs_close(&fixture.outputs, &err) == HW_OK, false);
        faulty_io_stop();
        hw_error_format(&err, line, sizeof(line));
        const char *first = strstr(line, "out/x-00000.csv: ");
        assert_row_int(rows[i].name, first != NULL && strstr(first + 1, "out/x-00000.csv") == NULL, true);
        assert_row_int(rows[i].name, err.object[0] != '\0', rows[i].own_object);
        fixture_close(&fixture);
    }
}

enum { FILES = 4 };

static enum hw_status files_write(struct fixture *fixture, struct hw_error *err) {
    HW_TRY(outputs_open(fixture, err));
    for (int i = 0; i < FILES; i++) {
        const char partition[] = {(char)('a' + i), '=', '/', '\0'};
        HW_TRY(row_append(fixture, partition, i, err));
    }
    return outputs_end(fixture, err);
}

/*
 * Fresh ones disappear again with the folders that were made for them, old ones are as they were or
 * new.
 */
static void a_fault_leaves_no_fresh_file(void **state) {
    (void)state;
    static const enum io_call calls[] = {IO_OPENAT, IO_MKDIRAT, IO_WRITE, IO_FSYNC, IO_SYNCFS, IO_RENAMEAT};
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        bool failed = true;
        int at = 1;
        for (; failed; at++) {
            struct fixture fixture;
            struct hw_error err = HW_ERROR_INIT;
            fixture_open(&fixture);
            scratch_write(&fixture.scratch, "out/b=/x-00000.csv", "old", 3);
            int files = open_files();
            faulty_io_start(calls[i], at, EIO);
            faulty_io_quick();
            enum hw_status status = files_write(&fixture, &err);
            hw_outputs_release(&fixture.outputs);
            failed = faulty_io_stop() != IO_ANY;
            assert_row_int(faulty_io_name(calls[i]), open_files(), files);
            if (status != HW_OK) {
                assert_row_int(faulty_io_name(calls[i]), status, HW_EIO);
                assert_row_text(faulty_io_name(calls[i]), scratch_names(&fixture.scratch),
                                "out/ out/b=/ out/b=/x-00000.csv ");
            }
            assert_true(failed || status == HW_OK);
            assert_true(holds(&fixture, "out/b=/x-00000.csv", "old") ||
                        holds(&fixture, "out/b=/x-00000.csv", "k\n1\n"));
            fixture_close(&fixture);
        }
        bool once = calls[i] == IO_FSYNC || calls[i] == IO_SYNCFS; /* for all files together */
        assert_in_range(at, once ? 2 : FILES, 1000);
    }
}

static enum hw_status refuse(const struct hw_output_plan_source *source, const char *key, struct hw_error *err) {
    (void)source;
    return strcmp(key, "out/c=/x-00000.csv") == 0 ? hw_fail(err, HW_EUSAGE, "not this one") : HW_OK;
}

static void names_may_be_taken(void **state) {
    (void)state;
    struct fixture fixture;
    struct hw_error err = HW_ERROR_INIT;
    fixture_open(&fixture);
    scratch_write(&fixture.scratch, "out/b=/x-00000.csv", "old", 3);
    fixture.output_plan.create_only = true;
    assert_int_equal(files_write(&fixture, &err), HW_EEXISTS);
    assert_row_says("message", err.message, "out/b=/x-00000.csv is there already");
    hw_outputs_release(&fixture.outputs);
    fixture.output_plan.create_only = false;
    fixture.output_plan.may_open = refuse;
    assert_int_equal(files_write(&fixture, &err), HW_EUSAGE);
    assert_row_says("message", err.message, "not this one");
    hw_outputs_release(&fixture.outputs);
    assert_string_equal(scratch_names(&fixture.scratch), "out/ out/b=/ out/b=/x-00000.csv ");
    assert_true(holds(&fixture, "out/b=/x-00000.csv", "old"));
    fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partitions_have_files),       cmocka_unit_test(small_pieces_hold_what_is_said),
        cmocka_unit_test(so_many_files_are_open),      cmocka_unit_test(files_have_a_size),
        cmocka_unit_test(a_fault_names_its_file_once), cmocka_unit_test(a_fault_leaves_no_fresh_file),
        cmocka_unit_test(names_may_be_taken),
    };
    return cmocka_run_group_tests_name("pipeline/output", tests, NULL, NULL);
}
