/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/partition.h"

#include <stdio.h>

#include "core/limits.h"
#include "support/alloc_fault.h"
#include "support/rows.h"
#include "unit/csv/sheet.h"

static const struct hw_type text_type = {.kind = HW_KIND_TEXT};
static const struct hw_type int_type = {.kind = HW_KIND_INT64};

/* The path of the only row of a table with text column "k" and another one. */
static enum hw_status path_of(const char *name, hw_view value, char *out, size_t room, struct hw_error *err) {
    struct sheet sheet = {0};
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) numbers = {0};
    struct hw_partitioning partitioning;
    struct hw_partition_finder *finder;
    sheet_column(&sheet, name, text_type);
    sheet_column(&sheet, "other", int_type);
    sheet_put(&sheet, 0, value.data, value.size);
    sheet_put(&sheet, 1, NULL, 0);
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    assert_ok(hw_partitioning_init(&partitioning, &sheet.schema, &name, 1, &arena, err), *err);
    assert_ok(hw_partition_finder_new(&partitioning, &finder, err), *err);
    enum hw_status status = hw_partition_find(finder, &batch, &numbers, err);
    if (status == HW_OK) {
        snprintf(out, room, "%s", hw_partition_path(finder, 0));
    }
    hw_partition_finder_free(finder);
    sheet_release(&sheet);
    return status;
}

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define LONGEST FIFTY FIFTY FIFTY FIFTY FIFTY "012"

/* What Hive's FileUtils.escapePathName does, and its name for null. */
static const struct {
    const char *name;
    const char *column;
    hw_view value; /* data NULL: null */
    const char *want;
} paths[] = {
    {"plain", "k", HW_VIEW_INIT("Berlin"), "k=Berlin/"},
    {"null", "k", {NULL, 0}, "k=__HIVE_DEFAULT_PARTITION__/"},
    {"a text that reads like null's", "k", HW_VIEW_INIT("__HIVE_DEFAULT_PARTITION__"),
     "k=%5F_HIVE_DEFAULT_PARTITION__/"},
    {"nearly null's", "k", HW_VIEW_INIT("__HIVE_DEFAULT_PARTITION_"), "k=__HIVE_DEFAULT_PARTITION_/"},
    {"empty", "k", HW_VIEW_INIT(""), "k=/"},
    {"escaped ones", "k", HW_VIEW_INIT("\"#%'*/:=?\\{[]^"), "k=%22%23%25%27%2A%2F%3A%3D%3F%5C%7B%5B%5D%5E/"},
    {"control characters", "k", HW_VIEW_INIT("\x01\t\n\x1f\x7f"), "k=%01%09%0A%1F%7F/"},
    {"NUL", "k", HW_VIEW_INIT("a\0b"), "k=a%00b/"},
    {"others stay", "k", HW_VIEW_INIT(" !$&()+,-.;<>@_`|}~"), "k= !$&()+,-.;<>@_`|}~/"},
    {"letters beyond ASCII", "k", HW_VIEW_INIT("Z\xc3\xbcrich \xe6\x97\xa5"), "k=Z\xc3\xbcrich \xe6\x97\xa5/"},
    {"dots", "k", HW_VIEW_INIT(".."), "k=../"},
    {"names too", "a=b/c", HW_VIEW_INIT("x"), "a%3Db%2Fc=x/"},
    {"as long as may be", "k", HW_VIEW_INIT(LONGEST), "k=" LONGEST "/"},
    {"longer", "k", HW_VIEW_INIT(LONGEST "3"), NULL},
    {"longer by its escapes", "k", HW_VIEW_INIT(FIFTY FIFTY FIFTY FIFTY "/////" FIFTY), NULL},
};

static void paths_are_hives(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        char got[512] = "";
        struct hw_error err = HW_ERROR_INIT;
        enum hw_status status = path_of(paths[i].column, paths[i].value, got, sizeof(got), &err);
        assert_row_int(paths[i].name, status, paths[i].want ? HW_OK : HW_EDATA);
        assert_row_text(paths[i].name, got, paths[i].want ? paths[i].want : "");
        assert_row_says(paths[i].name, err.message, paths[i].want ? "" : "column \"k\": \"0123456789");
    }
}

static void sheet_int(struct sheet *sheet, size_t column, int64_t value) {
    sheet_put(sheet, column, &value, sizeof(value));
}

