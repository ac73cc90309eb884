/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/input_format.h"

#include "pipeline/source_objects.h"
#include "support/alloc_fault.h"
#include "support/made_stream.h"
#include "unit/csv/memory_object.h"
#include "unit/csv/stock.h"

/* A run's context with one object in memory, as much of it as readers look at. */
struct bench {
    struct hw_convert_options options;
    struct hw_run_context run;
    struct hw_plan_object planned;
    struct memory_object from;
    struct hw_table_set *set;
    struct hw_table_reader *reader;
};

/* The test changes what it wants before bench_open. */
static void bench_init(struct bench *bench, hw_view text) {
    memset(bench, 0, sizeof(*bench));
    bench->options.csv.header = HW_CSV_HEADER_YES;
    bench->run.options = &bench->options;
    bench->run.settings = (struct hw_settings){
        .part_bytes = HW_MIB(64),
        .portion_bytes = HW_MIB(1),
        .portion_held = true,
        .remote_read_bytes = HW_MIB(8),
        .record_bytes_max = HW_MIB(64),
        .record_bytes_shared = HW_MIB(64),
    };
    hw_budget_init(&bench->run.queue, HW_MIB(16));
    bench->planned = (struct hw_plan_object){.name = "memory", .base = "memory", .etag = ""};
    memory_object_init(&bench->from, "memory", text);
}

static enum hw_status bench_open(struct bench *bench, struct hw_error *err) {
    const struct hw_input_format *format;
    HW_TRY(hw_input_format_find(&bench->run, &bench->from.base, &bench->planned, &format, err));
    HW_TRY(format->tables_new(&bench->run, &bench->from.base, &bench->set, err));
    return bench->options.merge ? HW_OK : bench->set->ops->open(bench->set, err);
}

static enum hw_status bench_reader(struct bench *bench, struct hw_error *err) {
    HW_TRY(bench_open(bench, err));
    HW_TRY(bench->set->ops->reader_new(bench->set, 0, "memory", &bench->reader, err));
    HW_TRY(bench->reader->ops->look(bench->reader, 0, err));
    HW_TRY(bench->reader->ops->decide(bench->reader, err));
    return bench->reader->ops->begin(bench->reader, err);
}

static void bench_release(struct bench *bench) {
    if (bench->reader) {
        bench->reader->ops->free(bench->reader);
    }
    if (bench->set) {
        bench->set->ops->free(bench->set);
    }
    assert_int_equal(memory_object_open_count(&bench->from), 0);
    assert_int_equal(hw_budget_held(&bench->run.queue), 0);
    hw_budget_release(&bench->run.queue);
}

/* Reads part 0 to its end or its failure; the steps are those of stock.h. */
static enum hw_status bench_part(struct bench *bench, struct part_read *read, struct hw_error *err) {
    struct hw_cursor *cursor;
    HW_TRY(bench->reader->ops->cursor_new(bench->reader, &cursor, err));
    const enum hw_status status = part_read(cursor, 0, NULL, read, err);
    cursor->ops->free(cursor);
    return status;
}

/* A name in .parquet is believed; others are what their bytes say, if those say it at both ends. */
static void names_and_bytes_tell_the_format(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *bytes;
        unsigned from;
        const char *want;
    } rows[] = {
        {"a.csv", "a,b\n1,2\n3,4\n", 0, "csv"},
        {"b.tsv", "PAR1,b\n1,2\n3,4\n", 0, "csv"},
        {"c.csv", "PAR1........PAR1", 0, "parquet"},
        {"c.bin", "PARE........PARE", 0, "parquet"},
        {"c.bin", "PAR1....PAR", 0, "csv"},
        {"d.parquet", "a,b\n1,2\n", 0, "parquet"},
        {"d.pq", "", 0, "parquet"},
        {"e.zip", "PAR1........PAR1", 0, "csv"},
        {"g.csv",
         "Obj\x01\x04\x16"
         "avro.schema",
         0, "avro"},
        {"g.bin",
         "Obj\x02\x04\x16"
         "avro.schema",
         0, "csv"},
        {"g.txt", "Obj\x01Name\n1\x01x\n", 0, "csv"},
        {"h.avro", "a,b\n1,2\n", 0, "avro"},
        {"f", "a,b\n1,2\n", HW_FORMAT_AVRO, "avro"},
        {"f", "a,b\n1,2\n", HW_FORMAT_PARQUET, "parquet"},
        {"f", "a,b\n1,2\n", HW_FORMAT_PARQUET | HW_FORMAT_CSV, "csv"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_plan_object planned = {.name = rows[i].name, .base = rows[i].name};
        const struct hw_convert_options options = {.from = rows[i].from};
        const struct hw_run_context run = {.options = &options};
        const struct hw_input_format *format;
        struct hw_error err = HW_ERROR_INIT;
        struct memory_object object;
        memory_object_init(&object, rows[i].name, hw_view_of(rows[i].bytes));
        assert_ok(hw_input_format_find(&run, &object.base, &planned, &format, &err), err);
        assert_row_text(rows[i].name, format->name, rows[i].want);
        assert_int_equal(memory_object_open_count(&object), 0);
    }
}

