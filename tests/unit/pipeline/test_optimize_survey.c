/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_survey.h"

#include <stdio.h>
#include <stdlib.h>

#include "parquet/writer.h"
#include "support/alloc_fault.h"
#include "support/memory_io.h"
#include "support/rows.h"
#include "unit/parquet/int96_make.h"
#include "unit/table/messages.h"

enum { FILES_MAX = 3, COLUMNS_MAX = 3, ROWS_MAX = 8, GROUP_ROWS = 2, NAME_BYTES = 16 };

/* ------ files of a few values */

struct made_column {
    char name[NAME_BYTES];
    uint64_t words[ROWS_MAX];
    uint8_t instants[ROWS_MAX * HW_INT96_BYTES];
    uint8_t validity;
    size_t rows;
};

struct made_file {
    struct memory_sink sink;
    struct memory_source source;
    struct hw_read_file file;
};

static uint64_t word_parse(const char *word, enum hw_kind kind) {
    uint64_t bits;
    if (kind != HW_KIND_DOUBLE || strncmp(word, "0x", 2) == 0) {
        return kind == HW_KIND_INT64 ? (uint64_t)strtoll(word, NULL, 0) : strtoull(word, NULL, 0);
    }
    const double value = strtod(word, NULL);
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* Reads "10:5", a day since 1970 and nanoseconds of it. */
static void instant_parse(const char *word, uint8_t *out) {
    int32_t day = 0;
    int64_t time = 0;
    sscanf(word, "%" SCNd32 ":%" SCNd64, &day, &time);
    hw_store_le64(out, (uint64_t)time);
    hw_store_le32(out + 8, (uint32_t)day + (uint32_t)HW_INT96_EPOCH_DAY);
}

/*
 * Reads "x d 0.5 - 0.1;": doubles, integers (i), unsigned ones (u) or INT96 (t), in capitals if
 * required.
 */
static const char *column_parse(const char *at, struct made_column *column, struct hw_field *field) {
    static const enum hw_kind kinds[] = {
        ['d'] = HW_KIND_DOUBLE, ['i'] = HW_KIND_INT64, ['t'] = HW_KIND_FIXED, ['u'] = HW_KIND_UINT64};
    char kind, word[32];
    int used;
    *column = (struct made_column){.rows = 0};
    assert_int_equal(sscanf(at, " %15s %c%n", column->name, &kind, &used), 2);
    *field = (struct hw_field){.name = column->name, .type = {.kind = kinds[kind | 0x20]}, .required = kind < 'a'};
    field->type.width = field->type.kind == HW_KIND_FIXED ? HW_INT96_BYTES : 0;
    at += used;
    while (sscanf(at, " %31[^; ]%n", word, &used) == 1) {
        assert_true(column->rows < ROWS_MAX);
        column->words[column->rows] = word_parse(word, field->type.kind);
        instant_parse(word, column->instants + column->rows * HW_INT96_BYTES);
        column->validity |= (uint8_t)((strcmp(word, "-") != 0) << column->rows);
        column->rows++;
        at += used;
    }
    return at + strspn(at, "; ");
}

/* Makes a batch of some of the rows, and a row group of it. */
static void group_write(struct hw_table_writer *writer, const struct hw_schema *schema, const struct made_column *made,
                        size_t first) {
    struct hw_column columns[COLUMNS_MAX] = {{0}};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_encoder *encoder;
    struct hw_encoded *encoded;
    const size_t rows = hw_min_size(GROUP_ROWS, made->rows - first);
    const struct hw_batch batch = {.schema = schema, .rows = rows, .columns = columns};
    for (size_t i = 0; i < schema->count; i++) {
        columns[i] = (struct hw_column){
            .values = schema->fields[i].type.kind == HW_KIND_FIXED ? (const void *)made[i].instants : made[i].words,
            .validity = &made[i].validity,
            .offset = first,
            .length = rows,
            .exact = true};
        for (size_t k = first; k < first + rows; k++) {
            columns[i].null_count += (made[i].validity >> k & 1) == 0;
        }
    }
    assert_ok(writer->ops->encoder_new(writer, &encoder, &err), err);
    assert_ok(encoder->ops->add(encoder, &batch, &err), err);
    assert_ok(encoder->ops->take(encoder, &encoded, &err), err);
    assert_ok(writer->ops->append(writer, encoded, &err), err);
    encoder->ops->free(encoder);
}

/* Makes a file of columns, in row groups of two rows. With a '@' before it has zones. */
static void file_open(struct made_file *made, const char *text) {
    static const struct hw_file_pair zones = {HW_VIEW_INIT("ARROW:schema"), HW_VIEW_INIT(message_all), true};
    const struct hw_parquet_options options = {.encodings = HW_PARQUET_COMPAT,
                                               .pairs = {&zones, *text == '@' ? 1 : 0, true}};
    static struct made_column columns[COLUMNS_MAX];
    struct hw_field fields[COLUMNS_MAX];
    struct hw_schema schema = {.fields = fields};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_table_writer *writer;
    *made = (struct made_file){.sink = memory_sink(0)};
    text += *text == '@';
    while (*text) {
        assert_true(schema.count < COLUMNS_MAX);
        text = column_parse(text, &columns[schema.count], &fields[schema.count]);
        assert_int_equal(columns[schema.count++].rows, columns[0].rows);
    }
    assert_ok(hw_parquet_writer_new(&schema, &options, &made->sink.base, &writer, &err), err);
    for (size_t first = 0; first < columns[0].rows; first += GROUP_ROWS) {
        group_write(writer, &schema, columns, first);
    }
    assert_ok(writer->ops->finish(writer, &err), err);
    writer->ops->free(writer);
    int96_make(&made->sink.bytes);
    made->source = memory_source(hw_buf_view(&made->sink.bytes), 0);
    assert_ok(hw_read_file_open(&made->file, &made->source.base, &(struct hw_read_schema_options){0}, NULL, &err), err);
}

static void file_close(struct made_file *made) {
    hw_read_file_release(&made->file);
    hw_buf_release(&made->sink.bytes);
}

/* Flips a bit in the last byte of a column chunk. */
static void file_spoil(struct made_file *made, size_t group, size_t column) {
    const struct hw_parquet_chunk *chunk = &made->file.meta.groups[group].chunks[column];
    made->sink.bytes.data[chunk->data_offset + chunk->compressed - 1] ^= 1;
}

static enum hw_status file_look(struct hw_optimize_survey *survey, const struct made_file *made, struct hw_crew *crew,
                                struct hw_error *err) {
    return hw_optimize_survey_file(survey, &made->file, crew, HW_MIB(64), HW_MIB(1), err);
}

/* ------ decisions */

/* Writes a line for each column, "x float: every value is exact as float". */
static void decisions_tell(const struct hw_optimize_survey *survey, const struct hw_read_file *file, const bool *kept,
                           struct hw_buf *out) {
    static const char *const names[HW_NARROW_COUNT] = {"stays",   "float",   "int32", "uint32",
                                                       "decimal", "storage", "us",    "ns"};
    struct hw_arena arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    const struct hw_optimize_decision *decisions;
    assert_ok(hw_optimize_survey_decide(survey, file, kept, &arena, &decisions, &err), err);
    hw_buf_clear(out);
    for (size_t i = 0; i < file->schema.leaves_count; i++) {
        char path[64];
        assert_ok(hw_buf_printf(out, &err, "%s %s: %s\n",
                                hw_read_leaf_path(&file->schema.leaves[i], path, sizeof(path)),
                                names[decisions[i].narrowing.to], decisions[i].reason),
                  err);
    }
    assert_ok(hw_buf_append_byte(out, '\0', &err), err);
    hw_arena_release(&arena);
}

#define EXACT \
    { .exact = true }
#define DECIMALS \
    { .exact = true, .decimals = true }
#define TOLERANCE(part) \
    { .exact = true, .tolerance = (part) }
#define INT96 \
    { .int96 = true }
#define INT96_AND_EXACT \
    { .exact = true, .int96 = true }

/* The files that were surveyed, and what is decided for the last one, or for another one. */
static const struct {
    const char *name;
    struct hw_narrow_choice choice;
    const char *files[FILES_MAX];
    const char *kept, *other, *want;
} decided[] = {
    {"all kinds",
     EXACT,
     {"x d 0.5 -; n i 1 -2147483648; u u 0 4294967295"},
     NULL,
     NULL,
     "x float: every value is exact as float\nn int32: every value is exact as int32\n"
     "u uint32: every value is exact as uint32\n"},
    {"no rows", EXACT, {"x d; n i; u u"}, NULL, NULL, "x stays: \nn stays: \nu stays: \n"},
    {"nulls alone", DECIMALS, {"x d - - -"}, NULL, NULL, "x stays: \n"},
    {"nulls in one file", EXACT, {"x d 0.5", "x d -"}, NULL, NULL, "x float: every value is exact as float\n"},
    {"beyond int32",
     EXACT,
     {"n i 2147483648; u u 4294967296"},
     NULL,
     NULL,
     "n stays: stays int64: 2147483648 is beyond int32\nu stays: stays uint64: 4294967296 is beyond uint32\n"},
    {"below int32",
     EXACT,
     {"n i 7 -2147483649 2147483647"},
     NULL,
     NULL,
     "n stays: stays int64: -2147483649 is beyond int32\n"},
    {"another order",
     EXACT,
     {"x d 0.5; n i 1", "n i 3000000000; x d 1.5", "n i 2; x d 2.5"},
     NULL,
     NULL,
     "n stays: stays int64: 3000000000 is beyond int32\nx float: every value is exact as float\n"},
    {"a misfit in the last file",
     EXACT,
     {"x d 0.5", "x d 0.25 -", "x d 1.5 - 2.5 - - 0.1"},
     NULL,
     NULL,
     "x stays: stays double: row 5 is 0.1\n"},
    {"a misfit in the first file",
     EXACT,
     {"x d 0.5 0.1 0.7", "x d 0.25 0.3", "x d 1.5"},
     NULL,
     NULL,
     "x stays: stays double: row 1 is 0.1\n"},
    {"a required column first",
     EXACT,
     {"x D 0.5", "x d - 0.5 - 0.1"},
     NULL,
     NULL,
     "x stays: stays double: row 3 is 0.1\n"},
    {"an optional column first",
     EXACT,
     {"x d - 0.5", "x D 0.5 0.5 0.1"},
     NULL,
     NULL,
     "x stays: stays double: row 2 is 0.1\n"},
    {"other types of one path",
     EXACT,
     {"x d 0.1; n i 1", "x i 1; n d 0.5"},
     NULL,
     NULL,
     "x int32: every value is exact as int32\nn float: every value is exact as float\n"},
    {"the types of the first file",
     EXACT,
     {"x d 0.1; n i 1", "x i 1; n d 0.5"},
     NULL,
     "x d 0.5; n i 5",
     "x stays: stays double: row 0 is 0.1\nn int32: every value is exact as int32\n"},
    {"signed and unsigned",
     EXACT,
     {"n i -1", "n u 5000000000"},
     NULL,
     "n i 1",
     "n int32: every value is exact as int32\n"},
    {"what was not surveyed",
     EXACT,
     {"x d 0.5"},
     NULL,
     "y d 0.5; x d 0.5; x i 1",
     "y stays: \nx float: every value is exact as float\nx stays: \n"},
    {"a kept column",
     EXACT,
     {"x d 0.5; n i 1"},
     "n",
     NULL,
     "x float: every value is exact as float\nn stays: stays, as it is to be kept\n"},
    {"decimals",
     DECIMALS,
     {"x d 12.34 5; y d 0.5 1; z d 0.1 1e-10"},
     NULL,
     NULL,
     "x decimal: every value is exact as decimal(4,2)\ny float: every value is exact as float\n"
     "z stays: stays double: row 0 is 0.1\n"},
    {"decimals of all files",
     DECIMALS,
     {"x d 12.34", "x d 0.125", "x d 1000"},
     NULL,
     NULL,
     "x decimal: every value is exact as decimal(7,3)\n"},
    {"a tolerance",
     TOLERANCE(1e-7),
     {"x d 0.1 0.5; y d 0.5 1; z d 1e39 1"},
     NULL,
     NULL,
     "x float: as float values are off by a part of 1.49e-08 at most\ny float: every value is exact as float\n"
     "z stays: stays double: row 0 is 1e+39\n"},
    {"a value beyond the tolerance",
     TOLERANCE(1e-7),
     {"x d 0.1 1e39", "x d 0.3"},
     NULL,
     NULL,
     "x stays: stays double: row 1 is 1e+39\n"},
    {"a later file beyond the tolerance",
     TOLERANCE(1e-7),
     {"x d 0.1", "x d 0.5 0.3 1e39", "x d 0.3"},
     NULL,
     NULL,
     "x stays: stays double: row 2 is 1e+39\n"},
    {"the tolerance of all files",
     TOLERANCE(1e-7),
     {"x d 0.1", "x d 16777217", "x d 0.5"},
     NULL,
     NULL,
     "x float: as float values are off by a part of 5.96e-08 at most\n"},
    {"a NaN", EXACT, {"x d 0.5 0x7ff8000000000001"}, NULL, NULL, "x stays: stays double: row 1 is nan\n"},
    {"-0.0 and others", DECIMALS, {"x d 0.1 -0.0"}, NULL, NULL, "x stays: stays double: row 0 is 0.1\n"},
    {"columns of one name",
     EXACT,
     {"x d 0.5 0.5; x d 0.5 0.1"},
     NULL,
     NULL,
     "x stays: stays double: row 1 is 0.1\nx stays: stays double: row 1 is 0.1\n"},
    {"timestamps",
     INT96,
     {"t t 0:1000 -; u T 19000:86399999999999 5:1; x d 0.5 1"},
     NULL,
     NULL,
     "t us: every value is exact as timestamp(us)\nu ns: every value is exact as timestamp(ns)\nx stays: \n"},
    {"timestamps are not asked for",
     EXACT,
     {"t t 0:0; x d 0.5"},
     NULL,
     NULL,
     "t stays: \nx float: every value is exact as float\n"},
    {"timestamps and numbers",
     INT96_AND_EXACT,
     {"x d 0.5; t t 0:0; n i 1"},
     NULL,
     NULL,
     "x float: every value is exact as float\nt us: every value is exact as timestamp(us)\n"
     "n int32: every value is exact as int32\n"},
    {"nanoseconds in one file",
     INT96,
     {"t t 0:0", "t t - 0:1", "t t 0:0"},
     NULL,
     NULL,
     "t ns: every value is exact as timestamp(ns)\n"},
    {"beyond nanoseconds", INT96, {"t t 130000:1000"}, NULL, NULL, "t us: every value is exact as timestamp(us)\n"},
    {"nanoseconds, and beyond them in another file",
     INT96,
     {"t t - - - 0:7", "t t 130000:0", "t t 0:0"},
     NULL,
     NULL,
     "t stays: stays int96: row 3 has nanoseconds, and row 0 is 2325-12-06T00:00:00.000000000, which they do not "
     "reach\n"},
    {"the first rows of two files",
     INT96,
     {"t t 0:7", "t t 130000:0"},
     NULL,
     NULL,
     "t stays: stays int96: row 0 has nanoseconds, and row 0 of another file is 2325-12-06T00:00:00.000000000, which "
     "they do not reach\n"},
    {"nanoseconds beyond nanoseconds",
     INT96,
     {"t t 0:0 0:0 130000:1"},
     NULL,
     NULL,
     "t stays: stays int96: row 2 has nanoseconds and is 2325-12-06T00:00:00.000000001, which they do not reach\n"},
    {"beyond microseconds",
     INT96,
     {"t t 0:1 -106751993:86399999999999"},
     NULL,
     NULL,
     "t stays: stays int96: row 1 has the Julian day -104311405, which microseconds do not reach\n"},
    {"a whole day",
     INT96,
     {"t t 0:1 - - 5:86400000000000"},
     NULL,
     NULL,
     "t stays: stays int96: row 3 has 86400000000000 ns of a day, which is not within one\n"},
    {"a time below 0",
     INT96,
     {"t t 0:-1 106751993:0"},
     NULL,
     NULL,
     "t stays: stays int96: row 0 has -1 ns of a day, which is not within one\n"},
    {"a timestamp that is kept",
     INT96,
     {"t t 0:0; u t 0:0"},
     "u",
     NULL,
     "t us: every value is exact as timestamp(us)\nu stays: stays, as it is to be kept\n"},
    {"a zone in the last file",
     INT96_AND_EXACT,
     {"t t 0:0; x d 0.5", "@t t 0:0; x d 0.5"},
     NULL,
     NULL,
     "t stays: stays int96: ARROW:schema gives it a time zone\nx float: every value is exact as float\n"},
    {"a zone in the first file",
     INT96,
     {"@t t 0:1", "t t 0:0"},
     NULL,
     NULL,
     "t stays: stays int96: ARROW:schema gives it a time zone\n"},
    {"zones and no timestamp", INT96_AND_EXACT, {"@x d 0.5"}, NULL, NULL, "x float: every value is exact as float\n"},
};

static void decided_check(size_t i, size_t threads) {
    struct hw_optimize_survey survey = {.choice = decided[i].choice};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_crew *crew = NULL;
    struct made_file made;
    HW_AUTO(hw_buf) told = {0};
    bool kept[COLUMNS_MAX + 1] = {false};
    assert_ok(threads > 0 ? hw_crew_new(threads, &crew, &err) : HW_OK, err);
    for (size_t k = 0; k < FILES_MAX && decided[i].files[k]; k++) {
        file_open(&made, decided[i].files[k]);
        assert_ok(file_look(&survey, &made, crew, &err), err);
        file_close(&made);
    }
    const char *last = decided[i].other;
    for (size_t k = 0; !decided[i].other && k < FILES_MAX && decided[i].files[k]; k++) {
        last = decided[i].files[k];
    }
    file_open(&made, last);
    for (size_t k = 0; decided[i].kept && k < made.file.meta.elements_count; k++) {
        kept[k] = hw_view_equal(made.file.meta.elements[k].name, hw_view_of(decided[i].kept));
    }
    decisions_tell(&survey, &made.file, decided[i].kept ? kept : NULL, &told);
    assert_row_text(decided[i].name, (const char *)told.data, decided[i].want);
    file_close(&made);
    hw_crew_free(crew);
    hw_optimize_survey_release(&survey);
}

static void a_column_is_decided_once_for_all_files(void **state) {
    (void)state;
    static const size_t threads[] = {0, 1, 4};
    for (size_t i = 0; i < COUNT_OF(decided) * COUNT_OF(threads); i++) {
        decided_check(i / COUNT_OF(threads), threads[i % COUNT_OF(threads)]);
    }
}

/* ------ words */

static void rows_are_told_with_commas(void **state) {
    (void)state;
    static const struct {
        uint64_t row;
        const char *want;
    } rows[] = {
        {0, "stays double: row 0 is 0.1"},
        {999, "stays double: row 999 is 0.1"},
        {1000, "stays double: row 1,000 is 0.1"},
        {123456, "stays double: row 123,456 is 0.1"},
        {1234567, "stays double: row 1,234,567 is 0.1"},
        {UINT64_MAX, "stays double: row 18,446,744,073,709,551,615 is 0.1"},
    };
    struct hw_arena arena = {0};
    struct made_file made;
    file_open(&made, "x d 0.1");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_narrow_choice choice = EXACT;
        const struct hw_narrow_survey survey = {.leaf = made.file.schema.leaves,
                                                .choice = choice,
                                                .values = 1,
                                                .no_float = true,
                                                .misfit = 0.1,
                                                .misfit_row = rows[i].row};
        assert_string_equal(hw_narrow_reason(&survey, &choice, &arena), rows[i].want);
    }
    file_close(&made);
    hw_arena_release(&arena);
}

