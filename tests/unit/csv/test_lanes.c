/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight fields at once against the ways of one field, whose own rules test_number.c and
 * test_datetime.c have.
 */
#include "csv/lanes.h"

#include <stdio.h>

#include "csv/datetime.h"
#include "csv/scan.h"
#include "support/rows.h"

enum { ROWS_MAX = 67, FIELD_BYTES = 32, TURNS = 3000 };

/* One column of a sheet that has others on both sides of it, or is the first. */
struct sheet {
    char text[HW_CSV_BLOCK_MARGIN + ROWS_MAX * (FIELD_BYTES + 8) + HW_CSV_BLOCK_MARGIN];
    uint32_t ends[ROWS_MAX * 3];
    uint32_t starts[ROWS_MAX];
    char fields[ROWS_MAX][FIELD_BYTES];
    size_t rows;
};

static void sheet_write(struct sheet *sheet, size_t columns, size_t column) {
    char *text = sheet->text + HW_CSV_BLOCK_MARGIN;
    size_t at = 0;
    /* what stands around a field looks like part of it */
    memset(sheet->text, '7', sizeof(sheet->text));
    for (size_t row = 0; row < sheet->rows; row++) {
        sheet->starts[row] = (uint32_t)at;
        for (size_t i = 0; i < columns; i++) {
            const char *field = i == column ? sheet->fields[row] : "8.5";
            size_t size = strlen(field);
            memcpy(text + at, field, size);
            at += size;
            sheet->ends[row * columns + i] = (uint32_t)at;
            text[at++] = i + 1 < columns ? ',' : '\n';
        }
    }
}

/* The way of one field; what it raises `digits` to is what the lanes must raise it to. */
static bool field_parse(struct hw_type type, const char *text, size_t size, void *slot, struct hw_digits *digits) {
    struct hw_timestamp timestamp = {0};
    switch (type.kind) {
    case HW_KIND_INT64:
        return hw_parse_int64(text, size, slot);
    case HW_KIND_DOUBLE:
        return hw_parse_double(text, size, slot, digits);
    case HW_KIND_DATE:
        return hw_parse_date(text, size, slot);
    default:
        if (!hw_parse_timestamp(text, size, &timestamp) || timestamp.zoned != type.utc) {
            return false;
        }
        memcpy(slot, &timestamp.micros, sizeof(timestamp.micros));
        return true;
    }
}

/* Returns how many of the rows were left. */
static size_t ways_agree(const struct sheet *sheet, struct hw_type type, size_t columns, size_t column) {
    static uint8_t values[(ROWS_MAX + HW_LANES) * 8];
    const size_t width = type.kind == HW_KIND_DATE ? 4 : 8;
    struct hw_digits digits = {0};
    size_t left_count = 0;
    struct hw_lanes lanes = {
        .data = sheet->text + HW_CSV_BLOCK_MARGIN,
        .ends = sheet->ends + column,
        .starts = column == 0 ? sheet->starts : NULL,
        .stride = columns,
        .rows = sheet->rows,
    };
    memset(values, 0xa5, sizeof(values));
    for (size_t row = 0; row < sheet->rows;) {
        uint8_t left = 0;
        size_t from = row;
        row = hw_lanes_for(type)(&lanes, row, values, &left);
        assert_true(row > from && (row % HW_LANES == 0 || row == sheet->rows));
        size_t last_eight = (row - 1) / HW_LANES * HW_LANES;
        assert_true(left != 0 || row == sheet->rows);
        for (size_t i = from; i < row; i++) {
            const char *text = lanes.data + (column == 0 ? sheet->starts[i] : (lanes.ends + i * columns)[-1] + 1);
            uint8_t want[8] = {0};
            if (i >= last_eight && (left >> (i - last_eight) & 1) != 0) {
                left_count++;
                continue;
            }
            assert_row_int(sheet->fields[i], field_parse(type, text, strlen(sheet->fields[i]), want, &digits), true);
            assert_row_bytes(sheet->fields[i], values + i * width, width, want, width);
        }
        assert_int_equal(row == sheet->rows ? left >> ((row - 1) % HW_LANES + 1) : 0, 0);
    }
    assert_int_equal(lanes.digits.before, digits.before);
    assert_int_equal(lanes.digits.after, digits.after);
    for (size_t i = sheet->rows * width; i < sizeof(values); i++) {
        assert_int_equal(values[i], 0xa5); /* nothing is written behind the last row */
    }
    return left_count;
}

