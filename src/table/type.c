/* SPDX-License-Identifier: Apache-2.0 */
#include "table/type.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/error.h"
#include "table/type_alias.h"

/* The parameters in brackets behind a kind's word. */
enum form { FORM_PLAIN, FORM_DECIMAL, FORM_UNIT, FORM_UNIT_ZONE, FORM_WIDTH, FORM_INDEX };
enum { UNITS_ALL = 15, UNITS_COARSE = 1 << HW_UNIT_SECONDS | 1 << HW_UNIT_MILLIS, UNITS_FINE = 3 };

/* The properties of a kind's values apart from their width. */
enum { IS_FLAT = 1, IS_BYTES = 2, IS_LARGE = 4 };

static const struct kind_row {
    const char *name; /* without parameters */
    uint8_t bytes;    /* bytes of one value in a batch */
    uint8_t form;
    uint8_t precision_max; /* decimals */
    uint8_t units;         /* the units that the kind takes, bits by enum hw_time_unit */
    uint8_t traits;
} kind_rows[] = {
    [HW_KIND_NULL] = {"null", 0, .traits = IS_FLAT},
    [HW_KIND_BOOL] = {"boolean", 0, .traits = IS_FLAT},
    [HW_KIND_INT64] = {"int64", 8, .traits = IS_FLAT},
    [HW_KIND_DOUBLE] = {"double", 8, .traits = IS_FLAT},
    [HW_KIND_DECIMAL] = {"decimal", 16, FORM_DECIMAL, HW_DECIMAL_PRECISION_MAX, .traits = IS_FLAT},
    [HW_KIND_DATE] = {"date", 4, .traits = IS_FLAT},
    [HW_KIND_TIMESTAMP] = {"timestamp", 8, FORM_UNIT_ZONE, .units = UNITS_ALL, .traits = IS_FLAT},
    [HW_KIND_TEXT] = {"text", 0, .traits = IS_FLAT | IS_BYTES},
    [HW_KIND_UUID] = {"uuid", 16, .traits = IS_FLAT},
    [HW_KIND_INT8] = {"int8", 1, .traits = IS_FLAT},
    [HW_KIND_INT16] = {"int16", 2, .traits = IS_FLAT},
    [HW_KIND_INT32] = {"int32", 4, .traits = IS_FLAT},
    [HW_KIND_UINT8] = {"uint8", 1, .traits = IS_FLAT},
    [HW_KIND_UINT16] = {"uint16", 2, .traits = IS_FLAT},
    [HW_KIND_UINT32] = {"uint32", 4, .traits = IS_FLAT},
    [HW_KIND_UINT64] = {"uint64", 8, .traits = IS_FLAT},
    [HW_KIND_HALF] = {"half", 2, .traits = IS_FLAT},
    [HW_KIND_FLOAT] = {"float", 4, .traits = IS_FLAT},
    [HW_KIND_DECIMAL32] = {"decimal32", 4, FORM_DECIMAL, HW_DECIMAL32_PRECISION_MAX, .traits = IS_FLAT},
    [HW_KIND_DECIMAL64] = {"decimal64", 8, FORM_DECIMAL, HW_DECIMAL64_PRECISION_MAX, .traits = IS_FLAT},
    [HW_KIND_DECIMAL256] = {"decimal256", 32, FORM_DECIMAL, HW_DECIMAL256_PRECISION_MAX, .traits = IS_FLAT},
    [HW_KIND_DATE_MILLIS] = {"date(ms)", 8, .traits = IS_FLAT},
    [HW_KIND_TIME32] = {"time", 4, FORM_UNIT_ZONE, .units = UNITS_COARSE, .traits = IS_FLAT},
    [HW_KIND_TIME64] = {"time", 8, FORM_UNIT_ZONE, .units = UNITS_FINE, .traits = IS_FLAT},
    [HW_KIND_DURATION] = {"duration", 8, FORM_UNIT, .units = UNITS_ALL, .traits = IS_FLAT},
    [HW_KIND_INTERVAL] = {"interval", 16, .traits = IS_FLAT},
    [HW_KIND_INTERVAL_MONTHS] = {"interval(months)", 4, .traits = IS_FLAT},
    [HW_KIND_INTERVAL_DAYS] = {"interval(days)", 8, .traits = IS_FLAT},
    [HW_KIND_BINARY] = {"binary", 0, .traits = IS_FLAT | IS_BYTES},
    [HW_KIND_FIXED] = {"fixed", 0, FORM_WIDTH, .traits = IS_FLAT},
    [HW_KIND_LARGE_TEXT] = {"large_text", 0, .traits = IS_FLAT | IS_BYTES | IS_LARGE},
    [HW_KIND_LARGE_BINARY] = {"large_binary", 0, .traits = IS_FLAT | IS_BYTES | IS_LARGE},
    [HW_KIND_LIST] = {"list", 0},
    [HW_KIND_LARGE_LIST] = {"large_list", 0, .traits = IS_LARGE},
    [HW_KIND_FIXED_LIST] = {"fixed_list", 0, FORM_WIDTH},
    [HW_KIND_STRUCT] = {"struct", 0},
    [HW_KIND_MAP] = {"map", 0},
    [HW_KIND_DICTIONARY] = {"dictionary", 0, FORM_INDEX},
};
static_assert(COUNT_OF(kind_rows) == HW_KIND_COUNT, "one row a kind");

