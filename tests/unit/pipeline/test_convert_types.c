/* SPDX-License-Identifier: Apache-2.0 */
/* Values that the sample has not seen, and texts that come as streams. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "conversions.h"
#include "zip_write.h"

enum { THREADS_MAX = 4, TEXT_BYTES = 2 << 20 };

/*
 * The column `v` of a text of which one late row differs from all others, and what its type must
 * become.
 */
static const struct {
    const char *name;
    const char *common;
    const char *late;
    const char *type;
} misfits[] = {
    {"int to double", "12345", "1.5", "v double"},
    {"int to decimal: a double would not keep it", "9007199254740993", "0.5", "v decimal(17,1)"},
    {"int to decimal: beyond int64", "123", "92233720368547758080", "v decimal(20,0)"},
    {"int to text", "12345", "007", "v text"},
    {"double to decimal", "1.5", "0.1234567890123456789", "v decimal(20,19)"},
    {"double to text", "1.5", "1.5 ", "v text"},
    {"decimal with more digits before the point", "0.1234567890123456789", "12345.5", "v decimal(24,19)"},
    {"decimal beyond 38 digits", "0.1234567890123456789", "12345678901234567890.5", "v text"},
    {"null to int", "", "7", "v int64"},
    {"null to boolean", "", "true", "v boolean"},
    {"null to text", "", "x", "v text"},
    {"boolean to text", "true", "1", "v text"},
    {"boolean to text keeps the spelling", "TRUE", "yes", "v text"},
    {"date to timestamp", "2024-02-29", "2024-03-01 10:00:00", "v timestamp(us)"},
    {"date to text", "2024-02-29", "2023-02-29", "v text"},
    {"us to ns", "2024-02-29 10:00:00.000001", "2024-02-29 10:00:00.000000001", "v timestamp(ns)"},
    {"us to ns in UTC", "2024-02-29T10:00:00Z", "2024-02-29T10:00:00.0000001Z", "v timestamp(ns, UTC)"},
    {"ns beside a year that it cannot reach", "1500-01-01 00:00:00", "2024-02-29 10:00:00.000000001", "v text"},
    {"local to UTC", "2024-02-29 10:00:00", "2024-02-29T10:00:00Z", "v text"},
    {"int to double, infinite", "5", "inf", "v double"},
    {"empty text beside ints", "5", "\"\"", "v int64"},
};

/* Rows of `common` with one `late` in row `at` of `rows`, and a second column that pads them. */
static struct hw_buf misfit_text(const char *common, const char *late, size_t rows, size_t at) {
    static const char pad[] = "................................................................";
    struct hw_buf text = {0};
    assert_int_equal(hw_buf_append_text(&text, "v,n\n", NULL), HW_OK);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(hw_buf_printf(&text, NULL, "%s,%s%zu\n", i == at ? late : common, pad, i % 1000), HW_OK);
    }
    return text;
}

static size_t misfit_rows(const char *common) {
    return TEXT_BYTES / (strlen(common) + 69);
}

/* The rows as a run makes them that is told the type. */
static struct conversion_run told_run(const struct scratch *scratch, const char *type) {
    char schema[256];
    int used = snprintf(schema, sizeof(schema),
                        "{\"columns\": [{\"name\": \"v\", \"type\": \"%s\"}, {\"name\": \"n\", \"type\": \"text\"}]}",
                        type + strlen("v "));
    scratch_write(scratch, "schema.json", schema, (size_t)used);
    return convert_to_rows(
        scratch, "in.csv",
        &(struct hw_convert_options){.csv = {.schema_path = scratch_path(scratch, "schema.json")}, .threads = 1});
}

static void misfit_check(size_t i, size_t at, uint32_t threads, uint64_t span_bytes, bool *out_restarted) {
    struct scratch scratch = scratch_make();
    struct hw_buf text = misfit_text(misfits[i].common, misfits[i].late, misfit_rows(misfits[i].common), at);
    char row[256];
    char schema[256];
    snprintf(row, sizeof(row), "%s in row %zu, %u threads, spans of %" PRIu64, misfits[i].name, at, threads,
             span_bytes);
    snprintf(schema, sizeof(schema), "%s, n text", misfits[i].type);
    scratch_write(&scratch, "in.csv", text.data, text.size);

    struct conversion_run told = told_run(&scratch, misfits[i].type);
    struct conversion_run run = convert_to_rows(
        &scratch, "in.csv", &(struct hw_convert_options){.row_group_bytes = span_bytes, .threads = threads});
    assert_ok(told.status, told.err);
    assert_ok(run.status, run.err);
    assert_row_text(row, run.schema, schema);
    assert_same_run(row, &run, &told);
    *out_restarted |= run.restarted;
    conversion_release(&run);
    conversion_release(&told);
    hw_buf_release(&text);
    scratch_remove(&scratch);
}