/* Values of every kind, as CSV outputs have them; the first row is null throughout. */
static void values_are_as_in_csv(void **state) {
    (void)state;
    static const struct {
        const char *name;
        struct hw_type type;
        union {
            bool flag;
            int64_t integer;
            double real;
            int32_t days;
            __int128 digits;
            uint8_t uuid[16];
        } value;
        size_t bytes;
        const char *want;
    } rows[] = {
        {"bool", {.kind = HW_KIND_BOOL}, {.flag = true}, 1, "true"},
        {"int64", {.kind = HW_KIND_INT64}, {.integer = INT64_MIN}, 8, "-9223372036854775808"},
        {"double", {.kind = HW_KIND_DOUBLE}, {.real = 0.1}, 8, "0.1"},
        {"minus zero", {.kind = HW_KIND_DOUBLE}, {.real = -0.0}, 8, "-0.0"},
        {"decimal", {.kind = HW_KIND_DECIMAL, .precision = 5, .scale = 2}, {.digits = -5}, 16, "-0.05"},
        {"date", {.kind = HW_KIND_DATE}, {.days = 19782}, 4, "2024-02-29"},
        {"timestamp",
         {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true},
         {.integer = 1709208000250000},
         8,
         "2024-02-29T12%3A00%3A00.250000Z"},
        {"uuid",
         {.kind = HW_KIND_UUID},
         {.uuid = {0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0x00}},
         16,
         "123e4567-e89b-12d3-a456-426614174000"},
    };
    struct sheet sheet = {0};
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) numbers = {0};
    HW_AUTO(hw_buf) want = {0};
    HW_AUTO(hw_buf) nulls = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_partitioning partitioning;
    struct hw_partition_finder *finder;
    const char *names[COUNT_OF(rows)];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        names[i] = rows[i].name;
        sheet_column(&sheet, rows[i].name, rows[i].type);
        sheet_put(&sheet, i, NULL, 0);
        sheet_put(&sheet, i, &rows[i].value, rows[i].bytes);
        assert_ok(hw_buf_printf(&want, &err, "%s=%s/", rows[i].name, rows[i].want), err);
        assert_ok(hw_buf_printf(&nulls, &err, "%s=" HW_PARTITION_NULL "/", rows[i].name), err);
    }
    sheet_column(&sheet, "other", int_type);
    sheet_int(&sheet, COUNT_OF(rows), 1);
    sheet_int(&sheet, COUNT_OF(rows), 2);
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    assert_ok(hw_partitioning_init(&partitioning, &sheet.schema, names, COUNT_OF(rows), &arena, &err), err);
    assert_ok(hw_partition_finder_new(&partitioning, &finder, &err), err);
    assert_ok(hw_partition_find(finder, &batch, &numbers, &err), err);
    assert_ok(hw_buf_end_text(&want, &err), err);
    assert_ok(hw_buf_end_text(&nulls, &err), err);
    assert_string_equal(hw_partition_path(finder, 0), (const char *)nulls.data);
    assert_string_equal(hw_partition_path(finder, 1), (const char *)want.data);
    hw_partition_finder_free(finder);
    sheet_release(&sheet);
}

static void rows_find_their_partition(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t integer; /* 0: null */
        uint32_t want;
    } rows[] = {{"a", 1, 0}, {"a", 1, 0}, {"b", 1, 1},  {"a", 2, 2},  {"a", 1, 0}, {NULL, 1, 3},
                {"", 1, 4},  {"", 0, 5},  {NULL, 0, 6}, {NULL, 1, 3}, {"b", 1, 1}};
    static const char *const names[] = {"text", "integer"};
    struct sheet sheet = {0};
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) numbers = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_partitioning partitioning;
    struct hw_partition_finder *finder;
    sheet_column(&sheet, "integer", int_type);
    sheet_column(&sheet, "other", int_type);
    sheet_column(&sheet, "text", text_type);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        sheet_put(&sheet, 0, rows[i].integer ? &rows[i].integer : NULL, 8);
        sheet_int(&sheet, 1, (int64_t)i);
        sheet_text(&sheet, 2, rows[i].text);
    }
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    assert_ok(hw_partitioning_init(&partitioning, &sheet.schema, names, 2, &arena, &err), err);
    assert_int_equal(partitioning.rest.count, 1);
    assert_string_equal(partitioning.rest.fields[0].name, "other");
    assert_int_equal(partitioning.kept[0], 1);
    assert_ok(hw_partition_finder_new(&partitioning, &finder, &err), err);
    for (int round = 0; round < 2; round++) {
        hw_buf_clear(&numbers);
        assert_ok(hw_partition_find(finder, &batch, &numbers, &err), err);
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            assert_row_int("number", ((const uint32_t *)(const void *)numbers.data)[i], rows[i].want);
        }
        assert_int_equal(hw_partition_count(finder), 7);
        assert_string_equal(hw_partition_path(finder, 1), "text=b/integer=1/");
        assert_string_equal(hw_partition_path(finder, 6), "text=" HW_PARTITION_NULL "/integer=" HW_PARTITION_NULL "/");
        if (round == 0) {
            hw_partition_forget(finder);
            assert_int_equal(hw_partition_count(finder), 0);
        }
    }
    hw_partition_finder_free(finder);
    sheet_release(&sheet);
}

