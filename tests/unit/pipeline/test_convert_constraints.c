/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constraints and reports of whole conversions: the same however the text is cut and by how many
 * workers.
 */
#include <jansson.h>
#include <stdlib.h>

#include "conversions.h"

enum { ROWS = 6000 };

#define COLUMNS(inside) "{\"columns\": [" inside "]}"

/*
 * Row i: an id that returns where i is a multiple of 7, a value below 1000, a text with a line end.
 */
static void table_write(const struct scratch *scratch, const char *name) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    assert_ok(hw_buf_append_text(&text, "id,value,note\n", &err), err);
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned id = i % 7 == 0 && i > 0 ? i / 7 : i;
        assert_ok(hw_buf_printf(&text, &err, "%u,%u,\"note\n%u\"\n", id, i * 37 % 1000, i), err);
    }
    scratch_write(scratch, name, text.data, text.size);
}

static void schema_write(const struct scratch *scratch, const char *name, const char *json) {
    scratch_write(scratch, name, json, strlen(json));
}

/* Ways to cut and share one text. */
static const struct {
    const char *name;
    uint64_t row_group_bytes;
    uint32_t threads;
    const char *encoding; /* latin1 is read as a stream */
} ways[] = {
    {"one span", 0, 1, NULL},
    {"many spans, one worker", 1000, 1, NULL},
    {"many spans, four workers", 1000, 4, NULL},
    {"a stream", 0, 1, "latin1"},
    {"a stream, four workers", 1000, 4, "latin1"},
};

static struct conversion_run quality_run(const struct scratch *scratch, size_t way, const char *schema,
                                         const char *report, bool reject) {
    char schema_path[1024];
    char report_path[1024];
    snprintf(schema_path, sizeof(schema_path), "%s%s", scratch->folder, schema ? schema : "");
    snprintf(report_path, sizeof(report_path), "%s%s", scratch->folder, report ? report : "");
    const struct hw_convert_options options = {
        .csv = {.encoding = ways[way].encoding, .bad_rows_reject = reject, .schema_path = schema ? schema_path : NULL},
        .row_group_bytes = ways[way].row_group_bytes,
        .threads = ways[way].threads,
        .report_path = report ? report_path : NULL,
    };
    return convert_to_rows(scratch, "in.csv", &options);
}

static void duplicates_are_those_of_the_text(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    table_write(&scratch, "in.csv");
    schema_write(&scratch, "schema.json",
                 COLUMNS("{\"name\": \"id\", \"type\": \"int64\", \"unique\": true}, "
                         "{\"name\": \"value\", \"type\": \"int64\", \"max\": 990},"
                         "{\"name\": \"note\", \"type\": \"text\"}"));
    struct conversion_run first = quality_run(&scratch, 0, "schema.json", NULL, true);
    assert_int_equal(first.status, HW_OK);
    /* Counted apart from the program: a record above 990 takes no id away from a later one. */
    static bool seen[ROWS];
    uint64_t rejected = 0;
    memset(seen, 0, sizeof(seen));
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned id = i % 7 == 0 && i > 0 ? i / 7 : i;
        bool bad = i * 37 % 1000 > 990 || seen[id];
        seen[id] |= !bad;
        rejected += bad;
    }
    assert_int_equal(first.result.rejected, rejected);
    for (size_t way = 1; way < COUNT_OF(ways); way++) {
        struct conversion_run run = quality_run(&scratch, way, "schema.json", NULL, true);
        assert_same_run(ways[way].name, &run, &first);
        conversion_release(&run);
    }
    conversion_release(&first);
    scratch_remove(&scratch);
}

