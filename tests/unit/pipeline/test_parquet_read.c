/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <hawser/parquet.h>

#include "support/alloc_fault.h"
#include "support/schema_text.h"
#include "support/scratch.h"
#include "unit/parquet/read_make.h"
#include "unit/parquet/single_column_make.h"

static const size_t sizes[] = {30, 20, SIZE_MAX};
enum { GROUPS = 2, ROWS = 50 };

static void file_write(struct scratch *scratch, const char *name, struct read_made *made) {
    read_made_write(made, MADE_FLAT, sizes, GROUPS, NULL);
    scratch_write(scratch, name, made->sink.bytes.data, made->sink.bytes.size);
}

static enum hw_status rows_read(const struct hw_parquet_file *file, const struct hw_parquet_batches_options *options,
                                struct read_drained *got, struct hw_error *err) {
    struct hw_batch_stream *stream;
    HW_TRY(hw_parquet_batches(file, options, &stream, err));
    const enum hw_status status = read_drain(stream, got, err);
    stream->free(stream);
    return status;
}

static void files_tell_of_themselves(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_parquet_file *file;
    file_write(&scratch, "x.parquet", &made);
    assert_ok(hw_parquet_open(scratch_path(&scratch, "x.parquet"), NULL, &file, &err), err);
    assert_string_equal(schema_text(hw_parquet_schema(file), &text), "n:int64! t:text b:boolean r:double p:text");
    assert_int_equal(hw_parquet_rows(file), ROWS);
    assert_int_equal(hw_parquet_groups(file), GROUPS);
    assert_int_equal(hw_parquet_group_rows(file, 0), 30);
    assert_int_equal(hw_parquet_group_rows(file, 1), 20);
    assert_int_equal(hw_parquet_group_rows(file, 2), 0);
    assert_int_equal(hw_parquet_group_rows(file, SIZE_MAX), 0);
    hw_parquet_close(file);
    hw_parquet_close(NULL);
    read_made_close(&made);
    scratch_remove(&scratch);
}

static void chunks_tell_of_their_values(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_parquet_file *file;
    struct hw_parquet_stats stats;
    char path[8];
    file_write(&scratch, "x.parquet", &made);
    assert_ok(hw_parquet_open(scratch_path(&scratch, "x.parquet"), NULL, &file, &err), err);
    assert_int_equal(hw_parquet_leaves(file), MADE_FLAT);
    assert_string_equal(hw_parquet_leaf_path(file, 3, path, sizeof(path)), "r");
    assert_string_equal(hw_parquet_leaf_path(file, MADE_FLAT, path, sizeof(path)), "");
    assert_ok(hw_parquet_chunk_stats(file, 1, 0, &stats, &err), err);
    assert_int_equal(stats.entries, 20);
    assert_int_equal(stats.nulls, 0);
    assert_true(stats.ordered);
    hw_parquet_close(file); /* The bounds outlive it. */
    assert_int_equal(stats.bounds.schema->fields[0].type.kind, HW_KIND_INT64);
    assert_int_equal(stats.bounds.columns[0].null_count, 0);
    hw_batch_release(&stats.bounds);
    read_made_close(&made);
    scratch_remove(&scratch);
}

static void chunks_that_are_not_there_are_refused(void **state) {
    (void)state;
    static const size_t places[][2] = {{GROUPS, 0}, {0, MADE_FLAT}, {SIZE_MAX, SIZE_MAX}};
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_parquet_file *file;
    struct hw_parquet_stats stats = {.entries = 7};
    file_write(&scratch, "x.parquet", &made);
    assert_ok(hw_parquet_open(scratch_path(&scratch, "x.parquet"), NULL, &file, &err), err);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        assert_int_equal(hw_parquet_chunk_stats(file, places[i][0], places[i][1], &stats, &err), HW_EUSAGE);
        assert_row_says("place", err.message, "the file has 5 in 2");
        assert_int_equal(stats.entries, 7);
    }
    hw_parquet_close(file);
    read_made_close(&made);
    scratch_remove(&scratch);
}

