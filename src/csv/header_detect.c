/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/header_detect.h"

#include "csv/cell.h"

static enum hw_csv_cell field_look(hw_view field, const struct hw_csv_dialect *dialect);
static bool is_value(enum hw_csv_cell look);

enum hw_csv_header_guess hw_csv_header_detect(const struct hw_csv_dialect *dialect, const hw_view *first, size_t count,
                                              const hw_view *second, size_t second_count) {
    size_t values = 0;
    size_t words = 0;
    size_t same = 0; /* values with one of the same look below */
    for (size_t i = 0; i < count; i++) {
        const enum hw_csv_cell look = field_look(first[i], dialect);
        values += is_value(look);
        words += !is_value(look) && look != HW_CSV_CELL_EMPTY;
        same += is_value(look) && second && i < second_count && field_look(second[i], dialect) == look;
    }
    if (values > 0 && (words == 0 || !second)) {
        return HW_CSV_HEADER_DATA;
    }
    return values > 0 && same == values ? HW_CSV_HEADER_NAMES_DOUBTFUL : HW_CSV_HEADER_NAMES;
}

static bool is_value(enum hw_csv_cell look) {
    return look == HW_CSV_CELL_NUMBER || look == HW_CSV_CELL_TIME || look == HW_CSV_CELL_BOOLEAN;
}

static enum hw_csv_cell field_look(hw_view field, const struct hw_csv_dialect *dialect) {
    const bool quoted = field.size >= 2 && dialect->quote != '\0' && field.data[0] == dialect->quote &&
                        field.data[field.size - 1] == dialect->quote;
    return hw_csv_cell_of(quoted ? (hw_view){field.data + 1, field.size - 2} : field);
}