static void the_first_duplicate_is_told(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    table_write(&scratch, "in.csv");
    schema_write(&scratch, "schema.json",
                 COLUMNS("{\"name\": \"id\", \"type\": \"int64\", \"unique\": true}, "
                         "{\"name\": \"value\", \"type\": \"int64\"},"
                         "{\"name\": \"note\", \"type\": \"text\"}"));
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        struct conversion_run run = quality_run(&scratch, way, "schema.json", NULL, false);
        assert_row_int(ways[way].name, run.status, HW_EDATA);
        assert_row_int(ways[way].name, run.err.line,
                       2 + 2 * 7); /* the eighth record, two lines each, after the header */
        assert_row_text(ways[way].name, run.err.message, "found \"1\", expected a value that no record before has");
        conversion_release(&run);
    }
    scratch_remove(&scratch);
}

/* "columns" of the only object, as text. */
static char *report_columns(const struct scratch *scratch, const char *name) {
    HW_AUTO(hw_buf) text = {0};
    assert_true(corpus_read(scratch_path(scratch, name), &text));
    json_t *root = json_loadb((const char *)text.data, text.size, 0, NULL);
    json_t *object = json_array_get(json_object_get(root, "objects"), 0);
    char *columns = json_dumps(json_object_get(object, "columns"), JSON_COMPACT);
    assert_non_null(columns);
    json_decref(root);
    return columns;
}

static void reports_are_the_same_however_it_is_cut(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    table_write(&scratch, "in.csv");
    char *first = NULL;
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        struct conversion_run run = quality_run(&scratch, way, NULL, "report.json", false);
        assert_row_int(ways[way].name, run.status, HW_OK);
        char *columns = report_columns(&scratch, "report.json");
        first = first ? first : strdup(columns);
        assert_row_text(ways[way].name, columns, first);
        free(columns); /* allowed: jansson's */
        conversion_release(&run);
    }
    assert_row_says("bounds", first, "{\"name\":\"value\",\"type\":\"int64\",\"nulls\":0,\"distinct_estimate\":");
    assert_row_says("bounds", first, ",\"min\":\"0\",\"max\":\"999\"}");
    assert_row_says("text", first, "\"min\":\"note\\n0\",\"max\":\"note\\n999\"}");
    free(first); /* allowed: strdup's */
    scratch_remove(&scratch);
}

/*
 * A long text, parts of which are not sampled: what widens there is told, the first of several,
 * whoever came upon it.
 */
static void what_widened_is_told(void **state) {
    (void)state;
    enum { LINES = 100000, FIRST = 58200, SECOND = 58201, LATER = 81900 };
    struct scratch scratch = scratch_make();
    HW_AUTO(hw_buf) text = {0};
    struct hw_error err = HW_ERROR_INIT;
    char want[256];
    size_t offset = 0;
    assert_ok(hw_buf_append_text(&text, "a,b\n", &err), err);
    for (unsigned i = 0; i < LINES; i++) {
        const char *value = i == FIRST ? "2.5" : i == SECOND || i == LATER ? "x" : "1";
        offset = i == FIRST ? text.size + strlen("12345678,") : offset;
        assert_ok(hw_buf_printf(&text, &err, "12345678,%s\n", value), err);
    }
    scratch_write(&scratch, "in.csv", text.data, text.size);
    snprintf(want, sizeof(want),
             "\"widened_from\":\"int64\",\"widened_because\":{\"value\":\"2.5\",\"line\":%d,\"offset\":%zu}}]",
             FIRST + 2, offset);
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        struct conversion_run run = quality_run(&scratch, way, NULL, "report.json", false);
        assert_row_int(ways[way].name, run.status, HW_OK);
        assert_row_int(ways[way].name, run.restarted, true);
        char *columns = report_columns(&scratch, "report.json");
        assert_row_says(ways[way].name, columns, want);
        assert_row_says(ways[way].name, columns,
                        "{\"name\":\"a\",\"type\":\"int64\",\"nulls\":0,\"distinct_estimate\":1,");
        assert_row_says(ways[way].name, columns, "\"distinct_estimate\":3,\"min\":\"1\",\"max\":\"x\"");
        free(columns); /* allowed: jansson's */
        conversion_release(&run);
    }
    scratch_remove(&scratch);
}