static void columns_are_there_or_named(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *columns[3];
        const char *says; /* "": it works */
    } rows[] = {
        {"one", {"day"}, ""},
        {"two", {"note", "day"}, ""},
        {"a neighbour", {"dya"}, "no column \"dya\" to make partitions by; did you mean \"day\"?"},
        {"nothing like it", {"xyzzy"}, "no column \"xyzzy\" to make partitions by"},
        {"case counts", {"Day"}, "did you mean \"day\"?"},
        {"none is left", {"note", "day", "id"}, "none is left for the files"},
    };
    struct hw_field fields[] = {{.name = "id"}, {.name = "day"}, {.name = "note"}};
    const struct hw_schema schema = {fields, COUNT_OF(fields)};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        HW_AUTO(hw_arena) arena = {0};
        struct hw_error err = HW_ERROR_INIT;
        struct hw_partitioning partitioning;
        size_t count = 0;
        while (count < COUNT_OF(rows[i].columns) && rows[i].columns[count]) {
            count++;
        }
        enum hw_status status = hw_partitioning_init(&partitioning, &schema, rows[i].columns, count, &arena, &err);
        assert_row_int(rows[i].name, status, rows[i].says[0] ? HW_EDATA : HW_OK);
        assert_row_says(rows[i].name, err.message, rows[i].says);
    }
}

static void types_follow_the_schema(void **state) {
    (void)state;
    static const char *const name = "day";
    struct hw_field fields[] = {{.name = "id", .type = int_type}, {.name = "day"}, {.name = "note", .type = int_type}};
    const struct hw_schema schema = {fields, COUNT_OF(fields)};
    HW_AUTO(hw_arena) arena = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_partitioning partitioning;
    assert_ok(hw_partitioning_init(&partitioning, &schema, &name, 1, &arena, &err), err);
    fields[2].type = text_type;
    hw_partitioning_types(&partitioning);
    assert_int_equal(partitioning.rest.fields[0].type.kind, HW_KIND_INT64);
    assert_int_equal(partitioning.rest.fields[1].type.kind, HW_KIND_TEXT);
}

static void so_many_partitions_and_no_more(void **state) {
    (void)state;
    static const char *const name = "k";
    static int64_t values[HW_PARTITIONS_MAX + 1];
    struct hw_field fields[] = {{.name = "k", .type = int_type}, {.name = "other", .type = int_type}};
    const struct hw_schema schema = {fields, COUNT_OF(fields)};
    const struct hw_column columns[] = {{.values = values}, {.values = values}};
    struct hw_batch batch = {&schema, HW_PARTITIONS_MAX, columns};
    HW_AUTO(hw_arena) arena = {0};
    HW_AUTO(hw_buf) numbers = {0};
    struct hw_error err = HW_ERROR_INIT;
    struct hw_partitioning partitioning;
    struct hw_partition_finder *finder;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        values[i] = (int64_t)i;
    }
    assert_ok(hw_partitioning_init(&partitioning, &schema, &name, 1, &arena, &err), err);
    assert_ok(hw_partition_finder_new(&partitioning, &finder, &err), err);
    assert_ok(hw_partition_find(finder, &batch, &numbers, &err), err);
    batch.rows++;
    assert_int_equal(hw_partition_find(finder, &batch, &numbers, &err), HW_ELIMIT);
    assert_row_says("message", err.message, "more than 100000 partitions: choose a column with fewer values");
    hw_partition_finder_free(finder);
}

static void want_of_memory_is_told(void **state) {
    (void)state;
    size_t successes = 0;
    for (bool failed = true; failed; successes++) {
        char got[512];
        struct alloc_fault fault;
        struct hw_error err = HW_ERROR_INIT;
        struct hw_field fields[] = {{.name = "k", .type = int_type}, {.name = "other", .type = int_type}};
        const struct hw_schema schema = {fields, COUNT_OF(fields)};
        const int64_t values[] = {1, 2, 1};
        const struct hw_column columns[] = {{.values = values}, {.values = values}};
        const struct hw_batch batch = {&schema, COUNT_OF(values), columns};
        const char *const name = "k";
        struct hw_partitioning partitioning;
        struct hw_partition_finder *finder = NULL;
        alloc_fault_begin(&fault, successes);
        {
            HW_AUTO(hw_arena) arena = {0};
            HW_AUTO(hw_buf) numbers = {0};
            enum hw_status status = hw_partitioning_init(&partitioning, &schema, &name, 1, &arena, &err);
            status = status == HW_OK ? hw_partition_finder_new(&partitioning, &finder, &err) : status;
            status = status == HW_OK ? hw_partition_find(finder, &batch, &numbers, &err) : status;
            assert_true(status == HW_OK || status == HW_ENOMEM);
            snprintf(got, sizeof(got), "%s", status == HW_OK ? hw_partition_path(finder, 1) : "");
            hw_partition_finder_free(finder);
        }
        failed = alloc_fault_end(&fault);
        assert_string_equal(got, failed ? "" : "k=2/");
    }
    assert_in_range(successes, 5, 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_hives),           cmocka_unit_test(values_are_as_in_csv),
        cmocka_unit_test(rows_find_their_partition), cmocka_unit_test(columns_are_there_or_named),
        cmocka_unit_test(types_follow_the_schema),   cmocka_unit_test(so_many_partitions_and_no_more),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("pipeline/partition", tests, NULL, NULL);
}