/* Parts are as long as the settings say, and held where they say so. */
static void a_stream_is_read_as_batches(void **state) {
    (void)state;
    for (int held = 0; held < 2; held++) {
        struct made_stream made = {.columns = 1, .rows = 100000, .batch_rows = 100000};
        struct hw_convert_options options = {0};
        struct hw_run_context run = {
            .options = &options,
            .settings = {.portion_bytes = 300000,
                         .portion_held = held != 0,
                         .record_bytes_max = 100,
                         .record_bytes_shared = 100},
        };
        struct hw_error err = HW_ERROR_INIT;
        struct hw_table_set *set;
        struct hw_table_reader *reader;
        struct hw_cursor *cursor;
        enum hw_cursor_step step = HW_CURSOR_STARTED;
        size_t rows_before = 0;
        made_stream_init(&made);
        const struct hw_plan_object planned = {.name = "rows", .base = "rows", .etag = "", .batches = &made.base};
        struct hw_source_objects objects;
        hw_source_objects_init(&objects, &options, &planned, NULL);
        const struct hw_input_format *format;
        assert_ok(hw_input_format_find(&run, &objects.base, &planned, &format, &err), err);
        assert_string_equal(format->name, "batches");
        assert_ptr_equal(objects.base.batches, &made.base);
        assert_ok(format->tables_new(&run, &objects.base, &set, &err), err);
        assert_ok(set->ops->reader_new(set, 0, "rows", &reader, &err), err);
        assert_ok(reader->ops->decide(reader, &err), err);
        assert_ok(reader->ops->begin(reader, &err), err);
        assert_ok(reader->ops->cursor_new(reader, &cursor, &err), err);
        assert_ok(cursor->ops->open(cursor, 0, NULL, &err), err);
        while (step != HW_CURSOR_HANDED_ON) {
            assert_ok(cursor->ops->next(cursor, &step, &err), err);
            rows_before += step == HW_CURSOR_ROWS ? cursor->batch.rows : 0;
        }
        /* two blocks of 256 KiB make the part */
        assert_int_equal(rows_before, held ? 0 : 65536);
        hw_free(cursor->ops->close(cursor));
        cursor->ops->free(cursor);
        reader->ops->free(reader);
        set->ops->free(set);
        made.base.free(&made.base);
    }
}