/* ------ faults */

/* The first column in the order of the file is told, whichever thread was the first. */
static void damaged_pages_are_told(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        size_t group, column;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"the first row group", "n i 1 2 3; x d 0.5 1 2", 0, 0, HW_EDATA, "row group 0, column n, page "},
        {"the last row group", "n i 1 2 3; x d 0.5 1 2", 1, 1, HW_EDATA, "row group 1, column x, page "},
        /* What is decided is not read any further. */
        {"behind a misfit", "n i 1 2 3; x d 0.1 1 2", 1, 1, HW_OK, ""},
        {"the misfit itself", "n i 1 2 3; x d 0.1 1 2", 0, 1, HW_EDATA, "row group 0, column x, page "},
    };
    for (size_t i = 0; i < COUNT_OF(rows) * 2; i++) {
        const size_t row = i / 2;
        struct hw_optimize_survey survey = {.choice = EXACT};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_crew *crew;
        struct made_file made;
        assert_ok(hw_crew_new(1 + i % 2 * 3, &crew, &err), err);
        file_open(&made, rows[row].text);
        file_spoil(&made, rows[row].group, rows[row].column);
        assert_row_int(rows[row].name, file_look(&survey, &made, crew, &err), rows[row].want);
        assert_row_says(rows[row].name, err.message, rows[row].says);
        assert_row_text(rows[row].name, err.object, rows[row].want ? "memory" : "");
        file_close(&made);
        hw_crew_free(crew);
        hw_optimize_survey_release(&survey);
    }
}

