/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/records.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/rows.h"
#include "unit/csv/sheet.h"

/* The records of the whole sheet, as many calls as it takes. */
static void records_all(const struct hw_csv_format *format, const struct hw_batch *batch, struct hw_buf *out) {
    struct hw_error err = HW_ERROR_INIT;
    size_t rows = 0;
    for (size_t row = 0; row < batch->rows; row += rows) {
        assert_ok(hw_csv_records_append(format, batch, row, out, &rows, &err), err);
        assert_true(rows > 0 && rows <= batch->rows - row);
    }
}

/*
 * Texts as the first of two columns, the other one empty: "<field>,\n". Padding is of quotes: none
 * may count.
 */
static void expect_field(const char *name, struct hw_csv_format how, const char *text, size_t size, const char *want) {
    struct sheet sheet = {0};
    struct hw_csv_format format;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) got = {0};
    size_t column = sheet_column(&sheet, "t", (struct hw_type){.kind = HW_KIND_TEXT});
    sheet_put(&sheet, sheet_column(&sheet, "n", (struct hw_type){.kind = HW_KIND_INT64}), NULL, 0);
    sheet_put(&sheet, column, text, size);
    struct hw_batch batch = sheet_batch(&sheet, '"');

    assert_ok(hw_csv_format_init(&format, &sheet.schema, how.delimiter ? how.delimiter : ',', &err), err);
    format.formula_guard = how.formula_guard;
    records_all(&format, &batch, &got);
    size_t size_got = got.size;
    /* The same where nothing behind the text may be read, and there are slots before the row. */
    HW_AUTO(hw_buf) again = {0};
    const size_t bytes = text ? size : 0;
    char *alone = malloc(bytes > 0 ? bytes : 1);
    memcpy(alone, text ? text : "", bytes);
    const int32_t offsets[] = {-1, -1, -1, 0, (int32_t)bytes};
    struct hw_column columns[2] = {batch.columns[0], batch.columns[1]};
    columns[column] = (struct hw_column){.null_count = text == NULL,
                                         .validity = text ? NULL : (const uint8_t *)"",
                                         .offsets = offsets,
                                         .data = alone,
                                         .offset = 3,
                                         .exact = true};
    batch.columns = columns;
    records_all(&format, &batch, &again);
    free(alone);
    assert_row_bytes(name, again.data, again.size, got.data, got.size);
    assert_true(size_got >= 2 && got.data[size_got - 1] == '\n' && got.data[size_got - 2] == (uint8_t)format.delimiter);
    assert_row_bytes(name, got.data, size_got - 2, want, strlen(want));
    sheet_release(&sheet);
}

static void texts_are_quoted_where_needed(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *want;
    } rows[] = {
        {"plain", "abc", "abc"},
        {"a null is nothing", NULL, ""},
        {"an empty text is quoted", "", "\"\""},
        {"the delimiter", "a,b", "\"a,b\""},
        {"the delimiter first", ",", "\",\""},
        {"the delimiter as the ninth byte", "12345678,", "\"12345678,\""},
        {"other delimiters", "a;b\tc|d", "a;b\tc|d"},
        {"a quote alone", "\"", "\"\"\"\""},
        {"a quote inside", "say \"hi\"!", "\"say \"\"hi\"\"!\""},
        {"quotes all over", "\"\"\"", "\"\"\"\"\"\"\"\""},
        {"an apostrophe", "it's", "it's"},
        {"LF", "a\nb", "\"a\nb\""},
        {"CR", "a\rb", "\"a\rb\""},
        {"CRLF at the end", "a\r\n", "\"a\r\n\""},
        {"a space first", " a", "\" a\""},
        {"a space last", "a ", "\"a \""},
        {"nothing but a space", " ", "\" \""},
        {"a space inside", "a b", "a b"},
        {"a tab first", "\ta", "\ta"},
        {"a number", "-007", "-007"},
        {"a formula without the guard", "=1+1", "=1+1"},
        {"UTF-8", "Ünï 日本語 🙂", "Ünï 日本語 🙂"},
        {"bytes that differ from special ones in one bit", "\xac\xa2\x8a\x8d-#\x0b\x0c", "\xac\xa2\x8a\x8d-#\x0b\x0c"},
        {"32 bytes", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"},
        {"33 bytes", "0123456789abcdef0123456789abcdefg", "0123456789abcdef0123456789abcdefg"},
        {"33 bytes and a quote last", "0123456789abcdef0123456789abcdef\"", "\"0123456789abcdef0123456789abcdef\"\"\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t size = rows[i].text ? strlen(rows[i].text) : 0;
        expect_field(rows[i].name, (struct hw_csv_format){0}, rows[i].text, size, rows[i].want);
    }
    /* A special byte at every place of texts of every size, and none. */
    for (size_t size = 1; size <= 40; size++) {
        char text[64];
        char want[64];
        memset(text, 'x', sizeof(text));
        snprintf(want, sizeof(want), "%.*s", (int)size, text);
        expect_field("no special byte", (struct hw_csv_format){0}, text, size, want);
        for (size_t at = 0; at < size; at++) {
            text[at] = ',';
            snprintf(want, sizeof(want), "\"%.*s\"", (int)size, text);
            expect_field("a delimiter somewhere", (struct hw_csv_format){0}, text, size, want);
            text[at] = 'x';
        }
    }
}

static void a_nul_is_a_byte_like_any(void **state) {
    (void)state;
    struct sheet sheet = {0};
    struct hw_csv_format format;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) got = {0};
    size_t column = sheet_column(&sheet, "t", (struct hw_type){.kind = HW_KIND_TEXT});
    sheet_put(&sheet, column, "a\0b", 3);
    sheet_put(&sheet, column, "\0,", 2);
    struct hw_batch batch = sheet_batch(&sheet, '"');
    assert_ok(hw_csv_format_init(&format, &sheet.schema, ',', &err), err);
    records_all(&format, &batch, &got);
    assert_row_bytes("records", got.data, got.size, "a\0b\n\"\0,\"\n", 9);
    sheet_release(&sheet);
}

