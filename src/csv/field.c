/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/field.h"

#include "core/utf8_valid.h"

static struct hw_csv_field start_trim(struct hw_csv_field field);
static struct hw_csv_field end_trim(const struct hw_csv_dialect *dialect, struct hw_csv_field field);
static bool last_escaped(const struct hw_csv_dialect *dialect, struct hw_csv_field field);

struct hw_csv_field hw_csv_field_trim(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    const struct hw_csv_field unpadded = hw_csv_field_unpad(dialect, field);
    if (hw_csv_field_quoted(dialect, unpadded)) {
        return unpadded;
    }
    field.bare = true;
    return end_trim(dialect, start_trim(field));
}

struct hw_csv_field hw_csv_field_unpad(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    const struct hw_csv_field begun = start_trim(field);
    if (!dialect->trim || !hw_csv_field_quoted(dialect, begun)) {
        return field;
    }
    return end_trim(dialect, begun);
}

static struct hw_csv_field start_trim(struct hw_csv_field field) {
    while (field.size > 0 && hw_csv_blank(field.text[0])) {
        field.text++;
        field.size--;
    }
    return field;
}

static struct hw_csv_field end_trim(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    while (field.size > 0 && hw_csv_blank(field.text[field.size - 1]) && !last_escaped(dialect, field)) {
        field.size--;
    }
    return field;
}

/* Returns whether the last byte of a field without quotes is escaped. */
static bool last_escaped(const struct hw_csv_dialect *dialect, struct hw_csv_field field) {
    int32_t escapes = 0;
    while (dialect->escape_everywhere && escapes + 1 < field.size &&
           field.text[field.size - 2 - escapes] == dialect->escape) {
        escapes++;
    }
    return escapes % 2 != 0;
}

/* A letter that, escaped, stands for a control character. */
struct control {
    char letter;
    char byte;
};

/* https://dev.mysql.com/doc/refman/8.4/en/load-data.html, "Field and Line Handling" */
static const struct control mysql_controls[] = {{'0', '\0'}, {'b', '\b'}, {'n', '\n'},
                                                {'r', '\r'}, {'t', '\t'}, {'Z', '\x1a'}};
/* https://www.postgresql.org/docs/17/sql-copy.html, "Text Format"; numbers are in number_read */
static const struct control postgres_controls[] = {{'b', '\b'}, {'f', '\f'}, {'n', '\n'},
                                                   {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};

static const struct {
    const struct control *controls;
    size_t count;
    bool safe;    /* letters and digits have no meaning that is clear */
    bool numbers; /* bytes may be written as octal and hexadecimal numbers */
} styles[] = {
    [HW_CSV_ESCAPES_SAFE] = {.safe = true},
    [HW_CSV_ESCAPES_LITERAL] = {.safe = false},
    [HW_CSV_ESCAPES_MYSQL] = {mysql_controls, COUNT_OF(mysql_controls), false, false},
    [HW_CSV_ESCAPES_POSTGRES] = {postgres_controls, COUNT_OF(postgres_controls), false, true},
};

static bool escape_read(enum hw_csv_escapes escapes, hw_view text, size_t *at, char *out_byte);

size_t hw_csv_field_decode(const struct hw_csv_dialect *dialect, struct hw_csv_field field, char *out) {
    const bool quoted = hw_csv_field_quoted(dialect, field);
    const bool escapes = dialect->escape != '\0' && (quoted || dialect->escape_everywhere);
    const hw_view text = {field.text + quoted, (size_t)field.size - 2 * quoted};
    const bool end_mark = text.size == 2 && text.data[1] == '.' && styles[dialect->escapes].numbers;
    size_t used = 0;
    if (!quoted && (!escapes || !memchr(text.data, dialect->escape, text.size))) {
        memcpy(out, text.data, text.size);
        return text.size;
    }
    if (end_mark && text.data[0] == dialect->escape) {
        return SIZE_MAX;
    }
    for (size_t at = 0; at < text.size;) {
        const bool more = at + 1 < text.size;
        const char byte = text.data[at];
        if (more && escapes && byte == dialect->escape) {
            at++;
            if (!escape_read(dialect->escapes, text, &at, &out[used++])) {
                return SIZE_MAX;
            }
            continue;
        }
        at += quoted && more && byte == dialect->quote && text.data[at + 1] == byte;
        out[used++] = text.data[at++];
    }
    return styles[dialect->escapes].numbers && !hw_utf8_valid((hw_view){out, used}, NULL) ? SIZE_MAX : used;
}

static bool digit_read(char byte, unsigned base, unsigned *number);
static bool number_read(hw_view text, size_t *at, char *out_byte);
static bool alphanumeric(char byte);

/* Reads what stands behind an escape, at `*at`. Returns false where that is not clear. */
static bool escape_read(enum hw_csv_escapes escapes, hw_view text, size_t *at, char *out_byte) {
    const char byte = text.data[*at];
    if (styles[escapes].numbers && (byte == 'x' || (byte >= '0' && byte <= '7'))) {
        return number_read(text, at, out_byte);
    }
    *out_byte = byte;
    for (size_t i = 0; i < styles[escapes].count; i++) {
        if (styles[escapes].controls[i].letter == byte) {
            *out_byte = styles[escapes].controls[i].byte;
        }
    }
    (*at)++;
    return !(styles[escapes].safe && alphanumeric(byte));
}

/* Reads one to three octal digits, or an x with up to two hexadecimal ones: with none it is x. */
static bool number_read(hw_view text, size_t *at, char *out_byte) {
    const bool hexadecimal = text.data[*at] == 'x';
    const size_t digits_max = hexadecimal ? 2 : 3;
    unsigned number = 0;
    size_t digits = 0;
    *at += hexadecimal;
    while (digits < digits_max && *at < text.size && digit_read(text.data[*at], hexadecimal ? 16 : 8, &number)) {
        digits++;
        (*at)++;
    }
    *out_byte = digits == 0 ? 'x' : (char)(number & 0xff);
    return *out_byte != '\0';
}

/* Adds a digit to a number. Returns false where the byte is none. */
static bool digit_read(char byte, unsigned base, unsigned *number) {
    const char lower = (char)(byte | 0x20);
    const bool letter = lower >= 'a' && lower <= 'f';
    const unsigned digit = letter ? 10 + (unsigned)(lower - 'a') : (unsigned)(uint8_t)byte - '0';
    if (digit >= base) {
        return false;
    }
    *number = *number * base + digit;
    return true;
}

static bool alphanumeric(char byte) {
    const char lower = (char)(byte | 0x20);
    return (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'z');
}
