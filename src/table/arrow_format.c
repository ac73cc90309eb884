/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_format.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/whole_number.h"

enum { FORMAT_BYTES_MAX = 4096 }; /* a zone is the longest part there is */

/* Formats without parameters. */
static const struct {
    const char *format;
    struct hw_type type;
} plain_rows[] = {
    {"n", {.kind = HW_KIND_NULL}},
    {"b", {.kind = HW_KIND_BOOL}},
    {"c", {.kind = HW_KIND_INT8}},
    {"C", {.kind = HW_KIND_UINT8}},
    {"s", {.kind = HW_KIND_INT16}},
    {"S", {.kind = HW_KIND_UINT16}},
    {"i", {.kind = HW_KIND_INT32}},
    {"I", {.kind = HW_KIND_UINT32}},
    {"l", {.kind = HW_KIND_INT64}},
    {"L", {.kind = HW_KIND_UINT64}},
    {"e", {.kind = HW_KIND_HALF}},
    {"f", {.kind = HW_KIND_FLOAT}},
    {"g", {.kind = HW_KIND_DOUBLE}},
    {"z", {.kind = HW_KIND_BINARY}},
    {"Z", {.kind = HW_KIND_LARGE_BINARY}},
    {"u", {.kind = HW_KIND_TEXT}},
    {"U", {.kind = HW_KIND_LARGE_TEXT}},
    {"tdD", {.kind = HW_KIND_DATE}},
    {"tdm", {.kind = HW_KIND_DATE_MILLIS}},
    {"tts", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_SECONDS}},
    {"ttm", {.kind = HW_KIND_TIME32, .unit = HW_UNIT_MILLIS}},
    {"ttu", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_MICROS}},
    {"ttn", {.kind = HW_KIND_TIME64, .unit = HW_UNIT_NANOS}},
    {"tDs", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_SECONDS}},
    {"tDm", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_MILLIS}},
    {"tDu", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_MICROS}},
    {"tDn", {.kind = HW_KIND_DURATION, .unit = HW_UNIT_NANOS}},
    {"tiM", {.kind = HW_KIND_INTERVAL_MONTHS}},
    {"tiD", {.kind = HW_KIND_INTERVAL_DAYS}},
    {"tin", {.kind = HW_KIND_INTERVAL}},
    {"+l", {.kind = HW_KIND_LIST}},
    {"+L", {.kind = HW_KIND_LARGE_LIST}},
    {"+s", {.kind = HW_KIND_STRUCT}},
    {"+m", {.kind = HW_KIND_MAP}},
};

/* The beginnings of formats that Arrow has and the library does not. */
static const char *const unsupported[] = {"vu", "vz", "+vl", "+vL", "+ud:", "+us:", "+r"};

/* The letters of units, by enum hw_time_unit. */
static const char unit_letters[] = "unsm";

/* Decimals by their bits, the third number in their format. */
static const struct {
    unsigned bits;
    enum hw_kind kind;
} decimal_rows[] = {
    {32, HW_KIND_DECIMAL32}, {64, HW_KIND_DECIMAL64}, {128, HW_KIND_DECIMAL}, {256, HW_KIND_DECIMAL256}};

static const char *plain_format(struct hw_type type) {
    bool by_unit = type.kind == HW_KIND_TIME32 || type.kind == HW_KIND_TIME64 || type.kind == HW_KIND_DURATION;
    for (size_t i = 0; i < COUNT_OF(plain_rows); i++) {
        if (plain_rows[i].type.kind == type.kind && (!by_unit || plain_rows[i].type.unit == type.unit)) {
            return plain_rows[i].format;
        }
    }
    return NULL;
}

char *hw_arrow_format_write(struct hw_type type, struct hw_arena *arena) {
    char text[48];
    struct hw_type index = {.kind = type.index};
    const char *zone = type.utc ? (type.zone ? type.zone : "UTC") : "";
    switch (type.kind) {
    case HW_KIND_TIMESTAMP:
        snprintf(text, sizeof(text), "ts%c:", unit_letters[type.unit]);
        return hw_arena_join(arena, text, zone);
    case HW_KIND_UUID:
        return hw_arena_strdup(arena, "w:16");
    case HW_KIND_FIXED:
        snprintf(text, sizeof(text), "w:%" PRIu32, type.width);
        return hw_arena_strdup(arena, text);
    case HW_KIND_FIXED_LIST:
        snprintf(text, sizeof(text), "+w:%" PRIu32, type.width);
        return hw_arena_strdup(arena, text);
    case HW_KIND_DECIMAL:
        snprintf(text, sizeof(text), "d:%u,%u", type.precision, type.scale);
        return hw_arena_strdup(arena, text);
    case HW_KIND_DECIMAL32:
    case HW_KIND_DECIMAL64:
    case HW_KIND_DECIMAL256:
        snprintf(text, sizeof(text), "d:%u,%u,%zu", type.precision, type.scale, 8 * hw_kind_bytes(type.kind));
        return hw_arena_strdup(arena, text);
    default:
        return hw_arena_strdup(arena, plain_format(type.kind == HW_KIND_DICTIONARY ? index : type));
    }
}