static void a_late_value_widens_its_column(void **state) {
    (void)state;
    static const double places[] = {0.14, 0.37, 0.61,
                                    /* of the text: between the pieces that the sample looks at */
                                    0.86};
    for (size_t i = 0; i < COUNT_OF(misfits); i++) {
        bool restarted = false;
        for (size_t place = 0; place < COUNT_OF(places); place++) {
            size_t at = (size_t)(places[place] * (double)misfit_rows(misfits[i].common));
            misfit_check(i, at, (uint32_t)(place % THREADS_MAX + 1), 50000 + 30011 * place, &restarted);
        }
        bool fits = strcmp(misfits[i].late, "\"\"") == 0;
        assert_row_int(misfits[i].name, restarted, !fits);
    }
}

/* Every kind of misfit in one text, each in another span: one restart is enough. */
static void all_misfits_of_a_text_need_one_restart(void **state) {
    (void)state;
    enum { ROWS = 40000 };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "a,b,c,d\n", NULL), HW_OK);
    for (size_t i = 0; i < ROWS; i++) {
        const char *a = i == 9000 ? "1.5" : i == 21000 ? "0.12345678901234567891" : i == 33000 ? "x" : "1";
        const char *b = i == 15000   ? "2024-01-01"
                        : i == 16000 ? "2024-01-01 01:02:03"
                        : i == 33000 ? "2024-01-01 00:00:00.000000001"
                                     : "";
        const char *c = i == 9500 || i == 33100 ? "1" : "true";
        assert_int_equal(hw_buf_printf(&text, NULL, "%s,%s,%s,some words that fill the row %zu\n", a, b, c, i), HW_OK);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    for (uint32_t threads = 1; threads <= THREADS_MAX; threads++) {
        struct conversion_run run = convert_to_rows(
            &scratch, "in.csv", &(struct hw_convert_options){.row_group_bytes = 100000, .threads = threads});
        assert_ok(run.status, run.err);
        assert_string_equal(run.schema, "a text, b timestamp(ns), c text, d text");
        assert_true(run.restarted);
        assert_int_equal(run.avro_rows, ROWS);
        conversion_release(&run);
    }
    scratch_remove(&scratch);
}

/* Rejects are those of the last pass, each of them once. */
static void a_restart_rejects_nothing_twice(void **state) {
    (void)state;
    enum { ROWS = 60000, EVERY = 7 };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "a,b\n", NULL), HW_OK);
    size_t bad = 0;
    for (size_t i = 0; i < ROWS; i++) {
        bool ragged = i % EVERY == 3;
        bad += ragged;
        assert_int_equal(hw_buf_printf(&text, NULL, "%s,some words that fill the row%s\n", i == 12345 ? "1.5" : "1",
                                       ragged ? ",x" : ""),
                         HW_OK);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    for (uint32_t threads = 1; threads <= THREADS_MAX; threads++) {
        struct conversion_run run =
            convert_to_rows(&scratch, "in.csv",
                            &(struct hw_convert_options){
                                .csv = {.bad_rows_reject = true}, .row_group_bytes = 100000, .threads = threads});
        assert_ok(run.status, run.err);
        assert_true(run.restarted);
        assert_int_equal(run.result.rejected, bad);
        assert_int_equal(run.avro_rows, ROWS - bad);
        size_t lines = 0;
        for (size_t i = 0; i < run.rejects.size; i++) {
            lines += run.rejects.data[i] == '\n';
        }
        assert_int_equal(lines, bad);
        conversion_release(&run);
    }
    scratch_remove(&scratch);
}

static const struct {
    const char *name;
    const char *text; /* repeated, after the header a,b */
    size_t times;
    const char *end;
    struct hw_csv_options csv;
} stream_texts[] = {
    {"plain", "1,2\n3,4\n", 3, "", {0}},
    {"quotes", "1,\"x,y\n7,8\n\"\n\"\"\"\",\"\n\"\n", 50, "9,9", {0}},
    {"no rows", "", 0, "", {0}},
    {"rejects", "1,2\n3\n5,\"\n6,7\n\"\n8,9,10\n", 20, "1,\"", {.bad_rows_reject = true}},
    {"a bad record", "1,2\n\"3\n\",\"4\"\n", 40, "5\n6,7\n", {0}},
    {"an open quote", "1,2\n\"3\n\",\"4\"\n", 40, "5,\"6\n7,8\n", {0}},
    {"bytes that are no UTF-8", "1,2\n", 100, "\xff,1\n2,3\n", {0}},
    {"a late double", "100,a row that is somewhat longer than it needs to be\n", 9000, "0.5,b\n1,c\n", {0}},
    {"a late text, and rejects",
     "100,a row that is somewhat longer than it needs to be\n1\n",
     9000,
     "0.5,b\n1,\"c\nd\"\nx,y\n",
     {.bad_rows_reject = true}},
};