/* Columns come in the order of the list; one that is not there is told with the nearest. */
static void columns_are_chosen(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_parquet_file *file;
    struct hw_batch_stream *stream;
    struct hw_parquet_batches_options options = {.columns = "p,n"};
    file_write(&scratch, "x.parquet", &made);
    assert_ok(hw_parquet_open(scratch_path(&scratch, "x.parquet"), NULL, &file, &err), err);
    assert_ok(hw_parquet_batches(file, &options, &stream, &err), err);
    assert_string_equal(schema_text(stream->schema, &text), "p:text n:int64!");
    stream->free(stream);
    options.columns = "p,nn";
    assert_int_equal(hw_parquet_batches(file, &options, &stream, &err), HW_EUSAGE);
    assert_row_says("nn", err.message, "nn");
    hw_parquet_close(file);
    read_made_close(&made);
    scratch_remove(&scratch);
}

static void rows_are_read_as_often_as_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_parquet_batches_options options;
        size_t first, count, batches;
    } rows[] = {
        {"all", {0}, 0, 50, 2},
        {"all, with the struct's size", {.size = sizeof(struct hw_parquet_batches_options)}, 0, 50, 2},
        {"one thread", {.threads = 1}, 0, 50, 2},
        {"three threads", {.threads = 3, .batch_rows = 7}, 0, 50, 5 + 3},
        {"batches of 10", {.batch_rows = 10}, 0, 50, 3 + 2},
        {"left out", {.skip_rows = 31}, 31, 19, 1},
        {"a limit", {.limit_rows = 31}, 0, 31, 2},
        {"both", {.skip_rows = 29, .limit_rows = 2}, 29, 2, 2},
        {"all left out", {.skip_rows = 50}, 0, 0, 0},
        {"memory", {.memory_bytes = 1 << 20}, 0, 50, 2},
    };
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_parquet_file *file;
    file_write(&scratch, "x.parquet", &made);
    assert_ok(hw_parquet_open(scratch_path(&scratch, "x.parquet"), NULL, &file, &err), err);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct read_drained got = {0};
        const hw_view want = read_made_text(&made, rows[i].first, rows[i].count);
        assert_ok(rows_read(file, &rows[i].options, &got, &err), err);
        assert_row_bytes(rows[i].name, got.text.data, got.text.size, want.data, want.size);
        assert_row_int(rows[i].name, got.batches, rows[i].batches);
        hw_buf_release(&got.text);
    }
    struct read_drained got = {0};
    assert_ok(rows_read(file, NULL, &got, &err), err);
    assert_int_equal(got.rows, ROWS);
    hw_buf_release(&got.text);
    hw_parquet_close(file);
    read_made_close(&made);
    scratch_remove(&scratch);
}

static void batches_outlive_the_file(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_parquet_file *file;
    struct hw_batch_stream *stream;
    struct hw_batch batch;
    bool more = false;
    file_write(&scratch, "x.parquet", &made);
    assert_ok(hw_parquet_open(scratch_path(&scratch, "x.parquet"), NULL, &file, &err), err);
    assert_ok(hw_parquet_batches(file, NULL, &stream, &err), err);
    assert_int_equal(stream->schema->count, MADE_FLAT);
    assert_ok(stream->next(stream, &batch, &more, &err), err);
    assert_true(more);
    stream->free(stream);
    hw_parquet_close(file);
    read_batch_text(&batch, &text);
    const hw_view want = read_made_text(&made, 0, 30);
    assert_row_bytes("rows", text.data, text.size, want.data, want.size);
    hw_batch_release(&batch);
    read_made_close(&made);
    scratch_remove(&scratch);
}

