/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that work on local files, so that no service is needed. */
#include "cli/batch_line.h"

#include <stdio.h>

#include <hawser/transfer.h>

#include "support/rows.h"
#include "support/scratch.h"
#include "unit/cli/teller_fixture.h"

enum { TEXT_BYTES = 4096 };

struct ran {
    int code;
    struct hw_batch_line line;
    char out[TEXT_BYTES];
    char err[TEXT_BYTES];
};

/* Runs a line, in which every @ stands for the folder. */
static struct ran run(const struct scratch *scratch, const char *text, const struct hw_batch_options *options) {
    static const struct hw_run_args plain = {0};
    struct teller_fixture fixture;
    struct hw_batch_output output;
    struct hw_batch_options taken = *options;
    HW_AUTO(hw_buf) line = {0};
    struct ran ran = {0};
    for (const char *at = text; *at; at++) {
        const char letter[] = {*at, '\0'};
        assert_int_equal(hw_buf_append_text(&line, *at == '@' ? scratch->folder : letter, NULL), HW_OK);
    }
    teller_fixture_start(&fixture, &plain);
    fixture.call.cmd = &hw_cmd_run;
    fixture.call.commands = &hw_commands_all;
    hw_batch_output_init(&output, &fixture.teller);
    taken.call = &fixture.call;
    taken.name = "list";
    ran.line = (struct hw_batch_line){
        .options = &taken, .number = 12, .text = hw_buf_view(&line), .share = {2, 8 << 20}, .output = &output};
    ran.code = hw_batch_line_run(&ran.line);
    snprintf(ran.out, sizeof(ran.out), "%s", teller_fixture_written(fixture.outs[0]));
    snprintf(ran.err, sizeof(ran.err), "%s", teller_fixture_written(fixture.errs[0]));
    hw_batch_output_release(&output);
    teller_fixture_end(&fixture);
    return ran;
}

