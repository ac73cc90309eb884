/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/call_options.h"

#include "support/rows.h"

static const int something = 1;
static const char *const name = "a";
static const struct hw_column_type day = {"day", "date"};

static void convert_options_are_taken_over(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_convert_options given;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"zeroed", {0}, HW_OK, ""},
        {"of this version", {.size = sizeof(struct hw_convert_options), .threads = 3}, HW_OK, ""},
        {"without a size", {.threads = 3}, HW_OK, ""},
        {"of no version", {.size = 8}, HW_EUSAGE, "struct hw_convert_options says that it has 8 bytes"},
        {"CSV of a later version",
         {.csv.reserved[3] = &something},
         HW_EUSAGE,
         "struct hw_csv_options has a member set"},
        {"a spelling that contradicts itself", {.csv.thousands = '.'}, HW_EUSAGE, "which is the point of numbers"},
        {"a format that numbers could be of",
         {.csv.date_format = "%Y%m%d"},
         HW_EUSAGE,
         "needs a schema file or --type"},
        {"the same with types that are given", {.csv.date_format = "%Y%m%d", .csv.schema_path = "s.json"}, HW_OK, ""},
        {"the same with a type that is given",
         {.csv.date_format = "%Y%m%d", .columns = {.types = &day, .types_count = 1}},
         HW_OK,
         ""},
        {"columns of a later version",
         {.columns.reserved[1] = &something},
         HW_EUSAGE,
         "struct hw_columns_options has a member set"},
        {"columns that contradict each other",
         {.columns = {.select = &name, .select_count = 1, .drop = &name, .drop_count = 1}},
         HW_EUSAGE,
         "--select and --drop contradict each other"},
        {"a condition", {.size = sizeof(struct hw_convert_options), .where = "a = 1"}, HW_OK, ""},
        {"a text that is no condition",
         {.size = sizeof(struct hw_convert_options), .where = "a ="},
         HW_EUSAGE,
         "the condition, at character 4"},
        {"a list of columns",
         {.size = sizeof(struct hw_convert_options), .column_list = "a", .columns.names_style = HW_NAMES_LOWER},
         HW_OK,
         ""},
        {"a list of columns, and a choice",
         {.size = sizeof(struct hw_convert_options),
          .column_list = "a",
          .columns = {.select = &name, .select_count = 1}},
         HW_EUSAGE,
         "--columns and --select contradict each other"},
        {"a list of columns, and others to leave out",
         {.size = sizeof(struct hw_convert_options), .column_list = "a", .columns = {.drop = &name, .drop_count = 1}},
         HW_EUSAGE,
         "--columns and --drop contradict each other"},
        {"a source of a later version",
         {.source_store.reserved[0] = &something},
         HW_EUSAGE,
         "struct hw_store_options has a member set"},
        {"a target of a later version",
         {.target_store.reserved[1] = &something},
         HW_EUSAGE,
         "struct hw_store_options has a member set"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_convert_options out = {.jobs = 9};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_call_convert_options(&rows[i].given, &out, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, out.threads, rows[i].want == HW_OK ? rows[i].given.threads : 0);
        assert_row_int(rows[i].name, out.jobs, rows[i].want == HW_OK ? 0 : 9);
    }
}

static void infer_options_are_taken_over(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_infer_options given;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"zeroed", {0}, HW_OK, ""},
        {"of no version", {.size = 8}, HW_EUSAGE, "struct hw_infer_options says that it has 8 bytes"},
        {"of a later version", {.csv.reserved[0] = &something}, HW_EUSAGE, "struct hw_csv_options has a member set"},
        {"an added column", {.columns.add_source = "s"}, HW_EUSAGE, "columns.add_source is for conversions alone"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_infer_options out = {.input_fd = 9};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_call_infer_options(&rows[i].given, &out, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, out.input_fd, rows[i].want == HW_OK ? 0 : 9);
    }
}

static void csv_read_options_are_taken_over(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_csv_read_options given;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"zeroed", {0}, HW_OK, ""},
        {"of this version", {.size = sizeof(struct hw_csv_read_options), .batch_rows = 3}, HW_OK, ""},
        {"without a size", {.batch_rows = 3}, HW_OK, ""},
        {"of no version", {.size = 8}, HW_EUSAGE, "struct hw_csv_read_options says that it has 8 bytes"},
        {"CSV of a later version",
         {.csv.reserved[0] = &something},
         HW_EUSAGE,
         "struct hw_csv_options has a member set"},
        {"a source of a later version",
         {.source_store.reserved[0] = &something},
         HW_EUSAGE,
         "struct hw_store_options has a member set"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_read_options out = {.batch_rows = 9};
        struct hw_error err = HW_ERROR_INIT;
        assert_row_int(rows[i].name, hw_call_csv_read_options(&rows[i].given, &out, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, out.batch_rows, rows[i].want == HW_OK ? rows[i].given.batch_rows : 9);
    }
}

/* Whoever leaves the size 0 has set all that the first version had. */
static void the_last_member_is_taken(void **state) {
    (void)state;
    const struct hw_log log = {0};
    struct hw_convert_options convert;
    struct hw_infer_options infer;
    assert_int_equal(hw_call_convert_options(&(struct hw_convert_options){.log = &log}, &convert, NULL), HW_OK);
    assert_ptr_equal(convert.log, &log);
    assert_int_equal(hw_call_infer_options(&(struct hw_infer_options){.input_fd = 7}, &infer, NULL), HW_OK);
    assert_int_equal(infer.input_fd, 7);
    struct hw_csv_read_options read;
    int context;
    assert_int_equal(hw_call_csv_read_options(&(struct hw_csv_read_options){.ctx = &context}, &read, NULL), HW_OK);
    assert_ptr_equal(read.ctx, &context);
}

static void no_options_are_the_defaults(void **state) {
    (void)state;
    struct hw_convert_options convert = {.jobs = 9};
    struct hw_infer_options infer = {.input_fd = 9};
    assert_int_equal(hw_call_convert_options(NULL, &convert, NULL), HW_OK);
    assert_int_equal(convert.jobs, 0);
    assert_int_equal(hw_call_infer_options(NULL, &infer, NULL), HW_OK);
    assert_int_equal(infer.input_fd, 0);
    struct hw_csv_read_options read = {.batch_rows = 9};
    assert_int_equal(hw_call_csv_read_options(NULL, &read, NULL), HW_OK);
    assert_int_equal(read.batch_rows, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convert_options_are_taken_over),  cmocka_unit_test(infer_options_are_taken_over),
        cmocka_unit_test(csv_read_options_are_taken_over), cmocka_unit_test(the_last_member_is_taken),
        cmocka_unit_test(no_options_are_the_defaults),
    };
    return cmocka_run_group_tests_name("pipeline/call_options", tests, NULL, NULL);
}