static const char *const unit_names[] = {
    [HW_UNIT_MICROS] = "us", [HW_UNIT_NANOS] = "ns", [HW_UNIT_SECONDS] = "s", [HW_UNIT_MILLIS] = "ms"};
static_assert(COUNT_OF(unit_names) == HW_UNIT_COUNT, "one name a unit");

/* The words of labels, and the kinds that can have them. */
static const struct {
    const char *name;
    enum hw_kind kind;
} label_rows[] = {[HW_LABEL_ENUM] = {"enum", HW_KIND_TEXT},
                  [HW_LABEL_JSON] = {"json", HW_KIND_TEXT},
                  [HW_LABEL_BSON] = {"bson", HW_KIND_BINARY}};

size_t hw_kind_bytes(enum hw_kind kind) {
    return kind_rows[kind].bytes;
}

size_t hw_type_bytes(struct hw_type type) {
    return type.kind == HW_KIND_FIXED ? type.width : kind_rows[type.kind].bytes;
}

bool hw_kind_is_flat(enum hw_kind kind) {
    return (kind_rows[kind].traits & IS_FLAT) != 0;
}

bool hw_kind_is_bytes(enum hw_kind kind) {
    return (kind_rows[kind].traits & IS_BYTES) != 0;
}

bool hw_kind_is_large(enum hw_kind kind) {
    return (kind_rows[kind].traits & IS_LARGE) != 0;
}

unsigned hw_kind_precision_max(enum hw_kind kind) {
    return kind_rows[kind].precision_max;
}

bool hw_kind_takes_unit(enum hw_kind kind, enum hw_time_unit unit) {
    return (kind_rows[kind].units >> unit & 1) != 0;
}

static bool has_label(struct hw_type type) {
    return type.label != HW_LABEL_NONE && type.label < COUNT_OF(label_rows) && label_rows[type.label].kind == type.kind;
}

void hw_type_format(struct hw_type type, char *out, size_t out_bytes) {
    const struct kind_row *row = &kind_rows[type.kind];
    switch ((enum form)row->form) {
    case FORM_DECIMAL:
        snprintf(out, out_bytes, "%s(%u,%u)", row->name, (unsigned)type.precision, (unsigned)type.scale);
        break;
    case FORM_UNIT:
        snprintf(out, out_bytes, "%s(%s)", row->name, unit_names[type.unit]);
        break;
    case FORM_UNIT_ZONE:
        snprintf(out, out_bytes, "%s(%s%s%s)", row->name, unit_names[type.unit], type.utc ? ", " : "",
                 !type.utc   ? ""
                 : type.zone ? type.zone
                             : "UTC");
        break;
    case FORM_WIDTH:
        snprintf(out, out_bytes, "%s(%" PRIu32 ")", row->name, type.width);
        break;
    case FORM_INDEX:
        snprintf(out, out_bytes, "%s(%s)", row->name, kind_rows[type.index].name);
        break;
    case FORM_PLAIN:
        snprintf(out, out_bytes, "%s", has_label(type) ? label_rows[type.label].name : row->name);
        break;
    }
}

