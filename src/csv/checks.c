/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bounds are checked by a loop over all rows, which the compiler turns into vector instructions.
 * Only where it meets a value outside, which may be the filler of a null, the column is checked
 * value by value.
 */
#include "csv/checks.h"

#include <math.h>

#include "core/alloc.h"
#include "csv/pattern.h"

struct hw_csv_checks {
    const struct hw_schema *schema;
    const struct hw_csv_constraints *constraints;
    struct hw_csv_unique *unique;
    struct hw_csv_pattern *patterns; /* one for each column */
    size_t *unique_columns;
    size_t unique_count;
    struct hw_hash128 *hashes; /* the hashes of one row's values in these columns */
};

/* A column of a block on its way through its constraint. */
struct check {
    struct hw_csv_checks *checks;
    const struct hw_csv_constraint *constraint;
    const struct hw_csv_rows *rows;
    const struct hw_column *values;
    struct hw_buf *wrong;
    size_t column;
    enum hw_kind kind;
};

enum hw_status hw_csv_checks_new(const struct hw_schema *schema, const struct hw_csv_constraints *constraints,
                                 struct hw_csv_unique *unique, struct hw_csv_checks **out_checks,
                                 struct hw_error *err) {
    struct hw_csv_checks *checks = hw_alloc_zero(1, sizeof(*checks));
    if (!checks) {
        return hw_fail_nomem(err, sizeof(*checks));
    }
    *checks = (struct hw_csv_checks){.schema = schema, .constraints = constraints, .unique = unique};
    checks->patterns = hw_alloc_zero(schema->count, sizeof(*checks->patterns));
    checks->unique_columns = hw_alloc_zero(schema->count, sizeof(*checks->unique_columns));
    checks->hashes = hw_alloc_zero(schema->count, sizeof(*checks->hashes));
    bool room = checks->patterns && checks->unique_columns && checks->hashes;
    enum hw_status status = room ? HW_OK : hw_fail_nomem(err, schema->count * sizeof(*checks->patterns));
    for (size_t i = 0; status == HW_OK && i < schema->count; i++) {
        if (constraints->columns[i].unique) {
            checks->unique_columns[checks->unique_count++] = i;
        }
        if (constraints->columns[i].pattern) {
            status = hw_csv_pattern_init(&checks->patterns[i], constraints->columns[i].pattern, err);
        }
    }
    if (status != HW_OK) {
        hw_csv_checks_free(checks);
        return status;
    }
    *out_checks = checks;
    return HW_OK;
}

void hw_csv_checks_free(struct hw_csv_checks *checks) {
    if (!checks) {
        return;
    }
    for (size_t i = 0; checks->patterns && i < checks->schema->count; i++) {
        hw_csv_pattern_release(&checks->patterns[i]);
    }
    hw_free(checks->patterns);
    hw_free(checks->unique_columns);
    hw_free(checks->hashes);
    hw_free(checks);
}

static enum hw_status range_check(const struct check *check, struct hw_error *err);
static enum hw_status allowed_check(const struct check *check, struct hw_error *err);
static enum hw_status pattern_check(const struct check *check, struct hw_error *err);

enum hw_status hw_csv_checks_column(struct hw_csv_checks *checks, const struct hw_csv_rows *rows, size_t column,
                                    const struct hw_column *values, struct hw_buf *wrong, struct hw_error *err) {
    const struct check check = {
        .checks = checks,
        .constraint = &checks->constraints->columns[column],
        .rows = rows,
        .values = values,
        .wrong = wrong,
        .column = column,
        .kind = checks->schema->fields[column].type.kind,
    };
    if (check.constraint->has_min || check.constraint->has_max) {
        HW_TRY(range_check(&check, err));
    }
    if (check.constraint->allowed) {
        HW_TRY(allowed_check(&check, err));
    }
    return check.constraint->pattern ? pattern_check(&check, err) : HW_OK;
}