static uint64_t random_next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static void make_int(char *out, uint64_t *random) {
    int digits = 1 + (int)(random_next(random) % 16);
    uint64_t value = (random_next(random) << 31 | random_next(random)) % UINT64_C(10000000000000000);
    while (digits-- < 15 && value > 9) {
        value /= 10;
    }
    snprintf(out, FIELD_BYTES, "%s%" PRIu64, value > 0 && value < 1000000000000000 && value % 3 == 0 ? "-" : "", value);
}

static void make_double(char *out, uint64_t *random) {
    int before = (int)(random_next(random) % 8);
    int after = (int)(random_next(random) % 7);
    uint64_t value = random_next(random) % 10000000;
    for (int i = before; i < 7; i++) {
        value /= 10;
    }
    int size = snprintf(out, FIELD_BYTES, "%s%" PRIu64, random_next(random) % 4 == 0 ? "-" : "", value);
    if (after > 0) {
        snprintf(out + size, (size_t)(FIELD_BYTES - size), ".%0*" PRIu64, after, random_next(random) % 10);
    }
}

static int date_print(char *out, uint64_t *random) {
    return snprintf(out, FIELD_BYTES, "%04d-%02d-%02d", 1 + (int)(random_next(random) % 9999),
                    1 + (int)(random_next(random) % 12), 1 + (int)(random_next(random) % 28));
}

static void make_date(char *out, uint64_t *random) {
    date_print(out, random);
}

static int clock_print(char *out, char separator, uint64_t *random) {
    int size = date_print(out, random);
    return size + snprintf(out + size, (size_t)(FIELD_BYTES - size), "%c%02d:%02d:%02d", separator,
                           (int)(random_next(random) % 24), (int)(random_next(random) % 60),
                           (int)(random_next(random) % 60));
}

static void make_local(char *out, uint64_t *random) {
    clock_print(out, random_next(random) % 2 ? 'T' : ' ', random);
}

static void make_utc(char *out, uint64_t *random) {
    int size = clock_print(out, 'T', random);
    snprintf(out + size, (size_t)(FIELD_BYTES - size), "Z");
}

