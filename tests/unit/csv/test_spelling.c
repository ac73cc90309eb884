/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/spelling.h"

#include "core/limits.h"
#include "unit/csv/text.h"

enum { VALUES_MAX = 12 };

static const char *const yes[] = {"yes", "Y", "1"};
static const char *const no[] = {"no", "N", "0"};

static const struct hw_csv_spelling comma = {.decimal_comma = true};
static const struct hw_csv_spelling german = {.decimal_comma = true, .thousands = '.'};
static const struct hw_csv_spelling french = {.decimal_comma = true, .thousands = ' '};
static const struct hw_csv_spelling english = {.thousands = ','};
static const struct hw_csv_spelling swiss = {.thousands = '\''};
static const struct hw_csv_spelling words = {.true_values = {yes, 3}, .false_values = {no, 3}};
static const struct hw_csv_spelling european = {.date_format = "%d/%m/%Y", .timestamp_format = "%d/%m/%Y %H:%M"};
static const struct hw_csv_spelling european_days = {.date_format = "%d/%m/%Y"};
static const struct hw_csv_spelling american_times = {.timestamp_format = "%m/%d/%Y %I:%M %p"};
static const struct hw_csv_spelling swapped = {.date_format = "%Y-%d-%m"};
static const struct hw_csv_spelling only_yes = {.true_values = {yes, 3}};

static void numbers_by_rows(void **state) {
    static const struct {
        const struct hw_csv_spelling *spelling;
        const char *text;
        const char *want; /* NULL: it cannot be a number */
    } rows[] = {
        {&comma, "12,50", "12.50"},
        {&comma, "-0,5", "-0.5"},
        {&comma, ",5", ".5"},
        {&comma, "5,", "5."},
        {&comma, "1299", "1299"},
        {&comma, "1,5e3", "1.5e3"},
        {&comma, "inf", "inf"},
        {&comma, "12.50", NULL},
        {&comma, "1.299,99", NULL},
        {&comma, "1,2,3", NULL},
        {&comma, "1,2.3", NULL},
        {&german, "1.299,99", "1299.99"},
        {&german, "1.234.567,5", "1234567.5"},
        {&german, "-1.299", "-1299"},
        {&german, "1299,99", "1299.99"},
        {&german, "12,50", "12.50"},
        {&german, "1.5", NULL},
        {&german, "1.29", NULL},
        {&german, "1.2999", NULL},
        {&german, "1299.999", NULL},
        {&german, "1.234.56", NULL},
        {&german, ".299", NULL},
        {&german, "1..299", NULL},
        {&german, "1.299.", NULL},
        {&german, "1,299.000", NULL},
        {&french, "1 299,99", "1299.99"},
        {&french, "1 299 ", NULL},
        {&french, " 299", NULL},
        {&english, "1,299.99", "1299.99"},
        {&english, "1,299", "1299"},
        {&english, "12,50", NULL},
        {&english, "1.299,5", NULL},
        {&swiss, "1'299.99", "1299.99"},
        {&words, "1,5", "1,5"},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char spelled[HW_CSV_SPELLED_BYTES];
        hw_view value;
        hw_view text = text_put(&room, hw_view_of(rows[i].text), 0, '9');
        static const enum hw_kind kinds[] = {HW_KIND_INT64, HW_KIND_DOUBLE, HW_KIND_DECIMAL};
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            bool got = hw_csv_spelling_read(rows[i].spelling, kinds[k], text, spelled, &value);
            assert_row_int(rows[i].text, got, rows[i].want != NULL);
            if (got) {
                assert_row_bytes(rows[i].text, value.data, value.size, rows[i].want, strlen(rows[i].want));
            }
        }
        assert_true(hw_csv_spelling_read(rows[i].spelling, HW_KIND_DATE, text, spelled, &value));
        assert_row_bytes(rows[i].text, value.data, value.size, text.data, text.size);
    }
    text_room_release(&room);
}