/* What the options and the settings of the run say comes to its readers. */
static void a_run_is_what_its_readers_are_asked_for(void **state) {
    (void)state;
    enum { PLAIN, DRY, MERGE, DELIMITER, PARTS, TYPES, LIMIT, WHERE, LIST, ROWS };
    static const struct {
        const char *name;
        enum hw_status want;
        const char *says;
        const char *checksum;
        const char *first; /* name of the first column */
        enum hw_kind kind;
        size_t parts;
    } rows[ROWS] = {
        [PLAIN] = {"plain", HW_OK, "", "crc32c", "a;b", HW_KIND_TEXT, 1},
        [DRY] = {"nothing is proved in a dry run", HW_OK, "", "none", "a;b", HW_KIND_TEXT, 1},
        [MERGE] = {"a merge", HW_OK, "", "crc32c", "a;b", HW_KIND_TEXT, 1},
        [DELIMITER] = {"a delimiter", HW_OK, "", "crc32c", "a", HW_KIND_INT64, 1},
        [PARTS] = {"parts", HW_OK, "", "crc32c", "a;b", HW_KIND_TEXT, 3},
        [TYPES] = {"types that are given", HW_OK, "", "crc32c", "a;b", HW_KIND_DATE, 1},
        [LIMIT] = {"a limit of records", HW_ELIMIT, "record", NULL, NULL, HW_KIND_NULL, 0},
        [WHERE] = {"a condition", HW_EUSAGE, "only Parquet and Avro are asked", NULL, NULL, HW_KIND_NULL, 0},
        [LIST] = {"a list of columns", HW_EUSAGE, "named by --select", NULL, NULL, HW_KIND_NULL, 0},
    };
    struct hw_field date = {.name = "a;b", .type = {.kind = HW_KIND_DATE}};
    const struct hw_schema_file given = {.schema = {.fields = &date, .count = 1}};
    for (size_t i = 0; i < ROWS; i++) {
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        bench_init(&bench, hw_view_of("a;b\n1;2\n3;4\n5;6\n"));
        bench.options.csv.delimiter = i == DELIMITER ? ';' : ',';
        bench.options.dry_run = i == DRY;
        bench.options.merge = i == MERGE;
        bench.options.where = i == WHERE ? "a = 1" : NULL;
        bench.options.column_list = i == LIST ? "a" : NULL;
        bench.run.given = i == TYPES ? &given : NULL;
        bench.run.settings.part_bytes = i == PARTS ? 4 : HW_MIB(64);
        bench.run.settings.record_bytes_max = i == LIMIT ? 2 : HW_MIB(64);
        bench.from.remote = bench.from.summed = true;
        bench.from.checksum = (struct hw_checksum){HW_CHECKSUM_CRC32C, 1};
        assert_row_int(rows[i].name, bench_reader(&bench, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        if (rows[i].want == HW_OK) {
            const struct hw_table_reader *reader = bench.reader;
            assert_row_text(rows[i].name, reader->ops->input(reader, 0).checksum, rows[i].checksum);
            assert_row_text(rows[i].name, reader->schema->fields[0].name, rows[i].first);
            assert_row_int(rows[i].name, reader->schema->fields[0].type.kind, rows[i].kind);
            assert_row_int(rows[i].name, reader->parts_count, rows[i].parts);
        }
        bench_release(&bench);
    }
}

/* Only a report asks for what widened a column, and a dry run has none to tell of. */
static void history_is_kept_for_reports(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *report_path;
        bool dry_run;
        const char *misfit;
    } rows[] = {
        {"no report", NULL, false, ""},
        {"a report", "report.json", false, "odd"},
        {"a report of a dry run", "report.json", true, ""},
    };
    enum { RECORDS = 40000, ODD = 32000 };
    HW_AUTO(hw_buf) text = {0};
    stock_text(&text, "a\n");
    for (size_t i = 0; i < RECORDS; i++) {
        stock_text(&text, i == ODD ? "odd\n" : "1111111\n"); /* behind the sample */
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench bench;
        struct part_read read = {.blind = true};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_column_history history;
        HW_AUTO(hw_arena) arena = {0};
        bench_init(&bench, hw_buf_view(&text));
        bench.options.report_path = rows[i].report_path;
        bench.options.dry_run = rows[i].dry_run;
        assert_ok(bench_reader(&bench, &err), err);
        assert_ok(bench_part(&bench, &read, &err), err);
        bench.reader->ops->accept(bench.reader, read.result);
        assert_ok(bench.reader->ops->widen(bench.reader, &err), err);
        assert_ok(bench.reader->ops->history(bench.reader, 0, &arena, &history, &err), err);
        assert_row_text(rows[i].name, history.misfit ? history.misfit : "", rows[i].misfit);
        part_read_release(&read);
        bench_release(&bench);
    }
}

/* A stream in portions (stock.h has the letters), and the memory that it may hold. */
static void portions_are_those_of_the_settings(void **state) {
    (void)state;
    static const struct {
        const char *name;
        uint64_t portion_bytes;
        bool held;
        uint64_t shared;
        const char *steps;
        const char *rows;
    } rows[] = {
        {"held", 100, true, 100, "HRE", "4444\n333\n"},
        {"not held", 100, false, 100, "RHE", "4444\n333\n"},
        {"the first of two", 5, true, 100, "HRE", "4444\n"},
        {"a record that must be allowed", 3, true, 4, "LHRE", "4444\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench bench;
        struct part_read read = {0};
        struct hw_error err = HW_ERROR_INIT;
        bench_init(&bench, hw_view_of("a\n4444\n333\n"));
        bench.options.csv.encoding = "latin1";
        bench.run.settings.portion_bytes = rows[i].portion_bytes;
        bench.run.settings.portion_held = rows[i].held;
        bench.run.settings.record_bytes_shared = rows[i].shared;
        assert_ok(bench_reader(&bench, &err), err);
        assert_ok(bench_part(&bench, &read, &err), err);
        assert_row_text(rows[i].name, part_text(&read.rows), rows[i].rows);
        assert_row_text(rows[i].name, part_text(&read.steps), rows[i].steps);
        part_read_release(&read);
        bench_release(&bench);
    }
}

/* Across a network more is read at once than a part asks for. */
static void remote_reads_are_those_of_the_settings(void **state) {
    (void)state;
    HW_AUTO(hw_buf) text = {0};
    int reads[2];
    stock_text(&text, "a\n");
    for (size_t i = 0; i < 100000; i++) {
        stock_text(&text, "1111111\n");
    }
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        struct part_read read = {.blind = true};
        struct hw_error err = HW_ERROR_INIT;
        bench_init(&bench, hw_buf_view(&text));
        bench.run.settings.remote_read_bytes = i == 0 ? 1 : HW_MIB(8);
        bench.from.remote = true;
        assert_ok(bench_reader(&bench, &err), err);
        assert_ok(bench_part(&bench, &read, &err), err);
        reads[i] = bench.from.reads;
        part_read_release(&read);
        bench_release(&bench);
    }
    assert_true(reads[0] > reads[1]);
}

/* What the source's store sends at once is small enough to be kept between two looks. */
static void small_objects_of_a_merge_are_kept(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool merge;
        uint64_t store_part_bytes, kept_bytes;
        int open;
    } rows[] = {
        {"kept", true, 4, 4, 1},
        {"larger than a part of the store", true, 3, 100, 0},
        {"no memory for it", true, 100, 3, 0},
        {"not of a merge", false, 4, 4, 1}, /* which the set itself has opened */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench bench;
        struct hw_error err = HW_ERROR_INIT;
        bench_init(&bench, hw_view_of("a\n1\n"));
        bench.options.merge = rows[i].merge;
        bench.options.source_store.part_bytes = rows[i].store_part_bytes;
        bench.run.settings.kept_bytes_max = rows[i].kept_bytes;
        bench.from.remote = true;
        assert_ok(bench_reader(&bench, &err), err);
        assert_row_int(rows[i].name, memory_object_open_count(&bench.from), rows[i].open);
        bench_release(&bench);
    }
}