/* Reads a decimal that is written as `canonical`; `text` is what was said, for the message. */
static enum hw_status decimal_parse(const char *canonical, const char *text, enum hw_kind kind,
                                    struct hw_type *out_type, struct hw_error *err) {
    const char *name = kind_rows[kind].name;
    const unsigned most = kind_rows[kind].precision_max;
    unsigned precision = 0;
    unsigned scale = 0;
    char written[32];
    char quoted[HW_QUOTE_BYTES];
    int found = sscanf(canonical + strlen(name), "(%2u,%2u)", &precision, &scale);
    struct hw_type type = {.kind = kind, .precision = (uint8_t)precision, .scale = (uint8_t)scale};
    hw_type_format(type, written, sizeof(written));
    if (found != 2 || strcmp(canonical, written) != 0) {
        return hw_fail(err, HW_ECONFIG, "type %s is not %s(PRECISION,SCALE)",
                       hw_quote(text, strlen(text), quoted, sizeof(quoted)), name);
    }
    if (precision < 1 || precision > most || scale > precision) {
        return hw_fail(err, HW_ECONFIG, "type %s: precision is 1 to %u, scale at most the precision",
                       hw_quote(text, strlen(text), quoted, sizeof(quoted)), most);
    }
    *out_type = type;
    return HW_OK;
}

/* Returns whether the text is exactly the one that is written for `type`. */
static bool type_reads(const char *text, struct hw_type type, struct hw_type *out_type) {
    char canonical[64];
    hw_type_format(type, canonical, sizeof(canonical));
    if (strcmp(text, canonical) != 0) {
        return false;
    }
    *out_type = type;
    return true;
}

static bool units_parse(const char *text, enum hw_kind kind, struct hw_type *out_type) {
    for (unsigned unit = 0; unit < HW_UNIT_COUNT; unit++) {
        struct hw_type type = {.kind = kind, .unit = (enum hw_time_unit)unit};
        if (!hw_kind_takes_unit(kind, type.unit)) {
            continue;
        }
        if (type_reads(text, type, out_type)) {
            return true;
        }
        type.utc = kind_rows[kind].form == FORM_UNIT_ZONE;
        char contract[32]; /* the form without a blank, as schemas are listed */
        snprintf(contract, sizeof(contract), "%s(%s,utc)", kind_rows[kind].name, unit_names[unit]);
        if (type.utc && (type_reads(text, type, out_type) || strcmp(text, contract) == 0)) {
            *out_type = type;
            return true;
        }
    }
    return false;
}

static bool width_parse(const char *text, enum hw_kind kind, struct hw_type *out_type) {
    struct hw_type type = {.kind = kind};
    const char *name = kind_rows[kind].name;
    return strncmp(text, name, strlen(name)) == 0 && sscanf(text + strlen(name), "(%10" SCNu32 ")", &type.width) == 1 &&
           type_reads(text, type, out_type);
}

static bool index_parse(const char *text, struct hw_type *out_type) {
    for (unsigned kind = 0; kind < HW_KIND_COUNT; kind++) {
        if (hw_kind_is_integer((enum hw_kind)kind) &&
            type_reads(text, (struct hw_type){.kind = HW_KIND_DICTIONARY, .index = (enum hw_kind)kind}, out_type)) {
            return true;
        }
    }
    return false;
}

static bool plain_parse(const char *text, enum hw_kind kind, struct hw_type *out_type) {
    for (unsigned label = HW_LABEL_ENUM; label < COUNT_OF(label_rows); label++) {
        struct hw_type type = {.kind = kind, .label = (enum hw_label)label};
        if (label_rows[label].kind == kind && type_reads(text, type, out_type)) {
            return true;
        }
    }
    return type_reads(text, (struct hw_type){.kind = kind}, out_type);
}