static void long_numbers_end_at_1000_bytes(void **state) {
    (void)state;
    char text[1001 + HW_BATCH_PADDING] = {0};
    char spelled[HW_CSV_SPELLED_BYTES];
    hw_view value;
    memset(text, '7', 1001);
    assert_true(hw_csv_spelling_read(&comma, HW_KIND_DOUBLE, (hw_view){text, 1000}, spelled, &value));
    assert_int_equal(value.size, 1000);
    assert_false(hw_csv_spelling_read(&comma, HW_KIND_DOUBLE, (hw_view){text, 1001}, spelled, &value));
}

static void words_by_rows(void **state) {
    static const struct {
        const struct hw_csv_spelling *spelling;
        const char *text;
        const char *want; /* NULL: it is neither */
    } rows[] = {
        {&words, "yes", "true"},       {&words, "Y", "true"},    {&words, "1", "true"},      {&words, "no", "false"},
        {&words, "0", "false"},        {&words, "TRUE", "true"}, {&words, "False", "false"}, {&words, "y", NULL},
        {&words, "YES", NULL},         {&words, "2", NULL},      {&words, "01", NULL},       {&only_yes, "yes", "true"},
        {&only_yes, "false", "false"}, {&only_yes, "no", NULL},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char spelled[HW_CSV_SPELLED_BYTES];
        hw_view value;
        hw_view text = text_put(&room, hw_view_of(rows[i].text), 0, 'e');
        bool got = hw_csv_spelling_read(rows[i].spelling, HW_KIND_BOOL, text, spelled, &value);
        assert_row_int(rows[i].text, got, rows[i].want != NULL);
        if (got) {
            assert_row_bytes(rows[i].text, value.data, value.size, rows[i].want, strlen(rows[i].want));
        }
    }
    text_room_release(&room);
}

/* Values, '|' between them, and the type of a column that has them. */
static void types_by_rows(void **state) {
    static const struct {
        const struct hw_csv_spelling *spelling;
        const char *values;
        const char *want;
    } rows[] = {
        {&german, "1.299,99|12,50", "double"},
        {&german, "1.299|12", "int64"},
        {&german, "1.299|12,5", "double"},
        {&german, "12345678901234567,89", "decimal(19,2)"},
        {&german, "1.5|2", "text"},
        {&german, "2.50|1,5", "text"},
        {&german, "2024-01-01 00:00:00.5", "timestamp(us)"},
        {&german, "2024-01-01", "date"},
        {&german, "true", "boolean"},
        {&comma, "1,5|2.5", "text"},
        {&comma, "1,5|inf", "double"},
        {&comma, "1.299", "text"},
        {&english, "1,299|5", "int64"},
        {&english, "1,299.50|5", "double"},
        {&english, "1,29|5", "text"},
        {&english, "0,123", "text"},
        {&words, "yes|no", "boolean"},
        {&words, "1|0|1", "boolean"},
        {&words, "1|0|2", "int64"},
        {&words, "2|1", "int64"},
        {&words, "1|0|0.5", "double"},
        {&words, "yes|no|maybe", "text"},
        {&words, "yes|1|2", "text"},
        {&words, "true|yes", "boolean"},
        {&words, "true|FALSE", "boolean"},
        {&words, "5|7", "int64"},
        {&words, "2024-01-01", "date"},
        {&european, "31/12/2024|01/02/2024", "date"},
        {&european, "31/12/2024 10:30|01/02/2024 23:59", "timestamp(us)"},
        {&european, "31/12/2024 10:30|01/02/2024", "timestamp(us)"},
        {&european, "31/02/2024", "text"},
        {&european, "12/31/2024", "text"},
        {&european, "2024-12-31", "text"},
        {&european, "2024-12-31 10:00:00", "text"},
        {&european, "1|2.5", "double"},
        {&european_days, "31/12/2024|2024-12-31 10:00:00", "timestamp(us)"},
        {&european_days, "2024-12-31 10:00:00", "timestamp(us)"},
        {&european_days, "2024-12-31", "text"},
        {&american_times, "12/31/2024 1:05 PM", "timestamp(us)"},
        {&american_times, "12/31/2024 1:05 PM|2024-12-31", "timestamp(us)"},
        {&american_times, "12/31/2024 1:05 PM|2024-12-31 00:00:00", "text"},
        {&swapped, "2024-05-13", "text"},
        {&swapped, "2024-13-05", "date"},
        {&only_yes, "yes|yes", "boolean"},
        {&only_yes, "yes|no", "text"},
        {&only_yes, "yes|false", "boolean"},
    };
    (void)state;
    struct text_room room = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_csv_profile whole = HW_CSV_PROFILE_INIT;
        struct hw_csv_profile merged = HW_CSV_PROFILE_INIT;
        char got[64];
        for (const char *at = rows[i].values; *at != '\0';) {
            struct hw_csv_profile one = HW_CSV_PROFILE_INIT;
            size_t size = strcspn(at, "|");
            hw_view text = text_put(&room, (hw_view){at, size}, 0, '9');
            hw_csv_spelling_observe(rows[i].spelling, text, &whole);
            hw_csv_spelling_observe(rows[i].spelling, text, &one);
            hw_csv_profile_merge(&merged, &one);
            at += size + (at[size] == '|' ? 1 : 0);
        }
        hw_type_format(hw_csv_profile_type(&whole, HW_CSV_DECIMALS_EXACT), got, sizeof(got));
        assert_row_text(rows[i].values, got, rows[i].want);
        hw_type_format(hw_csv_profile_type(&merged, HW_CSV_DECIMALS_EXACT), got, sizeof(got));
        assert_row_text(rows[i].values, got, rows[i].want);
    }
    text_room_release(&room);
}