static void another_delimiter_changes_what_is_quoted(void **state) {
    (void)state;
    static const struct {
        char delimiter;
        const char *text;
        const char *want;
    } rows[] = {
        {';', "a,b", "a,b"}, {';', "a;b", "\"a;b\""}, {'\t', "a\tb", "\"a\tb\""},
        {'|', "|", "\"|\""}, {' ', "a b", "\"a b\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_format how = {.delimiter = rows[i].delimiter};
        expect_field(rows[i].text, how, rows[i].text, strlen(rows[i].text), rows[i].want);
    }
}

static void the_guard_marks_formulas(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"=1+1", "'=1+1"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@sum", "'@sum"},
        {"\tx", "'\tx"},
        {"\rx", "\"'\rx\""},
        {"=a,b", "\"'=a,b\""},
        {"=\"x\"", "\"'=\"\"x\"\"\""},
        {"", "\"\""},
        {"a=1", "a=1"},
        {"'=1", "'=1"},
        {" =1", "\" =1\""},
        {"0", "0"},
        {"= ", "\"'= \""},
        {"=0123456789abcdef0123456789abcde", "'=0123456789abcdef0123456789abcde"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_format how = {.formula_guard = true};
        expect_field(rows[i].text, how, rows[i].text, strlen(rows[i].text), rows[i].want);
    }
}

static void every_kind_has_its_text(void **state) {
    (void)state;
    static const uint8_t uuid[16] = {0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3,
                                     0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0xf0};
    struct sheet sheet = {0};
    struct hw_csv_format format;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) got = {0};
    const bool yes = true;
    const int64_t integer = -42;
    const double real = -0.5;
    const __int128 money = -1999;
    const int32_t day = 19782;
    const int64_t micros = 1500000;
    const int64_t nanos = 1;
    const struct {
        const char *name;
        struct hw_type type;
        const void *value;
        size_t bytes;
    } columns[] = {
        {"nothing", {.kind = HW_KIND_NULL}, NULL, 0},
        {"bool", {.kind = HW_KIND_BOOL}, &yes, 0},
        {"int64", {.kind = HW_KIND_INT64}, &integer, 0},
        {"double", {.kind = HW_KIND_DOUBLE}, &real, 0},
        {"decimal", {.kind = HW_KIND_DECIMAL, .precision = 12, .scale = 2}, &money, 0},
        {"date", {.kind = HW_KIND_DATE}, &day, 0},
        {"us", {.kind = HW_KIND_TIMESTAMP}, &micros, 0},
        {"us, UTC", {.kind = HW_KIND_TIMESTAMP, .utc = true}, &micros, 0},
        {"ns", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, &nanos, 0},
        {"ns, UTC", {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS, .utc = true}, &nanos, 0},
        {"text", {.kind = HW_KIND_TEXT}, "a,b", 3},
        {"uuid", {.kind = HW_KIND_UUID}, uuid, 0},
    };
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        size_t column = sheet_column(&sheet, columns[i].name, columns[i].type);
        sheet_put(&sheet, column, columns[i].value, columns[i].bytes);
        sheet_put(&sheet, column, NULL, 0);
    }
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    assert_ok(hw_csv_format_init(&format, &sheet.schema, ',', &err), err);
    format.crlf = true;
    assert_ok(hw_csv_header_append(&format, &got, &err), err);
    records_all(&format, &batch, &got);
    static const char want[] =
        "nothing,bool,int64,double,decimal,date,us,\"us, UTC\",ns,\"ns, UTC\",text,uuid\r\n"
        ",true,-42,-0.5,-19.99,2024-02-29,1970-01-01T00:00:01.500000,1970-01-01T00:00:01.500000Z,"
        "1970-01-01T00:00:00.000000001,1970-01-01T00:00:00.000000001Z,\"a,b\",123e4567-e89b-12d3-a456-4266141740f0\r\n"
        ",,,,,,,,,,,\r\n";
    assert_row_bytes("records", got.data, got.size, want, sizeof(want) - 1);
    sheet_release(&sheet);
}