static void lines_are_run_and_told(void **state) {
    (void)state;
    static const struct hw_cmd_given json[] = {{"json", NULL}};
    static const struct hw_cmd_given dry[] = {{"dry-run", NULL}};
    static const struct hw_cmd_given keep[] = {{"no-clobber", NULL}, {"part-size", "32MiB"}};
    static const struct hw_batch_options plain = {0};
    static const struct hw_batch_options as_json = {.given = json, .given_count = 1, .json = true};
    static const struct hw_batch_options as_dry = {.given = dry, .given_count = 1, .dry_run = true};
    static const struct hw_batch_options as_keep = {.given = keep, .given_count = 2};
    static const struct {
        const char *line;
        const struct hw_batch_options *options;
        int code;
        bool empty;
        uint64_t done, skipped, bytes;
        const char *out; /* what it says; NULL: nothing */
        const char *err;
    } rows[] = {
        {"", &plain, 0, true, 0, 0, 0, NULL, NULL},
        {"# cp a b", &plain, 0, true, 0, 0, 0, NULL, NULL},
        {"cp @a @b", &plain, 0, false, 1, 0, 5, NULL, NULL},
        {"cp @a @b", &as_keep, 0, false, 0, 1, 0, NULL, NULL},
        {"cp --sp --part-size 50 @a @c", &plain, 0, false, 1, 0, 5, NULL, NULL},
        {"cp @a @d", &as_json, 0, false, 1, 0, 5, "{\"line\":12,\"op\":\"cp\"", NULL},
        {"cp @a @e", &as_dry, 0, false, 1, 0, 0, "cp ", NULL},
        {"mb s3://x", &as_dry, 0, false, 0, 0, 0, "mb s3://x\n", NULL},
        {"cat @a", &plain, 0, false, 0, 0, 0, "hello", NULL},
        {"head --json @a", &plain, 0, false, 0, 0, 0, "\"size\":5", NULL},
        {"cat @a", &as_json, 2, false, 0, 0, 0, NULL, "list:12: the bytes of objects cannot stand among lines"},
        {"cp @none @f", &plain, 6, false, 0, 0, 0, NULL, "hawser: error: list:12: "},
        {"cp @a", &plain, 2, false, 0, 0, 0, NULL, "list:12: DST is missing (see hawser cp --help)"},
        {"cp 'a", &plain, 2, false, 0, 0, 0, NULL, "list:12: the quote ' is not closed (see hawser run --help)"},
        {"pc a b", &plain, 2, false, 0, 0, 0, NULL, "list:12: unknown command \"pc\"; did you mean cp?"},
        {"run x", &plain, 2, false, 0, 0, 0, NULL, "list:12: run cannot stand in a line"},
        {"pipe s3://b/k", &plain, 2, false, 0, 0, 0, NULL, "list:12: pipe cannot stand in a line"},
        {"convert a b", &plain, 2, false, 0, 0, 0, NULL, "list:12: convert cannot stand in a line"},
        {"select csv", &plain, 2, false, 0, 0, 0, NULL, "list:12: s5cmd's select is not here"},
        {"cp - @g", &plain, 2, false, 0, 0, 0, NULL, "list:12: lines have no standard input"},
        {"cp @a -", &plain, 2, false, 0, 0, 0, NULL, "list:12: lines have no standard input"},
        {"cp @a @g --report=-", &plain, 2, false, 0, 0, 0, NULL, "list:12: lines have no standard input"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        scratch_write(&scratch, "a", "hello", 5);
        if (rows[i].options == &as_keep) {
            scratch_write(&scratch, "b", "other", 5);
        }
        const struct ran ran = run(&scratch, rows[i].line, rows[i].options);
        assert_row_int(rows[i].line, ran.code, rows[i].code);
        assert_row_int(rows[i].line, ran.line.empty, rows[i].empty);
        assert_row_int(rows[i].line, ran.line.sums.done, rows[i].done);
        assert_row_int(rows[i].line, ran.line.sums.skipped, rows[i].skipped);
        assert_row_int(rows[i].line, ran.line.sums.bytes, rows[i].bytes);
        assert_row_says(rows[i].line, ran.out, rows[i].out ? rows[i].out : "");
        assert_row_says(rows[i].line, ran.err, rows[i].err ? rows[i].err : "");
        assert_row_int(rows[i].line, ran.out[0] != '\0', rows[i].out != NULL);
        assert_row_int(rows[i].line, ran.err[0] != '\0', rows[i].err != NULL);
        scratch_remove(&scratch);
    }
}

/* The report has the objects of a line, or why the line has failed. */
static void lines_add_to_the_report(void **state) {
    (void)state;
    static const struct {
        const char *line;
        const char *says;
        bool warns;
    } rows[] = {
        {"cp @a @b", "\"op\": \"cp\"", false},
        {"cp @none @b", "\"status\": \"failed\"", false},
        {"rm @a", "\"op\": \"rm\"", false},
        {"ls @a", "\"objects_total\": 0", false},
        {"pc a b", "list:12: unknown command \\\"pc\\\"", true},
        {"ls @none/", "list:12: the line has failed, exit code 6", true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scratch scratch = scratch_make();
        struct hw_batch_options batch = {0};
        struct hw_error err = HW_ERROR_INIT;
        char path[600];
        char text[4096] = "";
        snprintf(path, sizeof(path), "%s/report", scratch.folder);
        const struct hw_transfer_options options = {.size = sizeof(options), .report_path = path};
        assert_ok(hw_transfer_report_open(&options, &batch.report, &err), err);
        scratch_write(&scratch, "a", "hello", 5);
        (void)run(&scratch, rows[i].line, &batch);
        assert_ok(hw_transfer_report_finish(batch.report, HW_OK, &err), err);
        hw_transfer_report_free(batch.report);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        assert_int_equal(fread(text, 1, sizeof(text) - 1, file) > 0, true);
        fclose(file);
        assert_row_says(rows[i].line, text, rows[i].says);
        assert_row_int(rows[i].line, strstr(text, "warnings_total") != NULL, rows[i].warns);
        scratch_remove(&scratch);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_run_and_told),
        cmocka_unit_test(lines_add_to_the_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