static enum hw_status decimal_read(const char *format, struct hw_type *out_type, struct hw_error *err);
static enum hw_status width_read(const char *format, enum hw_kind kind, struct hw_type *out_type, struct hw_error *err);
static enum hw_status timestamp_read(const char *format, struct hw_arena *arena, struct hw_type *out_type,
                                     struct hw_error *err);

static enum hw_status wrong_format(const char *format, enum hw_status status, const char *why, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    return hw_fail(err, status, "Arrow format %s %s",
                   hw_quote(format, strnlen(format, FORMAT_BYTES_MAX), quoted, sizeof(quoted)), why);
}

enum hw_status hw_arrow_format_read(const char *format, struct hw_arena *arena, struct hw_type *out_type,
                                    struct hw_error *err) {
    if (strnlen(format, FORMAT_BYTES_MAX) == FORMAT_BYTES_MAX) {
        return wrong_format(format, HW_EDATA, "is too long", err);
    }
    for (size_t i = 0; i < COUNT_OF(plain_rows); i++) {
        if (strcmp(format, plain_rows[i].format) == 0) {
            *out_type = plain_rows[i].type;
            return HW_OK;
        }
    }
    if (strncmp(format, "d:", 2) == 0) {
        return decimal_read(format, out_type, err);
    }
    if (strncmp(format, "w:", 2) == 0) {
        return width_read(format, HW_KIND_FIXED, out_type, err);
    }
    if (strncmp(format, "+w:", 3) == 0) {
        return width_read(format, HW_KIND_FIXED_LIST, out_type, err);
    }
    if (strncmp(format, "ts", 2) == 0) {
        return timestamp_read(format, arena, out_type, err);
    }
    for (size_t i = 0; i < COUNT_OF(unsupported); i++) {
        if (strncmp(format, unsupported[i], strlen(unsupported[i])) == 0) {
            return wrong_format(format, HW_EUNSUPPORTED, "is not supported", err);
        }
    }
    return wrong_format(format, HW_EDATA, "is not known", err);
}

/*
 * Reads digits, and returns the text behind them; NULL where there are none, or the number is above
 * `most`.
 */
static const char *number_read(const char *text, uint64_t most, uint64_t *out_number) {
    hw_view rest = hw_view_of(text);
    return hw_whole_number_take(&rest, out_number) && *out_number <= most ? rest.data : NULL;
}

/* Reads d:PRECISION,SCALE[,BITS]. Only Arrow has scales below 0. */
static enum hw_status decimal_read(const char *format, struct hw_type *out_type, struct hw_error *err) {
    uint64_t precision, scale = 0, bits = 128;
    const char *at = number_read(format + 2, UINT8_MAX, &precision);
    if (at && *at == ',' && at[1] == '-') {
        return wrong_format(format, HW_EUNSUPPORTED, "has a negative scale", err);
    }
    at = at && *at == ',' ? number_read(at + 1, UINT8_MAX, &scale) : NULL;
    if (at && *at == ',') {
        at = number_read(at + 1, UINT16_MAX, &bits);
    }
    for (size_t i = 0; at && *at == '\0' && i < COUNT_OF(decimal_rows); i++) {
        if (decimal_rows[i].bits != bits) {
            continue;
        }
        if (precision < 1 || precision > hw_kind_precision_max(decimal_rows[i].kind) || scale > precision) {
            return wrong_format(format, HW_EDATA, "has a precision or scale that its bits cannot have", err);
        }
        *out_type =
            (struct hw_type){.kind = decimal_rows[i].kind, .precision = (uint8_t)precision, .scale = (uint8_t)scale};
        return HW_OK;
    }
    return wrong_format(format, HW_EDATA, "is no decimal", err);
}

static enum hw_status width_read(const char *format, enum hw_kind kind, struct hw_type *out_type,
                                 struct hw_error *err) {
    uint64_t width;
    const char *end = number_read(strchr(format, ':') + 1, INT32_MAX, &width);
    if (!end || *end != '\0') {
        return wrong_format(format, HW_EDATA, "has no width", err);
    }
    *out_type = (struct hw_type){.kind = kind, .width = (uint32_t)width};
    return HW_OK;
}

/* Reads ts[smun]:ZONE, where the zone may be empty. */
static enum hw_status timestamp_read(const char *format, struct hw_arena *arena, struct hw_type *out_type,
                                     struct hw_error *err) {
    const char *letter = format[2] != '\0' ? strchr(unit_letters, format[2]) : NULL;
    if (!letter || format[3] != ':') {
        return wrong_format(format, HW_EDATA, "is no timestamp", err);
    }
    const char *zone = format + 4;
    struct hw_type type = {
        .kind = HW_KIND_TIMESTAMP, .unit = (enum hw_time_unit)(letter - unit_letters), .utc = *zone != '\0'};
    if (type.utc && strcmp(zone, "UTC") != 0) {
        type.zone = hw_arena_strdup(arena, zone);
        if (!type.zone) {
            return hw_fail_nomem(err, strlen(zone));
        }
    }
    *out_type = type;
    return HW_OK;
}

unsigned hw_arrow_buffers(enum hw_kind kind) {
    switch (kind) {
    case HW_KIND_NULL:
        return 0;
    case HW_KIND_STRUCT:
    case HW_KIND_FIXED_LIST:
        return 1;
    default:
        return hw_kind_is_bytes(kind) ? 3 : 2;
    }
}