static void one_column_is_wary(void **state) {
    (void)state;
    static const char *const texts[] = {"a", NULL, "", "a;b", "a\tb", "a|b", "a b"};
    struct sheet sheet = {0};
    struct hw_csv_format format;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) got = {0};
    size_t column = sheet_column(&sheet, "t", (struct hw_type){.kind = HW_KIND_TEXT});
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        sheet_text(&sheet, column, texts[i]);
    }
    struct hw_batch batch = sheet_batch(&sheet, '|');
    assert_ok(hw_csv_format_init(&format, &sheet.schema, ',', &err), err);
    records_all(&format, &batch, &got);
    static const char want[] = "a\n\n\"\"\n\"a;b\"\n\"a\tb\"\n\"a|b\"\na b\n";
    assert_row_bytes("records", got.data, got.size, want, sizeof(want) - 1);
    sheet_release(&sheet);
}

static void names_are_quoted_where_needed(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *names[3];
        bool guard;
        const char *want;
    } rows[] = {
        {"plain", {"a", "b c"}, false, "a,b c\n"},
        {"one", {"a"}, false, "a\n"},
        {"special", {"a,b", "say \"hi\"", "x\ny"}, false, "\"a,b\",\"say \"\"hi\"\"\",\"x\ny\"\n"},
        {"other delimiters", {"a;b", "a\tb", "a|b"}, false, "\"a;b\",\"a\tb\",\"a|b\"\n"},
        {"spaces", {" a", "b "}, false, "\" a\",\"b \"\n"},
        {"empty", {""}, false, "\"\"\n"},
        {"a byte order mark", {"\xef\xbb\xbfx", "y"}, false, "\"\xef\xbb\xbfx\",y\n"},
        {"formulas", {"=a", "b"}, false, "=a,b\n"},
        {"formulas, guarded", {"=a", "-b,c"}, true, "'=a,\"'-b,c\"\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sheet sheet = {0};
        struct hw_csv_format format;
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_buf) got = {0};
        for (size_t n = 0; n < COUNT_OF(rows[i].names) && rows[i].names[n]; n++) {
            sheet_column(&sheet, rows[i].names[n], (struct hw_type){.kind = HW_KIND_INT64});
        }
        sheet.schema.fields = sheet.fields;
        assert_ok(hw_csv_format_init(&format, &sheet.schema, ',', &err), err);
        format.formula_guard = rows[i].guard;
        assert_ok(hw_csv_header_append(&format, &got, &err), err);
        assert_row_bytes(rows[i].name, got.data, got.size, rows[i].want, strlen(rows[i].want));
    }
}

static void delimiters_are_checked(void **state) {
    (void)state;
    static const char usable[] = ",;\t| #~^&/%_";
    static const char unusable[] = "\n\r\"aZ09+-.:'\x01\x7f\xc3";
    struct hw_field field = {.name = "a", .type = {.kind = HW_KIND_INT64}};
    const struct hw_schema schema = {&field, 1};
    const struct hw_schema nothing = {&field, 0};
    struct hw_csv_format format;
    struct hw_error err = HW_ERROR_INIT;
    for (size_t i = 0; usable[i]; i++) {
        assert_row_int(usable + i, hw_csv_format_init(&format, &schema, usable[i], &err), HW_OK);
    }
    for (size_t i = 0; i < sizeof(unusable); i++) { /* NUL too */
        err = (struct hw_error)HW_ERROR_INIT;
        assert_row_int(unusable + i, hw_csv_format_init(&format, &schema, unusable[i], &err), HW_EUSAGE);
        assert_row_says(unusable + i, err.message, "cannot separate fields");
    }
    assert_int_equal(hw_csv_format_init(&format, &nothing, ',', &err), HW_ELIMIT);
    assert_row_says("no columns", err.message, "a table of 0 columns cannot be written as CSV");
}

