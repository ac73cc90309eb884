/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/field.h"

static bool blank(char byte);

struct hw_csv_field hw_csv_field_trim(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    if (hw_csv_field_quoted(dialect, field)) {
        return field;
    }
    field.bare = true;
    while (field.size > 0 && blank(field.text[0])) {
        field.text++;
        field.size--;
    }
    while (field.size > 0 && blank(field.text[field.size - 1])) {
        field.size--;
    }
    return field;
}

static bool blank(char byte) {
    return byte == ' ' || byte == '\t';
}

size_t hw_csv_field_unescape(const struct hw_csv_dialect *dialect, struct hw_csv_field field, char *out) {
    const char *from = field.text + 1;
    const char *end = field.text + field.size - 1;
    size_t used = 0;
    while (from < end) {
        bool skip = (*from == dialect->escape || *from == dialect->quote) && from + 1 < end;
        from += skip ? 1 : 0;
        out[used++] = *from++;
    }
    return used;
}