static const struct {
    const char *name;
    struct hw_type type;
    void (*make)(char *out, uint64_t *random); /* a common form */
    const char *edges[40];
} kinds[] = {
    {"int64",
     {.kind = HW_KIND_INT64},
     make_int,
     {"0",
      "-0",
      "-",
      "00",
      "01",
      "-01",
      "-5",
      "7",
      "12345678",
      "123456789",
      "-12345678",
      "-1234567",
      "1234567890123456",
      "-123456789012345",
      "-1234567890123456",
      "12345678901234567",
      "9223372036854775807",
      "-9223372036854775808",
      "9223372036854775808",
      "1.0",
      "1e5",
      "+1",
      " 1",
      "1 ",
      "",
      "\"1\"",
      "12a45678",
      "1234567:",
      "1234567/",
      "/1234567",
      "12345678:2345678",
      "--1",
      "1-",
      "0000000000000000"}},
    {"double",
     {.kind = HW_KIND_DOUBLE},
     make_double,
     {"0",
      "-0",
      "-0.0",
      ".",
      "-.",
      "-",
      ".5",
      "-.5",
      "5.",
      "-5.",
      "00.5",
      "0.5",
      "-0.5",
      "01",
      "1..2",
      "1.2.3",
      "1.",
      "12345678.",
      ".1234567",
      ".12345678",
      "1234567.8",
      "12345678.9",
      "-1234567.8",
      "-12345678.9",
      "123456789012345",
      "1234567890123456",
      "12345678901234.5",
      "1.23456789012345",
      "0.00000000000001",
      "1e5",
      "inf",
      "nan",
      "",
      "\"1.5\"",
      "1 .5",
      "1,5",
      "1234567.a",
      ".123456789012345",
      "999999999999999.",
      "0.10"}},
    {"date",
     {.kind = HW_KIND_DATE},
     make_date,
     {"2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2400-02-29", "2100-02-28",  "2100-02-29",
      "0000-01-01", "0001-01-01", "0004-02-29", "0100-02-29", "9999-12-31", "1970-01-01",  "1969-12-31",
      "2024-00-10", "2024-13-10", "2024-16-10", "2024-18-10", "2024-99-10", "2024-01-00",  "2024-01-32",
      "2024-04-31", "2024-12-31", "2024-1-01",  "2024-01-1",  "2024/01/01", "2024-01-01 ", "a024-01-01",
      "2024-01-0a", "2024-0b-01", "20:4-01-01", "",           "2024-03-01", "2023-03-01",  "\"2024-01-01\""}},
    {"local",
     {.kind = HW_KIND_TIMESTAMP},
     make_local,
     {"2024-02-29 00:00:00",
      "2024-02-29T23:59:59",
      "2024-02-29 24:00:00",
      "2024-02-29 23:60:00",
      "2024-02-29 23:59:60",
      "2024-02-29x00:00:00",
      "2024-02-29 00:00:0",
      "2024-02-29 00:00:00.5",
      "2024-02-29T00:00:00Z",
      "2024-02-29",
      "2024-02-29 00-00-00",
      "0001-01-01 00:00:00",
      "9999-12-31T23:59:59",
      "1969-12-31 23:59:59",
      "2024-02-30 00:00:00",
      "2024-02-29 0a:00:00",
      "",
      "2024-02-29 00:00:00 ",
      "2024-13-29 00:00:00",
      "0000-01-01 00:00:00"}},
    {"utc",
     {.kind = HW_KIND_TIMESTAMP, .utc = true},
     make_utc,
     {"2024-02-29T00:00:00Z", "2024-02-29 00:00:00Z", "2024-02-29T00:00:00z", "2024-02-29T00:00:00",
      "2024-02-29T00:00:00.Z", "2024-02-29T00:00:00.5Z", "2024-02-29T00:00:00+01:00", "2024-02-29T23:59:59Z",
      "2024-02-29T24:00:00Z", "", "2024-02-29T00:00:000", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"}},
};

static const char *edge_of(size_t kind, uint64_t *random) {
    size_t count = 0;
    while (count < COUNT_OF(kinds[kind].edges) && kinds[kind].edges[count]) {
        count++;
    }
    return kinds[kind].edges[random_next(random) % count];
}

static void skip_where_there_are_none(void) {
    if (!hw_lanes_for(kinds[0].type)) {
        skip();
    }
}

/* All of them, in sheets of any number of rows: none may be left, or nothing is gained. */
static void common_forms_are_taken(void **state) {
    (void)state;
    static struct sheet sheet;
    uint64_t random = 3;
    skip_where_there_are_none();
    for (size_t turn = 0; turn < TURNS; turn++) {
        size_t kind = turn % COUNT_OF(kinds);
        size_t columns = 1 + turn % 3;
        size_t column = random_next(&random) % columns;
        sheet.rows = 1 + random_next(&random) % ROWS_MAX;
        for (size_t row = 0; row < sheet.rows; row++) {
            kinds[kind].make(sheet.fields[row], &random);
        }
        sheet_write(&sheet, columns, column);
        assert_row_int(kinds[kind].name, ways_agree(&sheet, kinds[kind].type, columns, column), 0);
    }
}

/* Some edges and some random faults among common forms: what is not left must be right. */
static void faults_are_left(void **state) {
    (void)state;
    static struct sheet sheet;
    uint64_t random = 5;
    skip_where_there_are_none();
    for (size_t turn = 0; turn < 10 * TURNS; turn++) {
        size_t kind = turn % COUNT_OF(kinds);
        size_t columns = 1 + turn % 3;
        size_t column = random_next(&random) % columns;
        sheet.rows = 1 + random_next(&random) % ROWS_MAX;
        for (size_t row = 0; row < sheet.rows; row++) {
            char *field = sheet.fields[row];
            kinds[kind].make(field, &random);
            if (random_next(&random) % 8 == 0) {
                snprintf(field, FIELD_BYTES, "%s", edge_of(kind, &random));
            } else if (random_next(&random) % 8 == 0) {
                field[random_next(&random) % strlen(field)] = (char)(1 + random_next(&random) % 255);
            } else if (random_next(&random) % 16 == 0) {
                field[random_next(&random) % strlen(field)] = "0123456789.-:T Z"[random_next(&random) % 16];
            }
        }
        sheet_write(&sheet, columns, column);
        ways_agree(&sheet, kinds[kind].type, columns, column);
    }
}

static void other_types_have_none(void **state) {
    (void)state;
    static const struct hw_type types[] = {
        {.kind = HW_KIND_NULL}, {.kind = HW_KIND_BOOL}, {.kind = HW_KIND_DECIMAL, .precision = 5, .scale = 2},
        {.kind = HW_KIND_TEXT}, {.kind = HW_KIND_UUID}, {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        assert_null(hw_lanes_for(types[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(common_forms_are_taken),
        cmocka_unit_test(faults_are_left),
        cmocka_unit_test(other_types_have_none),
    };
    return cmocka_run_group_tests_name("csv/lanes", tests, NULL, NULL);
}