static void checks_by_rows(void **state) {
    static const char *const both[] = {"no"};
    static const struct {
        const char *name;
        struct hw_csv_options options;
        bool typed;
        enum hw_status want;
        const char *says;
    } rows[] = {
        {"nothing", {0}, false, HW_OK, ""},
        {"all of them",
         {.decimal_comma = true,
          .thousands = '.',
          .true_values = yes,
          .true_values_count = 3,
          .false_values = no,
          .false_values_count = 3,
          .date_format = "%d.%m.%Y",
          .timestamp_format = "%d.%m.%Y %H:%M"},
         false,
         HW_OK,
         ""},
        {"a word twice",
         {.true_values = both, .true_values_count = 1, .false_values = no, .false_values_count = 3},
         false,
         HW_EUSAGE,
         "\"no\" is a word for both true and false"},
        {"too many words",
         {.true_values = yes, .true_values_count = HW_CSV_WORDS_MAX + 1},
         false,
         HW_ELIMIT,
         "at most 1000"},
        {"a comma twice", {.decimal_comma = true, .thousands = ','}, false, HW_EUSAGE, "which is the point of numbers"},
        {"a point twice", {.thousands = '.'}, false, HW_EUSAGE, "which is the point of numbers"},
        {"a digit", {.thousands = '5'}, false, HW_EUSAGE, "expected a comma"},
        {"a minus", {.thousands = '-'}, false, HW_EUSAGE, "expected a comma"},
        {"a date with a clock", {.date_format = "%d.%m.%Y %H"}, true, HW_EUSAGE, "which is no part of a date"},
        {"a timestamp without one", {.timestamp_format = "%d.%m.%Y"}, true, HW_EUSAGE, "has no hour"},
        {"a date that is a number", {.date_format = "%Y%m%d"}, false, HW_EUSAGE, "numbers could be of the format"},
        {"a date that is a number, where types are given", {.date_format = "%Y%m%d"}, true, HW_OK, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        const struct hw_csv_spelling spelling = hw_csv_spelling_of(&rows[i].options);
        assert_row_int(rows[i].name, hw_csv_spelling_check(&spelling, rows[i].typed, &err), rows[i].want);
        assert_row_says(rows[i].name, err.message, rows[i].says);
        assert_row_int(rows[i].name, hw_csv_spelling_is_common(&spelling), i == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_by_rows), cmocka_unit_test(long_numbers_end_at_1000_bytes),
        cmocka_unit_test(words_by_rows),   cmocka_unit_test(types_by_rows),
        cmocka_unit_test(checks_by_rows),
    };
    return cmocka_run_group_tests_name("csv/spelling", tests, NULL, NULL);
}