static enum hw_status wrong_add(const struct check *check, size_t row, enum hw_csv_reason reason,
                                struct hw_error *err) {
    const struct hw_csv_wrong wrong = {
        .row = (uint32_t)row,
        .column = (uint32_t)check->column,
        .offset = hw_csv_field_start(check->rows, check->column, row),
        .reason = reason,
    };
    return hw_buf_append(check->wrong, &wrong, sizeof(wrong), err);
}

/* Returns whether some value of the rows may be outside of the bounds. */
typedef bool outside_fn(const void *values, size_t rows, const struct hw_csv_constraint *constraint);

static bool int64_outside(const void *values, size_t rows, const struct hw_csv_constraint *constraint) {
    const int64_t *at = values;
    const int64_t min = constraint->has_min ? constraint->min.integer : INT64_MIN;
    const int64_t max = constraint->has_max ? constraint->max.integer : INT64_MAX;
    bool outside = false;
    for (size_t i = 0; i < rows; i++) {
        outside |= (at[i] < min) | (at[i] > max);
    }
    return outside;
}

static bool days_outside(const void *values, size_t rows, const struct hw_csv_constraint *constraint) {
    const int32_t *at = values;
    const int32_t min = constraint->has_min ? constraint->min.days : INT32_MIN;
    const int32_t max = constraint->has_max ? constraint->max.days : INT32_MAX;
    bool outside = false;
    for (size_t i = 0; i < rows; i++) {
        outside |= (at[i] < min) | (at[i] > max);
    }
    return outside;
}

static bool double_outside(const void *values, size_t rows, const struct hw_csv_constraint *constraint) {
    const double *at = values;
    const double min = constraint->has_min ? constraint->min.real : -(double)INFINITY;
    const double max = constraint->has_max ? constraint->max.real : (double)INFINITY;
    bool inside = true;
    for (size_t i = 0; i < rows; i++) {
        inside &= (at[i] >= min) & (at[i] <= max); /* false for nan */
    }
    return !inside;
}

static bool decimal_outside(const void *values, size_t rows, const struct hw_csv_constraint *constraint) {
    const __int128 *at = values;
    bool outside = false;
    for (size_t i = 0; i < rows; i++) {
        outside |= (constraint->has_min & (at[i] < constraint->min.decimal)) |
                   (constraint->has_max & (at[i] > constraint->max.decimal));
    }
    return outside;
}

/* The kinds that have bounds. */
static outside_fn *const outside_by_kind[HW_KIND_COUNT] = {
    [HW_KIND_INT64] = int64_outside, [HW_KIND_DOUBLE] = double_outside,   [HW_KIND_DECIMAL] = decimal_outside,
    [HW_KIND_DATE] = days_outside,   [HW_KIND_TIMESTAMP] = int64_outside,
};

static enum hw_status range_check(const struct check *check, struct hw_error *err) {
    const struct hw_csv_constraint *constraint = check->constraint;
    const size_t rows = check->rows->count;
    if (!outside_by_kind[check->kind](check->values->values, rows, constraint)) {
        return HW_OK;
    }
    for (size_t row = 0; row < rows; row++) {
        if (!hw_column_valid(check->values, row)) {
            continue;
        }
        const union hw_csv_value value = hw_csv_value_at(check->kind, check->values, row);
        /* A nan is within no bounds. hw_csv_value_compare has it above all others. */
        bool nan = check->kind == HW_KIND_DOUBLE && isnan(value.real);
        if (constraint->has_min && (nan || hw_csv_value_compare(check->kind, &value, &constraint->min) < 0)) {
            HW_TRY(wrong_add(check, row, HW_CSV_BELOW_MIN, err));
        } else if (constraint->has_max && hw_csv_value_compare(check->kind, &value, &constraint->max) > 0) {
            HW_TRY(wrong_add(check, row, HW_CSV_ABOVE_MAX, err));
        }
    }
    return HW_OK;
}