/* Text of any kind is table/value_text.h's; here it becomes a field. */
static void values_of_any_kind_are_fields(void **state) {
    (void)state;
    static const int32_t offsets[] = {0, 2, 2};
    static const int8_t numbers[] = {1, 2};
    static const uint8_t valid[] = {0x01};
    static const int8_t indices[] = {1, 0};
    static const struct hw_field number = {.name = "element", .type = {.kind = HW_KIND_INT8}};
    static const struct hw_field word = {.name = "", .type = {.kind = HW_KIND_TEXT}};
    static struct hw_field fields[] = {
        {.name = "n", .type = {.kind = HW_KIND_INT8}},
        {.name = "l", .type = {.kind = HW_KIND_LIST}, .children = &number, .children_count = 1},
        {.name = "b", .type = {.kind = HW_KIND_BINARY}},
        {.name = "d", .type = {.kind = HW_KIND_DICTIONARY, .index = HW_KIND_INT8}, .dictionary = &word},
        {.name = "t", .type = {.kind = HW_KIND_LARGE_TEXT}},
    };
    static const int64_t large_offsets[] = {0, 2, 4};
    const struct hw_schema schema = {fields, COUNT_OF(fields)};
    const struct hw_column child = {.values = numbers, .length = 2, .exact = true};
    const struct hw_column dictionary = {.offsets = offsets, .data = "=a", .length = 2, .exact = true};
    const struct hw_column columns[] = {
        {.values = numbers, .null_count = 1, .validity = valid, .exact = true},
        {.offsets = offsets, .children = &child, .exact = true},
        {.offsets = offsets, .data = "\xfb\xf0", .exact = true},
        {.values = indices, .dictionary = &dictionary, .exact = true},
        {.large_offsets = large_offsets, .data = "=x a", .exact = true},
    };
    const struct hw_batch batch = {&schema, 2, columns, NULL};
    struct hw_csv_format format;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) got = {0};
    size_t rows = 0;
    assert_ok(hw_csv_format_init(&format, &schema, ',', &err), err);
    format.formula_guard = true;
    format.crlf = true;
    assert_ok(hw_csv_records_append(&format, &batch, 0, &got, &rows, &err), err);
    static const char want[] = "1,\"[1,2]\",+/A=,\"\",'=x\r\n,[],\"\",'=a,\" a\"\r\n";
    assert_int_equal(rows, 2);
    assert_row_bytes("records", got.data, got.size, want, sizeof(want) - 1);

    format.binary = HW_BINARY_UTF8;
    assert_int_equal(hw_csv_records_append(&format, &batch, 0, &got, &rows, &err), HW_EDATA);
    assert_string_equal(err.column, "b");
    assert_int_equal(got.size, sizeof(want) - 1);
}

/* Chunks end where there is enough: large texts one by one, small rows by the hundred. */
static void chunks_have_bounds(void **state) {
    (void)state;
    enum { LARGE = 100000, MANY = 2000 };
    struct sheet sheet = {0};
    struct hw_csv_format format;
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_buf) got = {0};
    size_t rows;
    char *large = malloc(LARGE);
    memset(large, '"', LARGE);
    size_t column = sheet_column(&sheet, "t", (struct hw_type){.kind = HW_KIND_TEXT});
    for (size_t i = 0; i < MANY; i++) {
        sheet_put(&sheet, column, large, i < 2 ? LARGE : 1);
    }
    struct hw_batch batch = sheet_batch(&sheet, 'x');
    assert_ok(hw_csv_format_init(&format, &sheet.schema, ',', &err), err);
    assert_ok(hw_csv_records_append(&format, &batch, 0, &got, &rows, &err), err);
    assert_int_equal(rows, 1);
    assert_int_equal(got.size, 2 * LARGE + 3);
    assert_ok(hw_csv_records_append(&format, &batch, 2, &got, &rows, &err), err);
    assert_true(rows >= 100 && rows < MANY - 2);
    assert_int_equal(got.size, 2 * LARGE + 3 + 5 * rows);

    struct hw_buf small = {.limit = LARGE};
    assert_int_equal(hw_csv_records_append(&format, &batch, 0, &small, &rows, &err), HW_ELIMIT);
    assert_int_equal(small.size, 0);
    hw_buf_release(&small);
    sheet_release(&sheet);
    free(large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_quoted_where_needed),
        cmocka_unit_test(a_nul_is_a_byte_like_any),
        cmocka_unit_test(another_delimiter_changes_what_is_quoted),
        cmocka_unit_test(the_guard_marks_formulas),
        cmocka_unit_test(every_kind_has_its_text),
        cmocka_unit_test(one_column_is_wary),
        cmocka_unit_test(names_are_quoted_where_needed),
        cmocka_unit_test(delimiters_are_checked),
        cmocka_unit_test(values_of_any_kind_are_fields),
        cmocka_unit_test(chunks_have_bounds),
    };
    return cmocka_run_group_tests_name("csv/records", tests, NULL, NULL);
}
