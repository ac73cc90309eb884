/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/constraints.h"

#include <stdio.h>

#include "core/error.h"
#include "table/uuid.h"

enum { ALLOWED_SHOWN = 5 };

#define COMPARED(a, b) (((a) > (b)) - ((a) < (b)))

static int text_compare(hw_view a, hw_view b) {
    size_t both = hw_min_size(a.size, b.size);
    int order = both > 0 ? memcmp(a.data, b.data, both) : 0;
    return order != 0 ? order : COMPARED(a.size, b.size);
}

static int real_compare(double a, double b) {
    bool a_nan = a != a;
    bool b_nan = b != b;
    return a_nan || b_nan ? a_nan - b_nan : COMPARED(a, b);
}

int hw_csv_value_compare(enum hw_kind kind, const union hw_csv_value *a, const union hw_csv_value *b) {
    switch (kind) {
    case HW_KIND_BOOL:
        return a->truth - b->truth;
    case HW_KIND_INT64:
    case HW_KIND_TIMESTAMP:
        return COMPARED(a->integer, b->integer);
    case HW_KIND_DATE:
        return COMPARED(a->days, b->days);
    case HW_KIND_DOUBLE:
        return real_compare(a->real, b->real);
    case HW_KIND_DECIMAL:
        return COMPARED(a->decimal, b->decimal);
    case HW_KIND_UUID:
        return memcmp(a->uuid, b->uuid, sizeof(a->uuid));
    case HW_KIND_TEXT:
        return text_compare(a->text, b->text);
    default:
        return 0; /* nulls have no values */
    }
}

union hw_csv_value hw_csv_value_at(enum hw_kind kind, const struct hw_column *column, size_t row) {
    union hw_csv_value value;
    size_t bytes = hw_kind_bytes(kind);
    memset(&value, 0, sizeof(value));
    if (kind == HW_KIND_TEXT) {
        value.text =
            (hw_view){column->data + column->offsets[row], (size_t)(column->offsets[row + 1] - column->offsets[row])};
    } else if (kind == HW_KIND_BOOL) {
        value.truth = (((const uint8_t *)column->values)[row >> 3] >> (row & 7) & 1) != 0;
    } else {
        memcpy(&value, (const char *)column->values + row * bytes, bytes);
    }
    return value;
}

void hw_csv_value_print(struct hw_type type, const union hw_csv_value *value, char out[HW_PRINT_BYTES]) {
    char *end = out;
    switch (type.kind) {
    case HW_KIND_BOOL:
        end = hw_print_bool(out, value->truth);
        break;
    case HW_KIND_INT64:
        end = hw_print_int64(out, value->integer);
        break;
    case HW_KIND_DOUBLE:
        end = hw_print_double(out, value->real);
        break;
    case HW_KIND_DECIMAL:
        end = hw_print_decimal(out, value->decimal, type.scale);
        break;
    case HW_KIND_DATE:
        end = hw_print_date(out, value->days);
        break;
    case HW_KIND_TIMESTAMP:
        end = hw_print_timestamp(out, value->integer, type.unit, type.utc);
        break;
    case HW_KIND_UUID:
        hw_uuid_put(out, value->uuid);
        end = out + HW_UUID_TEXT_BYTES;
        break;
    default:
        break; /* nulls have no values */
    }
    *end = '\0';
}

static void allowed_format(const struct hw_csv_constraint *constraint, char *out, size_t out_bytes) {
    char quoted[HW_QUOTE_BYTES];
    int used = snprintf(out, out_bytes, "one of");
    for (size_t i = 0; i < constraint->allowed_count && i < ALLOWED_SHOWN && (size_t)used < out_bytes; i++) {
        const char *text = constraint->allowed_texts[i];
        used += snprintf(out + used, out_bytes - (size_t)used, "%s %s", i > 0 ? "," : "",
                         hw_quote(text, strlen(text), quoted, sizeof(quoted)));
    }
    if (constraint->allowed_count > ALLOWED_SHOWN && (size_t)used < out_bytes) {
        snprintf(out + used, out_bytes - (size_t)used, " and %zu more", constraint->allowed_count - ALLOWED_SHOWN);
    }
}

void hw_csv_constraint_expects(const struct hw_csv_constraint *constraint, enum hw_csv_reason reason, char *out,
                               size_t out_bytes) {
    char quoted[HW_QUOTE_BYTES];
    switch (reason) {
    case HW_CSV_BELOW_MIN:
        snprintf(out, out_bytes, "at least %s", constraint->min_text);
        break;
    case HW_CSV_ABOVE_MAX:
        snprintf(out, out_bytes, "at most %s", constraint->max_text);
        break;
    case HW_CSV_NOT_IN_ENUM:
        allowed_format(constraint, out, out_bytes);
        break;
    case HW_CSV_PATTERN:
        snprintf(out, out_bytes, "a match of %s",
                 hw_quote(constraint->pattern, strlen(constraint->pattern), quoted, sizeof(quoted)));
        break;
    default:
        snprintf(out, out_bytes, "a value that no record before has");
        break;
    }
}