static bool allowed_has(const struct hw_csv_constraint *constraint, enum hw_kind kind,
                        const union hw_csv_value *value) {
    size_t low = 0;
    size_t high = constraint->allowed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = hw_csv_value_compare(kind, value, &constraint->allowed[middle]);
        if (order == 0) {
            return true;
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return false;
}

static enum hw_status allowed_check(const struct check *check, struct hw_error *err) {
    for (size_t row = 0; row < check->rows->count; row++) {
        if (!hw_column_valid(check->values, row)) {
            continue;
        }
        const union hw_csv_value value = hw_csv_value_at(check->kind, check->values, row);
        if (!allowed_has(check->constraint, check->kind, &value)) {
            HW_TRY(wrong_add(check, row, HW_CSV_NOT_IN_ENUM, err));
        }
    }
    return HW_OK;
}

static enum hw_status pattern_check(const struct check *check, struct hw_error *err) {
    struct hw_csv_pattern *pattern = &check->checks->patterns[check->column];
    for (size_t row = 0; row < check->rows->count; row++) {
        bool found = true;
        if (hw_column_valid(check->values, row)) {
            HW_TRY(hw_csv_pattern_find(pattern, hw_csv_value_at(HW_KIND_TEXT, check->values, row).text, &found, err));
        }
        if (!found) {
            HW_TRY(wrong_add(check, row, HW_CSV_PATTERN, err));
        }
    }
    return HW_OK;
}

/* Returns bytes that are equal where two values are. They may lie in `value`. */
static hw_view value_bytes(enum hw_kind kind, union hw_csv_value *value) {
    if (kind == HW_KIND_TEXT) {
        return value->text;
    }
    if (kind == HW_KIND_DOUBLE) {
        value->real = isnan(value->real) ? (double)NAN : value->real + 0.0; /* -0 + 0 is 0 */
    }
    return (hw_view){(const char *)value, kind == HW_KIND_BOOL ? sizeof(bool) : hw_kind_bytes(kind)};
}

/*
 * Hashes the row's values in unique columns. Returns the first column whose value was there before,
 * SIZE_MAX where none was.
 */
static size_t row_hash(struct hw_csv_checks *checks, const struct hw_column *columns, size_t row) {
    for (size_t i = 0; i < checks->unique_count; i++) {
        size_t column = checks->unique_columns[i];
        enum hw_kind kind = checks->schema->fields[column].type.kind;
        if (!hw_column_valid(&columns[column], row)) {
            continue;
        }
        union hw_csv_value value = hw_csv_value_at(kind, &columns[column], row);
        const hw_view bytes = value_bytes(kind, &value);
        checks->hashes[i] =
            hw_csv_unique_hash(checks->unique, checks->constraints->columns[column].key, bytes.data, bytes.size);
        if (hw_csv_unique_has(checks->unique, checks->hashes[i])) {
            return column;
        }
    }
    return SIZE_MAX;
}

enum hw_status hw_csv_checks_unique(struct hw_csv_checks *checks, const struct hw_csv_rows *rows,
                                    const struct hw_column *columns, struct hw_buf *wrong, struct hw_error *err) {
    for (size_t row = 0; row < rows->count; row++) {
        size_t repeated = row_hash(checks, columns, row);
        if (repeated != SIZE_MAX) {
            const struct check check = {.rows = rows, .wrong = wrong, .column = repeated};
            HW_TRY(wrong_add(&check, row, HW_CSV_DUPLICATE, err));
            continue; /* a bad record's other values are free for those that follow */
        }
        for (size_t i = 0; i < checks->unique_count; i++) {
            if (hw_column_valid(&columns[checks->unique_columns[i]], row)) {
                HW_TRY(hw_csv_unique_add(checks->unique, checks->hashes[i], err));
            }
        }
    }
    return HW_OK;
}
