/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outcome.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "support/rows.h"
#include "unit/cli/teller_fixture.h"

static struct hw_field fields[] = {{.name = "id", .type = {.kind = HW_KIND_INT64}},
                                   {.name = "n\x1b", .type = {.kind = HW_KIND_TEXT}}};
static const struct hw_schema schema = {fields, COUNT_OF(fields)};
static const struct hw_convert_output outputs[] = {
    {.path = "o/a.parquet", .bytes = 1200},
    {.path = "o/a.avro", .bytes = 999},
    {.path = "3", .bytes = 1},
    {.path = "4", .bytes = 1},
    {.path = "5", .bytes = 1},
    {.path = "6", .bytes = 1},
    {.path = "7", .bytes = 1},
    {.path = "8", .bytes = 1},
    {.path = "9", .bytes = 2000},
    {.path = "10", .bytes = 3000},
};

/* What is told of an object. */
static void detail(const struct hw_convert_object *object, const struct hw_run_args *args, char *out, size_t bytes) {
    static const char *const environment[] = {NULL};
    int fds[2];
    assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
    const struct hw_cli cli = {.err_fd = fds[1], .environment = environment};
    const struct hw_cmd_call call = {.cli = &cli, .cmd = &hw_cmd_convert};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_teller teller;
    hw_teller_start(&teller, &call, args);
    hw_outcome_detail(&teller, object);
    assert_ok(hw_teller_finish(&teller, HW_OK, &err), err);
    close(fds[1]);
    ssize_t got = read(fds[0], out, bytes - 1);
    out[got > 0 ? got : 0] = '\0';
    close(fds[0]);
}

static void details_are_a_line_an_object_and_one_a_column(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_object object;
        struct hw_run_args args;
        const char *want;
    } rows[] = {
        {"converted",
         {.source = "a.csv",
          .outcome = HW_CONVERTED,
          .rows_out = 3,
          .columns = 2,
          .seconds = 0.1,
          .schema = &schema,
          .outputs = outputs,
          .outputs_count = 2},
         {.verbose = true},
         "hawser: a.csv: converted, 3 rows, 2 columns, 0.1 s -> o/a.parquet (1.2 kB), o/a.avro (999 B)\n"
         "hawser:   id int64\nhawser:   n\\x1b text\n"},
        {"twice, with rejects",
         {.source = "a.csv", .outcome = HW_CONVERTED, .rows_out = 1, .rejected = 4, .restarted = true, .columns = 1},
         {.verbose = true},
         "hawser: a.csv: converted, 1 row, 1 column, 0.0 s, read twice, 4 rejected\n"},
        {"many outputs",
         {.source = "a.csv", .outcome = HW_CONVERTED, .outputs = outputs, .outputs_count = COUNT_OF(outputs)},
         {.verbose = true},
         "hawser: a.csv: converted, 0 rows, 0 columns, 0.0 s -> o/a.parquet (1.2 kB), o/a.avro (999 B), 3 (1 B), "
         "4 (1 B), 5 (1 B), 6 (1 B), 7 (1 B), 8 (1 B) and 2 more (5.0 kB)\n"},
        {"where rejects are",
         {.source = "a.csv", .outcome = HW_CONVERTED, .rejected = 4, .rejects_path = "o/a.rejects.jsonl"},
         {.verbose = true},
         "hawser: a.csv: converted, 0 rows, 0 columns, 0.0 s, 4 rejected (o/a.rejects.jsonl)\n"},
        {"why",
         {.source = "a.csv", .outcome = HW_SKIPPED, .reason = HW_REASON_CURRENT},
         {.verbose = true},
         "hawser: a.csv: skipped (up to date)\n"},
        {"skipped", {.source = "a.csv", .outcome = HW_SKIPPED}, {.verbose = true}, "hawser: a.csv: skipped\n"},
        {"failed", {.source = "a.csv", .outcome = HW_CONVERT_FAILED}, {.verbose = true}, "hawser: a.csv: failed\n"},
        {"not asked for", {.source = "a.csv", .outcome = HW_SKIPPED}, {0}, ""},
        {"quiet", {.source = "a.csv", .outcome = HW_SKIPPED}, {.verbose = true, .quiet = true}, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char got[4096];
        detail(&rows[i].object, &rows[i].args, got, sizeof(got));
        assert_row_text(rows[i].name, got, rows[i].want);
    }
}

