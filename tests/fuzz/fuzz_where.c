/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions on a small table: no row meets both a condition and its opposite, and what bounds say of the rows holds
 * for each of them.
 */
#include <math.h>

#include "fuzz/fuzz.h"
#include "table/filter_bounds.h"
#include "table/filter_rows.h"

enum { ROWS = 4, COLUMNS = 4 };

static const uint8_t second_null[] = {0x0d};
static const int32_t numbers[] = {-7, 0, 5, 1000};
static const double reals[] = {0.1, 0.0, (double)NAN, -1e300};
static const int32_t text_ends[] = {0, 0, 1, 3, 6};
static const char texts[] = "aab\xc3\xa4z";
static const int64_t times[] = {0, 0, -1, INT64_C(1709208000000000)};

static struct hw_field fields[COLUMNS] = {
    {.name = "i", .type = {.kind = HW_KIND_INT32}},
    {.name = "d", .type = {.kind = HW_KIND_DOUBLE}},
    {.name = "t", .type = {.kind = HW_KIND_TEXT}},
    {.name = "z", .type = {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS, .utc = true}},
};
static const struct hw_schema schema = {fields, COLUMNS};
static const struct hw_column columns[COLUMNS] = {
    {.values = numbers, .validity = second_null, .null_count = 1},
    {.values = reals, .validity = second_null, .null_count = 1},
    {.offsets = text_ends, .data = texts, .validity = second_null, .null_count = 1},
    {.values = times, .validity = second_null, .null_count = 1},
};
static const struct hw_batch batch = {.schema = &schema, .rows = ROWS, .columns = columns};

/* Returns the rows that are kept as bits. */
static unsigned rows_kept(const struct hw_filter *filter) {
    HW_AUTO(hw_filter_room) room = {0};
    struct hw_kept_rows kept;
    const uint32_t *places[COLUMNS];
    unsigned bits = 0;
    FUZZ_CHECK(filter->columns_count <= COLUMNS);
    for (size_t i = 0; i < filter->columns_count; i++) {
        places[i] = filter->columns[i].path;
    }
    FUZZ_CHECK(hw_filter_rows(filter, places, &batch, ROWS, &room, &kept, NULL) == HW_OK);
    for (size_t i = 0; i < kept.count; i++) {
        for (size_t row = 0; row < kept.ranges[i].count; row++) {
            bits |= 1U << (kept.ranges[i].first + row);
        }
    }
    return bits;
}

/* Bounds that are those of one row must say what becomes of it. */
static void bounds_check(const struct hw_filter *filter, unsigned kept) {
    for (size_t row = 0; row < ROWS; row++) {
        struct hw_filter_bounds bounds[COLUMNS];
        for (size_t i = 0; i < filter->columns_count; i++) {
            const struct hw_filter_column *column = &filter->columns[i];
            union hw_values values;
            hw_values_load(column->field->type, &columns[column->path[0]], row, 1, &values);
            const struct hw_value value = hw_values_at(column->order, &values, 0);
            const bool nan = column->field->type.kind == HW_KIND_DOUBLE && value.key == HW_VALUE_KEY_NAN;
            bounds[i] = (struct hw_filter_bounds){.nulls = row == 1,
                                                  .values = row != 1,
                                                  .nans = nan,
                                                  .has_min = !nan,
                                                  .has_max = !nan,
                                                  .min = value,
                                                  .max = value};
        }
        const unsigned outcomes = hw_filter_outcomes(filter, bounds);
        FUZZ_CHECK(outcomes != 0);
        FUZZ_CHECK((kept >> row & 1) == 0 || (outcomes & HW_MAY_BE_TRUE) != 0);
        FUZZ_CHECK((kept >> row & 1) != 0 || outcomes != HW_MAY_BE_TRUE);
    }
}

static bool condition_ask(const char *text, unsigned *out_kept) {
    HW_AUTO(hw_predicate) predicate = {0};
    HW_AUTO(hw_filter) filter = {0};
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = hw_predicate_parse(&predicate, text, &err);
    status = status ? status : hw_filter_make(&filter, &predicate, &schema, &err);
    FUZZ_CHECK(status == HW_OK || status == HW_EUSAGE || status == HW_ELIMIT);
    FUZZ_CHECK(status == HW_OK || err.message[0]);
    if (status == HW_OK) {
        *out_kept = rows_kept(&filter);
        bounds_check(&filter, *out_kept);
    }
    return status == HW_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    HW_AUTO(hw_buf) text = {0};
    HW_AUTO(hw_buf) opposite = {0};
    unsigned kept = 0;
    unsigned others = 0;
    FUZZ_CHECK(hw_buf_append(&text, data, size, NULL) == HW_OK && hw_buf_end_text(&text, NULL) == HW_OK);
    FUZZ_CHECK(hw_buf_printf(&opposite, NULL, "NOT (%s)", (const char *)text.data) == HW_OK);
    FUZZ_CHECK(hw_buf_end_text(&opposite, NULL) == HW_OK);
    if (condition_ask((const char *)text.data, &kept) && condition_ask((const char *)opposite.data, &others)) {
        FUZZ_CHECK((kept & others) == 0);
    }
    return 0;
}