static struct conversion_run stream_run(const struct scratch *scratch, const char *name,
                                        const struct hw_convert_options *options) {
    struct hw_convert_options own = *options;
    if (strcmp(name, "-") != 0) {
        return convert_to_rows(scratch, name, options);
    }
    own.input_fd = open(scratch_path(scratch, "in.csv"), O_RDONLY | O_CLOEXEC);
    struct conversion_run run = convert_to_rows(scratch, name, &own);
    close(own.input_fd);
    return run;
}

static void streams_give_the_same_as_plain_text(void **state) {
    (void)state;
    static const char *const names[] = {"in.csv.gz", "in.csv.zst", "in.zip", "-"};
    static const uint64_t spans[] = {0, 1, 7, 100, 5000};
    for (size_t i = 0; i < COUNT_OF(stream_texts); i++) {
        struct scratch scratch = scratch_make();
        HW_AUTO(hw_buf) text = {0};
        assert_int_equal(hw_buf_append_text(&text, "a,b\n", NULL), HW_OK);
        for (size_t k = 0; k < stream_texts[i].times; k++) {
            assert_int_equal(hw_buf_append_text(&text, stream_texts[i].text, NULL), HW_OK);
        }
        assert_int_equal(hw_buf_append_text(&text, stream_texts[i].end, NULL), HW_OK);
        scratch_write(&scratch, "in.csv", text.data, text.size);
        packed_write(&scratch, "in.csv.gz", HW_CODEC_GZIP, hw_buf_view(&text));
        packed_write(&scratch, "in.csv.zst", HW_CODEC_ZSTD, hw_buf_view(&text));
        zip_write(&scratch, "in.zip", (const char *const[]){"x.csv", NULL}, hw_buf_view(&text));
        struct conversion_run plain =
            convert_to_rows(&scratch, "in.csv", &(struct hw_convert_options){.csv = stream_texts[i].csv, .threads = 1});
        for (size_t k = 0; k < COUNT_OF(names) * COUNT_OF(spans); k++) {
            char row[256];
            const char *name = names[k % COUNT_OF(names)];
            uint64_t span_bytes = spans[k / COUNT_OF(names)];
            if (text.size > 100000 && span_bytes > 0 && span_bytes < 5000) {
                continue; /* as many spans as the text has bytes take their time */
            }
            snprintf(row, sizeof(row), "%s as %s, spans of %" PRIu64, stream_texts[i].name, name, span_bytes);
            struct conversion_run run =
                stream_run(&scratch, name,
                           &(struct hw_convert_options){.csv = stream_texts[i].csv,
                                                        .row_group_bytes = span_bytes,
                                                        .threads = (uint32_t)(k % THREADS_MAX + 1)});
            assert_same_run(row, &run, &plain);
            conversion_release(&run);
        }
        conversion_release(&plain);
        scratch_remove(&scratch);
    }
}

/* Records that reach over blocks and spans, quotes and record ends in them. */
static void records_longer_than_blocks_and_spans(void **state) {
    (void)state;
    enum { ROWS = 24, FIELD_STEP = 45001 };
    static const uint64_t spans[] = {0, 10000, 262144, 1000003};
    static const uint32_t threads[] = {1, 2, THREADS_MAX};
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    size_t field_bytes = 0;
    assert_int_equal(hw_buf_append_text(&text, "a,b\n", NULL), HW_OK);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(hw_buf_printf(&text, NULL, "%zu,\"", i), HW_OK);
        for (size_t k = 0; k < i * FIELD_STEP; k++) {
            const char *byte = k % 1000 == 999 ? "\n" : k % 777 == 776 ? "\"\"" : k % 50 == 49 ? "," : "x";
            assert_int_equal(hw_buf_append_text(&text, byte, NULL), HW_OK);
            field_bytes++;
        }
        assert_int_equal(hw_buf_append_text(&text, "\"\n", NULL), HW_OK);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    packed_write(&scratch, "in.csv.zst", HW_CODEC_ZSTD, hw_buf_view(&text));
    struct conversion_run whole = convert_to_rows(&scratch, "in.csv", &(struct hw_convert_options){.threads = 1});
    assert_ok(whole.status, whole.err);
    assert_string_equal(whole.schema, "a int64, b text");
    assert_int_equal(whole.avro_rows, ROWS);
    assert_in_range(whole.rows.size, field_bytes,
                    field_bytes + ROWS * 8); /* each row: two union tags, a number, a length */
    for (size_t i = 0; i < COUNT_OF(spans) * COUNT_OF(threads) * 2; i++) {
        char row[128];
        const char *name = i % 2 ? "in.csv" : "in.csv.zst";
        const struct hw_convert_options options = {.row_group_bytes = spans[i / 2 / COUNT_OF(threads)],
                                                   .threads = threads[i / 2 % COUNT_OF(threads)]};
        snprintf(row, sizeof(row), "%s, spans of %" PRIu64 ", %u threads", name, options.row_group_bytes,
                 options.threads);
        struct conversion_run run = convert_to_rows(&scratch, name, &options);
        assert_same_run(row, &run, &whole);
        conversion_release(&run);
    }
    conversion_release(&whole);
    scratch_remove(&scratch);
}