/* The values of unique columns are paid for by what waits for its turn. */
static void unique_values_are_paid_for_by_the_queue(void **state) {
    (void)state;
    static const char json[] = "{\"columns\": [{\"name\": \"a\", \"type\": \"int64\", \"unique\": true}]}";
    for (int poor = 0; poor < 2; poor++) {
        struct bench bench;
        struct hw_schema_file given;
        struct part_read read = {0};
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_arena) arena = {0};
        assert_ok(hw_schema_file_read(hw_view_of(json), NULL, &arena, &given, &err), err);
        bench_init(&bench, hw_view_of("a\n1\n2\n"));
        bench.run.queue.total = poor ? 7 : HW_MIB(16);
        bench.run.given = &given;
        assert_ok(bench_reader(&bench, &err), err);
        assert_int_equal(bench_part(&bench, &read, &err), poor ? HW_ELIMIT : HW_OK);
        assert_row_says("unique", err.message, poor ? "more than the 7 bytes that are theirs" : "");
        part_read_release(&read);
        bench_release(&bench);
    }
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    struct alloc_fault fault;
    struct bench bench;
    struct hw_error err = HW_ERROR_INIT;
    bench_init(&bench, hw_view_of("a\n1\n"));
    alloc_fault_begin(&fault, 0);
    const enum hw_status status = bench_open(&bench, &err);
    assert_true(alloc_fault_end(&fault));
    assert_int_equal(status, HW_ENOMEM);
    assert_null(bench.set);
    bench_release(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_bytes_tell_the_format),
        cmocka_unit_test(a_stream_is_read_as_batches),
        cmocka_unit_test(a_run_is_what_its_readers_are_asked_for),
        cmocka_unit_test(history_is_kept_for_reports),
        cmocka_unit_test(portions_are_those_of_the_settings),
        cmocka_unit_test(remote_reads_are_those_of_the_settings),
        cmocka_unit_test(small_objects_of_a_merge_are_kept),
        cmocka_unit_test(unique_values_are_paid_for_by_the_queue),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/input_format", tests, NULL, NULL);
}