static bool kind_parse(const char *text, enum hw_kind kind, struct hw_type *out_type) {
    switch ((enum form)kind_rows[kind].form) {
    case FORM_UNIT:
    case FORM_UNIT_ZONE:
        return units_parse(text, kind, out_type);
    case FORM_WIDTH:
        return width_parse(text, kind, out_type);
    case FORM_INDEX:
        return index_parse(text, out_type);
    case FORM_PLAIN:
        return plain_parse(text, kind, out_type);
    default:
        return false;
    }
}

static enum hw_status type_unknown(const char *text, struct hw_error *err);

enum hw_status hw_type_parse(const char *text, struct hw_type *out_type, struct hw_error *err) {
    char canonical[HW_TYPE_TEXT_BYTES];
    if (!hw_type_alias_resolve(text, canonical)) {
        return type_unknown(text, err);
    }
    for (unsigned kind = 0; kind < HW_KIND_COUNT; kind++) {
        const char *name = kind_rows[kind].name;
        if (kind_rows[kind].form != FORM_DECIMAL) {
            if (kind_parse(canonical, (enum hw_kind)kind, out_type)) {
                return HW_OK;
            }
        } else if (strncmp(canonical, name, strlen(name)) == 0 &&
                   (canonical[strlen(name)] == '(' || canonical[strlen(name)] == '\0')) {
            return decimal_parse(canonical, text, (enum hw_kind)kind, out_type, err);
        }
    }
    return type_unknown(text, err);
}

/* Returns whether the text is a type with something in brackets that it does not take. */
static bool brackets_spare(const char *text) {
    char word[HW_TYPE_TEXT_BYTES];
    char canonical[HW_TYPE_TEXT_BYTES];
    struct hw_type type;
    const size_t bytes = strcspn(text, "([");
    if (text[bytes] == '\0' || bytes >= sizeof(word)) {
        return false;
    }
    memcpy(word, text, bytes);
    word[bytes] = '\0';
    return hw_type_alias_resolve(word, canonical) &&
           (plain_parse(canonical, HW_KIND_TEXT, &type) || plain_parse(canonical, HW_KIND_INT64, &type) ||
            plain_parse(canonical, HW_KIND_DOUBLE, &type));
}

static enum hw_status type_unknown(const char *text, struct hw_error *err) {
    /* The types that somebody may have meant for a column of a CSV. */
    static const char *const known[] = {"null",
                                        "boolean",
                                        "int64",
                                        "double",
                                        "date",
                                        "text",
                                        "uuid",
                                        "decimal(18,2)",
                                        "timestamp(us)",
                                        "timestamp(ns)",
                                        "timestamp(us, UTC)",
                                        "timestamp(ns, UTC)"};
    struct hw_nearest_search search = {.word = hw_view_of(text)};
    char quoted[HW_QUOTE_BYTES];
    hw_quote(text, strlen(text), quoted, sizeof(quoted));
    if (brackets_spare(text)) {
        return hw_fail(err, HW_ECONFIG, "type %s takes nothing in brackets: no length of values is checked", quoted);
    }
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        hw_nearest_offer(&search, hw_view_of(known[i]));
    }
    hw_type_alias_offer(&search);
    return hw_fail(err, HW_ECONFIG, "unknown type %s%s%s%s", quoted, search.best.data ? ", did you mean \"" : "",
                   search.best.data ? search.best.data : "", search.best.data ? "\"?" : "");
}

bool hw_type_equal(struct hw_type a, struct hw_type b) {
    if (a.kind != b.kind || has_label(a) != has_label(b) || (has_label(a) && a.label != b.label)) {
        return false;
    }
    switch ((enum form)kind_rows[a.kind].form) {
    case FORM_DECIMAL:
        return a.precision == b.precision && a.scale == b.scale;
    case FORM_UNIT:
        return a.unit == b.unit;
    case FORM_UNIT_ZONE:
        return a.unit == b.unit && a.utc == b.utc &&
               (!a.utc || strcmp(a.zone ? a.zone : "UTC", b.zone ? b.zone : "UTC") == 0);
    case FORM_WIDTH:
        return a.width == b.width;
    case FORM_INDEX:
        return a.index == b.index && a.ordered == b.ordered;
    case FORM_PLAIN:
        return a.kind != HW_KIND_MAP || a.ordered == b.ordered;
    }
    return true;
}