static void options_are_checked(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_parquet_open_options options;
        const char *says;
    } rows[] = {
        {"a size that cannot be", {.size = 4}, "hw_parquet_open_options"},
        {"a size without the end of a member",
         {.size = sizeof(struct hw_parquet_open_options) - 1},
         "hw_parquet_open_options"},
        {"a form that is none", {.int96 = (enum hw_int96)4}, "4 is no form of timestamps"},
        {"what is reserved", {.source_store.reserved = {""}}, "hw_store_options"},
    };
    static struct read_made made;
    struct scratch scratch = scratch_make();
    struct hw_error err = HW_ERROR_INIT;
    struct hw_parquet_file *file = NULL;
    struct hw_batch_stream *stream = NULL;
    file_write(&scratch, "x.parquet", &made);
    const char *path = scratch_path(&scratch, "x.parquet");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        err = (struct hw_error)HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_parquet_open(path, &rows[i].options, &file, &err), HW_EUSAGE);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, file == NULL, true);
    }
    const struct hw_parquet_open_options good = {.size = sizeof(good), .int96 = HW_INT96_TEXT};
    err = (struct hw_error)HW_ERROR_INIT;
    assert_ok(hw_parquet_open(path, &good, &file, &err), err);
    const struct hw_parquet_batches_options wrong = {.size = 4};
    assert_int_equal(hw_parquet_batches(file, &wrong, &stream, &err), HW_EUSAGE);
    assert_row_says("wrong", err.message, "hw_parquet_batches_options");
    assert_null(stream);
    hw_parquet_close(file);
    read_made_close(&made);
    scratch_remove(&scratch);
}

/* The kinds of notes that came, and the last text. */
struct noted {
    unsigned count;
    char source[512];
    char text[256];
};

static void note_take(void *ctx, const struct hw_note *note) {
    struct noted *noted = ctx;
    noted->count++;
    assert_int_equal(note->kind, HW_NOTE_SCHEMA_LOGICAL);
    snprintf(noted->source, sizeof(noted->source), "%s", note->source);
    snprintf(noted->text, sizeof(noted->text), "%s", note->text);
}

/* Timestamps of a logical type that nobody knows, one of which is in the year 3000. */
static void forms_and_notes_are_those_of_the_options(void **state) {
    (void)state;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) bytes = {0};
    HW_AUTO(hw_buf) text = {0};
    struct hw_parquet_file *file;
    struct read_drained got = {0};
    struct noted noted = {0};
    single_column_make(&bytes,
                       &(struct single_column){HW_PHYSICAL_INT96, HW_LOGICAL_COUNT, 2, HW_VIEW(SINGLE_INT96_PAGE)});
    scratch_write(&scratch, "t.parquet", bytes.data, bytes.size);
    const struct hw_parquet_open_options texts = {.int96 = HW_INT96_TEXT, .on_note = note_take, .ctx = &noted};
    assert_ok(hw_parquet_open(scratch_path(&scratch, "t.parquet"), &texts, &file, &err), err);
    assert_string_equal(schema_text(hw_parquet_schema(file), &text), "c:text!");
    assert_ok(rows_read(file, NULL, &got, &err), err);
    assert_row_bytes("text", got.text.data, got.text.size,
                     "'1970-01-02T00:00:00.000001000' \n'3000-01-01T00:00:00.000000000' \n", 66);
    hw_buf_release(&got.text);
    hw_parquet_close(file);
    assert_int_equal(noted.count, 1);
    assert_row_says("note", noted.source, "t.parquet");
    assert_row_says("note", noted.text, "column \"c\": the logical type is not known");
    assert_ok(hw_parquet_open(scratch_path(&scratch, "t.parquet"), NULL, &file, &err), err);
    assert_int_equal(rows_read(file, NULL, &got, &err), HW_EDATA);
    assert_row_says("hint", err.hint ? err.hint : "", "--int96");
    hw_parquet_close(file);
    scratch_remove(&scratch);
}