static void object_outcome_keep(void *ctx, const struct hw_convert_object *object) {
    *(enum hw_convert_outcome *)ctx = object->outcome;
}

static void other_constraints_are_other_options(void **state) {
    (void)state;
    static const struct {
        const char *name, *constraint;
        enum hw_convert_outcome want;
    } rows[] = {
        {"without", "", HW_CONVERTED},
        {"without, again", "", HW_SKIPPED},
        {"with a bound", ", \"min\": 0", HW_CONVERTED},
        {"with the same bound", ", \"min\": 0", HW_SKIPPED},
        {"with another bound", ", \"min\": 1", HW_CONVERTED},
        {"unique", ", \"min\": 1, \"unique\": true", HW_CONVERTED},
        {"the same in another order", ", \"unique\": true, \"min\": 1", HW_SKIPPED},
    };
    struct scratch scratch = scratch_make();
    char source[1024], schema[1024], target[1024];
    snprintf(source, sizeof(source), "%sin.csv", scratch.folder);
    snprintf(schema, sizeof(schema), "%sschema.json", scratch.folder);
    snprintf(target, sizeof(target), "%sout/", scratch.folder);
    scratch_write(&scratch, "in.csv", "a\n1\n2\n", 6);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char json[256];
        enum hw_convert_outcome outcome = HW_CONVERT_FAILED;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_convert_result result;
        const char *sources[] = {source};
        const struct hw_convert_options options = {
            .csv.schema_path = schema, .on_object = object_outcome_keep, .ctx = &outcome};
        snprintf(json, sizeof(json), COLUMNS("{\"name\": \"a\", \"type\": \"int64\"%s}"), rows[i].constraint);
        schema_write(&scratch, "schema.json", json);
        assert_ok(hw_convert(sources, 1, target, &options, &result, &err), err);
        assert_row_int(rows[i].name, outcome, rows[i].want);
    }
    scratch_remove(&scratch);
}

static void unique_values_have_their_share_of_memory(void **state) {
    (void)state;
    struct scratch scratch = scratch_make();
    char schema[1024];
    table_write(&scratch, "in.csv");
    schema_write(&scratch, "schema.json",
                 COLUMNS("{\"name\": \"id\", \"type\": \"int64\"}, {\"name\": \"value\", \"type\": \"int64\"},"
                         "{\"name\": \"note\", \"type\": \"text\", \"unique\": true}"));
    snprintf(schema, sizeof(schema), "%sschema.json", scratch.folder);
    /* 6,000 values need 8,192 slots of 16 bytes, and half as much while they grow to that. */
    static const struct {
        const char *name;
        uint64_t memory;
        enum hw_status want;
    } rows[] = {{"enough", 4 * (8192 + 4096) * 16, HW_OK}, {"a byte less", 4 * (8192 + 4096) * 16 - 4, HW_ELIMIT}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hw_convert_options options = {
            .csv.schema_path = schema, .memory_bytes = rows[i].memory, .threads = 2};
        struct conversion_run run = convert_to_rows(&scratch, "in.csv", &options);
        assert_row_int(rows[i].name, run.status, rows[i].want);
        assert_row_says(rows[i].name, run.err.message, rows[i].want ? "a quarter of --memory" : "");
        conversion_release(&run);
    }
    scratch_remove(&scratch);
}

static int group_start(void **state) {
    (void)state;
    quick_io();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duplicates_are_those_of_the_text),
        cmocka_unit_test(the_first_duplicate_is_told),
        cmocka_unit_test(reports_are_the_same_however_it_is_cut),
        cmocka_unit_test(what_widened_is_told),
        cmocka_unit_test(other_constraints_are_other_options),
        cmocka_unit_test(unique_values_have_their_share_of_memory),
    };
    return cmocka_run_group_tests_name("pipeline/convert_constraints", tests, group_start, NULL);
}