static enum hw_status cancelled_read(struct hw_source *source, uint64_t offset, void *buffer, size_t bytes,
                                     struct hw_error *err) {
    (void)source, (void)offset, (void)buffer, (void)bytes;
    return hw_fail(err, HW_ECANCELLED, "cancelled");
}

static void sources_that_fail_are_told(void **state) {
    (void)state;
    for (int cancelled = 0; cancelled < 2; cancelled++) {
        struct hw_optimize_survey survey = {.choice = EXACT};
        struct hw_error err = HW_ERROR_INIT;
        struct made_file made;
        file_open(&made, "n i 1 2 3; x d 0.5 1 2");
        struct hw_source_ops ops = *made.source.base.ops;
        ops.read_at = cancelled ? cancelled_read : ops.read_at;
        made.source.base.ops = &ops;
        made.source.reads = 0;
        made.source.fail_on_read = 1;
        assert_int_equal(file_look(&survey, &made, NULL, &err), cancelled ? HW_ECANCELLED : HW_EIO);
        assert_row_says("a source", err.message, cancelled ? "cancelled" : "injected");
        file_close(&made);
        hw_optimize_survey_release(&survey);
    }
}

static void memory_runs_out_without_harm(void **state) {
    (void)state;
    struct made_file made;
    bool fired = true;
    size_t failures = 0;
    file_open(&made, "n i 1 2 3; x d 0.5 1 2");
    for (; fired; failures++) {
        struct hw_optimize_survey survey = {.choice = EXACT};
        struct hw_arena arena = {0};
        struct alloc_fault fault;
        const struct hw_optimize_decision *decisions = NULL;
        alloc_fault_begin(&fault, failures);
        enum hw_status status = file_look(&survey, &made, NULL, NULL);
        status = status ? status : hw_optimize_survey_decide(&survey, &made.file, NULL, &arena, &decisions, NULL);
        hw_arena_release(&arena);
        hw_optimize_survey_release(&survey);
        fired = alloc_fault_end(&fault);
        assert_int_equal(status, fired ? HW_ENOMEM : HW_OK);
        assert_int_equal(decisions == NULL, fired);
    }
    assert_true(failures > 5);
    file_close(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_decided_once_for_all_files),
        cmocka_unit_test(rows_are_told_with_commas),
        cmocka_unit_test(damaged_pages_are_told),
        cmocka_unit_test(sources_that_fail_are_told),
        cmocka_unit_test(memory_runs_out_without_harm),
    };
    return cmocka_run_group_tests_name("pipeline/optimize_survey", tests, NULL, NULL);
}