static void errors_name_the_file(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_parquet_file *file = NULL;
    struct read_drained got = {0};
    assert_int_equal(hw_parquet_open(scratch_path(&scratch, "none.parquet"), NULL, &file, &err), HW_ENOTFOUND);
    assert_row_says("none", err.object, "none.parquet");
    scratch_write(&scratch, "text.parquet", "not a Parquet file", 18);
    err = (struct hw_error)HW_ERROR_INIT;
    assert_int_equal(hw_parquet_open(scratch_path(&scratch, "text.parquet"), NULL, &file, &err), HW_EDATA);
    assert_row_says("text", err.object, "text.parquet");
    assert_null(file);
    /* A bit of a page: the first chunk of the second group, behind its header. */
    read_made_open(&made, MADE_FLAT, sizes, GROUPS, NULL);
    const struct hw_parquet_chunk *chunk = &made.file.meta.groups[1].chunks[0];
    made.sink.bytes.data[chunk->data_offset + chunk->compressed - 1] ^= 4;
    scratch_write(&scratch, "page.parquet", made.sink.bytes.data, made.sink.bytes.size);
    err = (struct hw_error)HW_ERROR_INIT;
    assert_ok(hw_parquet_open(scratch_path(&scratch, "page.parquet"), NULL, &file, &err), err);
    assert_int_equal(rows_read(file, NULL, &got, &err), HW_EDATA);
    assert_row_says("page", err.object, "page.parquet");
    assert_row_says("page", err.message, "row group 1, column n, page 0");
    assert_int_equal(err.offset, chunk->data_offset);
    /* All rows before it came. */
    assert_int_equal(got.rows, 30);
    hw_buf_release(&got.text);
    hw_parquet_close(file);
    read_made_close(&made);
    scratch_remove(&scratch);
}

static void pages_have_a_limit(void **state) {
    (void)state;
    static struct read_made made;
    struct hw_error err = HW_ERROR_INIT;
    struct scratch scratch = scratch_make();
    struct hw_parquet_file *file;
    struct read_drained got = {0};
    file_write(&scratch, "x.parquet", &made);
    assert_ok(hw_parquet_open(scratch_path(&scratch, "x.parquet"), NULL, &file, &err), err);
    const struct hw_parquet_batches_options page = {.page_bytes_max = 1};
    assert_int_equal(rows_read(file, &page, &got, &err), HW_ELIMIT);
    const struct hw_parquet_batches_options memory = {.memory_bytes = 2};
    assert_int_equal(rows_read(file, &memory, &got, &err), HW_ELIMIT);
    assert_int_equal(got.rows, 0);
    hw_parquet_close(file);
    read_made_close(&made);
    scratch_remove(&scratch);
}

static enum hw_status all_read(const char *path, size_t *out_rows) {
    const struct hw_parquet_batches_options options = {.threads = 1};
    struct hw_parquet_file *file;
    struct hw_batch_stream *stream = NULL;
    HW_TRY(hw_parquet_open(path, NULL, &file, NULL));
    enum hw_status status = hw_parquet_batches(file, &options, &stream, NULL);
    bool more = status == HW_OK;
    for (*out_rows = 0; more;) {
        struct hw_batch batch;
        status = stream->next(stream, &batch, &more, NULL);
        more = status == HW_OK && more;
        if (more) {
            *out_rows += batch.rows;
            hw_batch_release(&batch);
        }
    }
    if (stream) {
        stream->free(stream);
    }
    hw_parquet_close(file);
    return status;
}

static void no_memory_leaves_nothing(void **state) {
    (void)state;
    static struct read_made made;
    struct scratch scratch = scratch_make();
    bool fired = true;
    size_t failures = 0;
    size_t count = 0;
    file_write(&scratch, "x.parquet", &made);
    const char *path = scratch_path(&scratch, "x.parquet");
    for (; fired; failures++) {
        struct alloc_fault fault;
        alloc_fault_begin(&fault, failures);
        const enum hw_status status = all_read(path, &count);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
    }
    assert_true(failures > 20);
    assert_int_equal(count, ROWS);
    read_made_close(&made);
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_tell_of_themselves),
        cmocka_unit_test(chunks_tell_of_their_values),
        cmocka_unit_test(chunks_that_are_not_there_are_refused),
        cmocka_unit_test(columns_are_chosen),
        cmocka_unit_test(rows_are_read_as_often_as_asked_for),
        cmocka_unit_test(batches_outlive_the_file),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(forms_and_notes_are_those_of_the_options),
        cmocka_unit_test(errors_name_the_file),
        cmocka_unit_test(pages_have_a_limit),
        cmocka_unit_test(no_memory_leaves_nothing),
    };
    return cmocka_run_group_tests_name("pipeline/parquet_read", tests, NULL, NULL);
}
