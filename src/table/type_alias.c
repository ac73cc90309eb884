/* SPDX-License-Identifier: Apache-2.0 */
#include "table/type_alias.h"

#include <stdio.h>

/*
 * A spelling and the type that it stands for. A spelling that ends with a bracket is the beginning
 * of one, and only that beginning is replaced. The numbers of SQL's timestamps are digits of a
 * second.
 */
static const struct {
    const char *spelling;
    const char *type;
} aliases[] = {
    {"bool", "boolean"},
    {"int", "int64"},
    {"integer", "int64"},
    {"bigint", "int64"},
    {"long", "int64"},
    {"smallint", "int16"},
    {"tinyint", "int8"},
    {"float64", "double"},
    {"float8", "double"},
    {"double precision", "double"},
    {"float32", "float"},
    {"float4", "float"},
    {"real", "float"},
    {"float16", "half"},
    {"numeric", "decimal"},
    {"numeric(", "decimal("},
    {"number(", "decimal("},
    {"dec(", "decimal("},
    {"decimal128(", "decimal("},
    {"date32", "date"},
    {"date32(day)", "date"},
    {"date64", "date(ms)"},
    {"timestamp", "timestamp(us)"},
    {"datetime", "timestamp(us)"},
    {"timestamp_ntz", "timestamp(us)"},
    {"timestamp without time zone", "timestamp(us)"},
    {"timestamp(6)", "timestamp(us)"},
    {"timestamp(9)", "timestamp(ns)"},
    {"timestamp(3)", "timestamp(ms)"},
    {"timestamp(0)", "timestamp(s)"},
    {"timestamp_us", "timestamp(us)"},
    {"timestamp_ns", "timestamp(ns)"},
    {"timestamp_ms", "timestamp(ms)"},
    {"timestamp_s", "timestamp(s)"},
    {"timestamptz", "timestamp(us,utc)"},
    {"timestamp_ltz", "timestamp(us,utc)"},
    {"timestamp with time zone", "timestamp(us,utc)"},
    {"timestamp(6) with time zone", "timestamp(us,utc)"},
    {"timestamp(9) with time zone", "timestamp(ns,utc)"},
    {"timestamp(us,tz=utc)", "timestamp(us,utc)"},
    {"timestamp(ns,tz=utc)", "timestamp(ns,utc)"},
    {"string", "text"},
    {"str", "text"},
    {"utf8", "text"},
    {"varchar", "text"},
    {"char", "text"},
    {"character varying", "text"},
    {"large_string", "large_text"},
    {"large_utf8", "large_text"},
    {"guid", "uuid"},
};

static bool text_tidy(const char *text, char out[HW_TYPE_TEXT_BYTES]);
static bool scale_add(char text[HW_TYPE_TEXT_BYTES]);

bool hw_type_alias_resolve(const char *text, char out[HW_TYPE_TEXT_BYTES]) {
    char tidy[HW_TYPE_TEXT_BYTES];
    char found[HW_TYPE_TEXT_BYTES];
    if (!text_tidy(text, tidy)) {
        return false;
    }
    memcpy(found, tidy, sizeof(found));
    for (size_t i = 0; i < COUNT_OF(aliases); i++) {
        const size_t bytes = strlen(aliases[i].spelling);
        const bool beginning = aliases[i].spelling[bytes - 1] == '(';
        if (strncmp(tidy, aliases[i].spelling, bytes) == 0 && (beginning || tidy[bytes] == '\0')) {
            const int used = snprintf(found, sizeof(found), "%s%s", aliases[i].type, tidy + bytes);
            if (used >= (int)sizeof(found)) {
                return false;
            }
            break;
        }
    }
    if (!scale_add(found)) {
        return false;
    }
    memcpy(out, found, sizeof(found));
    return true;
}

void hw_type_alias_offer(struct hw_nearest_search *search) {
    for (size_t i = 0; i < COUNT_OF(aliases); i++) {
        const hw_view word = hw_view_of(aliases[i].spelling);
        if (word.data[word.size - 1] != '(') {
            hw_nearest_offer(search, word);
        }
    }
}

/* Of blanks only one between two words stays. */
static bool blank_stays(char before, char after) {
    return before != '\0' && !strchr("(,=", before) && after != '\0' && !strchr("),(= \t", after);
}

/*
 * Lower case, round brackets, no blanks but between two words; all of it ended and filled with NUL.
 */
static bool text_tidy(const char *text, char out[HW_TYPE_TEXT_BYTES]) {
    size_t used = 0;
    memset(out, 0, HW_TYPE_TEXT_BYTES);
    for (const char *at = text; *at; at++) {
        char byte = *at == '[' ? '(' : *at == ']' ? ')' : *at == '\t' ? ' ' : *at;
        byte = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
        if (byte == ' ' && !blank_stays(used > 0 ? out[used - 1] : '\0', at[1])) {
            continue;
        }
        if (used + 1 >= HW_TYPE_TEXT_BYTES) {
            return false;
        }
        out[used++] = byte;
    }
    return true;
}

/* A decimal without a scale has none: decimal(9) is decimal(9,0). */
static bool scale_add(char text[HW_TYPE_TEXT_BYTES]) {
    const size_t bytes = strlen(text);
    if (strncmp(text, "decimal(", strlen("decimal(")) != 0 || strchr(text, ',') || text[bytes - 1] != ')') {
        return true;
    }
    if (bytes + 2 >= HW_TYPE_TEXT_BYTES) {
        return false;
    }
    memcpy(text + bytes - 1, ",0)", sizeof(",0)"));
    return true;
}