/* Every reason has words of its own, and an object that has failed is told by its error alone. */
static void a_dry_run_tells_each_source(void **state) {
    (void)state;
    static const struct {
        struct hw_convert_object object;
        const char *want;
    } rows[] = {
        {{.source = "a.csv",
          .outcome = HW_PLANNED,
          .reason = HW_REASON_NEW,
          .source_bytes = 14,
          .outputs = outputs,
          .outputs_count = 2},
         "hawser: would convert a.csv -> o/a.parquet, o/a.avro (14 B, new)\n"},
        {{.source = "a.csv", .outcome = HW_PLANNED, .reason = HW_REASON_SOURCE, .outputs = outputs, .outputs_count = 1},
         "hawser: would convert a.csv -> o/a.parquet (0 B, the source has changed)\n"},
        {{.source = "a.csv", .outcome = HW_PLANNED, .reason = HW_REASON_OPTIONS},
         "hawser: would convert a.csv (0 B, the options have changed)\n"},
        {{.source = "a.csv", .outcome = HW_PLANNED, .reason = HW_REASON_OUTPUT},
         "hawser: would convert a.csv (0 B, the output has changed)\n"},
        {{.source = "a.csv", .outcome = HW_PLANNED, .reason = HW_REASON_EXISTS},
         "hawser: would convert a.csv (0 B, the output exists)\n"},
        {{.source = "a.csv", .outcome = HW_PLANNED, .reason = HW_REASON_REPLACE},
         "hawser: would convert a.csv (0 B, the output is to be replaced)\n"},
        {{.source = "a.csv", .outcome = HW_PLANNED, .reason = HW_REASON_UNFINISHED},
         "hawser: would convert a.csv (0 B, an earlier run was not finished)\n"},
        {{.source = "a.csv", .outcome = HW_SKIPPED, .reason = HW_REASON_CURRENT, .source_bytes = 1200},
         "hawser: would skip a.csv (1.2 kB, up to date)\n"},
        {{.source = "a.csv", .outcome = HW_CONVERT_FAILED}, ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct teller_fixture fixture;
        teller_fixture_start(&fixture, &(struct hw_run_args){0});
        hw_outcome_plan(&fixture.teller, &rows[i].object);
        assert_row_text(rows[i].want, teller_fixture_written(fixture.errs[0]), rows[i].want);
        teller_fixture_end(&fixture);
    }
}

/* Beside the summary there is one line for each kind. */
static void each_kind_has_its_line(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_result result;
        const char *rejects[3]; /* NULL: no more */
        const char *want;
    } rows[] = {
        {"nothing to tell", {.converted = 3}, {NULL}, ""},
        {"a file of rejects", {0}, {"o/a.rejects.jsonl"}, "hawser: rejected rows are in o/a.rejects.jsonl\n"},
        {"two of them",
         {0},
         {"o/a.rejects.jsonl", "o/b.rejects.jsonl"},
         "hawser: rejected rows are in o/a.rejects.jsonl and 1 other file (--verbose names them)\n"},
        {"three of them",
         {0},
         {"o/a.rejects.jsonl", "o/b.rejects.jsonl", "c"},
         "hawser: rejected rows are in o/a.rejects.jsonl and 2 other files (--verbose names them)\n"},
        {"one of each",
         {.restarted = 1, .texts_left_out = 1, .junk_left_out = 1},
         {NULL},
         "hawser: 1 source was read twice, because a type had to widen (--verbose names them)\n"
         "hawser: 1 .txt file was left out (--all-files takes them, --include '*.txt' only them)\n"
         "hawser: 1 hidden or temporary file was left out (--all-files takes them)\n"},
        {"two",
         {.restarted = 2, .junk_left_out = 2},
         {NULL},
         "hawser: 2 sources were read twice, because a type had to widen (--verbose names them)\n"
         "hawser: 2 hidden or temporary files were left out (--all-files takes them)\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct teller_fixture fixture;
        struct hw_outcome_rejects rejects = {0};
        teller_fixture_start(&fixture, &(struct hw_run_args){0});
        for (size_t k = 0; k < COUNT_OF(rows[i].rejects); k++) {
            const struct hw_convert_object object = {.rejects_path = rows[i].rejects[k]};
            hw_outcome_rejects_note(&rejects, &object);
        }
        hw_outcome_lines(&fixture.teller, &rows[i].result, &rejects);
        assert_row_text(rows[i].name, teller_fixture_written(fixture.errs[0]), rows[i].want);
        hw_outcome_rejects_release(&rejects);
        teller_fixture_end(&fixture);
    }
}

static void the_summary_counts(void **state) {
    (void)state;
    static const struct {
        struct hw_convert_result result;
        const char *want;
        bool dry_run;
    } rows[] = {
        {{.objects = 1}, "1 object would be converted", true},
        {{.objects = 4, .skipped = 1, .failed = 1}, "2 objects would be converted (skipped: 1, failed: 1)", true},
        {{.objects = 1, .converted = 1, .rows_out = 30, .bytes_in = 1200000, .bytes_out = 345000, .seconds = 0.3},
         "1 object, 30 rows, 1.2 MB -> 345 kB, 4.0 MB/s, 0.3 s",
         false},
        {{.objects = 2, .skipped = 2}, "2 objects, none converted (skipped: 2)", false},
        {{.objects = 1, .failed = 1}, "1 object, none converted (failed: 1)", false},
        {{.objects = 5, .converted = 2, .skipped = 1, .failed = 2, .not_tried = 7, .rejected = 3, .seconds = 1},
         "5 objects, 0 rows, 0 B -> 0 B, 0 B/s, 1.0 s (skipped: 1, failed: 2, not tried: 7, rejected rows: 3)",
         false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char out[HW_SUMMARY_TEXT_BYTES];
        const struct hw_summary summary = hw_outcome_summary(&rows[i].result, rows[i].dry_run);
        assert_row_text(rows[i].want, hw_summary_text(&summary, out), rows[i].want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(details_are_a_line_an_object_and_one_a_column),
        cmocka_unit_test(a_dry_run_tells_each_source),
        cmocka_unit_test(each_kind_has_its_line),
        cmocka_unit_test(the_summary_counts),
    };
    return cmocka_run_group_tests_name("cli/outcome", tests, NULL, NULL);
}