static void a_record_beyond_the_limit_is_named(void **state) {
    (void)state;
    static const char *const names[] = {"in.csv", "in.csv.gz"};
    enum { LINES_BYTES = 4 << 20, LINES_TIMES = 17 };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    assert_int_equal(hw_buf_append_text(&text, "a,b\n1,2\n3,\"4\n4\"\n5,\"6\n", NULL), HW_OK);
    HW_AUTO(hw_buf) lines = {0};
    while (lines.size < LINES_BYTES) {
        assert_int_equal(hw_buf_append(&lines, "7,8\n", 4, NULL), HW_OK);
    }
    for (size_t i = 0; i < LINES_TIMES; i++) {
        assert_int_equal(hw_buf_append(&text, lines.data, lines.size, NULL), HW_OK);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    packed_write(&scratch, "in.csv.gz", HW_CODEC_GZIP, hw_buf_view(&text));
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct conversion_run run = convert_to_rows(
            &scratch, names[i], &(struct hw_convert_options){.row_group_bytes = (uint64_t)4 << 20, .threads = 2});
        assert_row_int(names[i], run.status, HW_ELIMIT);
        assert_row_says(names[i], run.err.message, "longer than 64 MiB");
        assert_row_int(names[i], run.err.line, 5);
        assert_row_int(names[i], run.err.offset, 16);
        conversion_release(&run);
    }
    scratch_remove(&scratch);
}

static atomic_uint_fast64_t bytes_read;

static ssize_t counted_pread(int fd, void *data, size_t bytes, off_t offset) {
    ssize_t got = pread(fd, data, bytes, offset);
    atomic_fetch_add(&bytes_read, got > 0 ? (uint64_t)got : 0);
    return got;
}

/* However short spans are, little of what lies beyond each is read. */
static void short_spans_read_little(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t row_group_bytes;
        /* bytes that a span may read past its end: what its last record may take */
        uint64_t beyond;
    } rows[] = {{"64 KiB", 64 << 10, 8 << 10}, {"16 KiB", 16 << 10, 8 << 10}, {"1 MiB", 1 << 20, 8 << 10}};
    struct hw_io io = *hw_io();
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&text, "id,name\n", &err), err);
    for (unsigned i = 0; text.size < TEXT_BYTES; i++) {
        assert_ok(hw_buf_printf(&text, &err, "%u,\"name %u\"\n", i, i), err);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    const char *source = scratch_path(&scratch, "in.csv");
    io.pread = counted_pread;
    hw_io_set(&io);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_convert_result result;
        const struct hw_convert_options options = {
            .formats = HW_FORMAT_AVRO, .threads = 2, .row_group_bytes = rows[i].row_group_bytes};
        atomic_store(&bytes_read, 0);
        assert_ok(hw_convert(&source, 1, scratch_path(&scratch, "out/"), &options, &result, &err), err);
        const uint64_t spans = text.size / rows[i].row_group_bytes + 2;
        const uint64_t samples = 2 << 20;
        assert_row_int(rows[i].name, bytes_read <= text.size + samples + spans * (rows[i].beyond + 1), true);
    }
    quick_io();
    scratch_remove(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_late_value_widens_its_column),
        cmocka_unit_test(all_misfits_of_a_text_need_one_restart),
        cmocka_unit_test(a_restart_rejects_nothing_twice),
        cmocka_unit_test(streams_give_the_same_as_plain_text),
        cmocka_unit_test(records_longer_than_blocks_and_spans),
        cmocka_unit_test(a_record_beyond_the_limit_is_named),
        cmocka_unit_test(short_spans_read_little),
    };
    quick_io();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
