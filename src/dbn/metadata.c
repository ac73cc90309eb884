/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/metadata.h"

#include <string.h>

#include "core/calendar.h"
#include "core/limits.h"
#include "dbn/text.h"

/* Offsets in the metadata, behind the prelude. In version 1 a count of records lies at 42. */
enum {
    AT_DATASET = 0,
    AT_SCHEMA = 16,
    AT_START = 18,
    AT_END = 26,
    AT_LIMIT = 34,
    AT_STYPES = 42,
    AT_STYPES_1 = 50,
    AT_SCHEMA_DEFINITION = 100,
    AT_LISTS = 104
};

/* In version 3 zeros follow, up to a multiple of it. */
enum { ALIGNMENT_3 = 8 };

static const char *const stypes[HW_DBN_STYPES] = {
    "instrument_id", "raw_symbol", "smart",     "continuous",  "parent",          "nasdaq_symbol",
    "cms_symbol",    "isin",       "us_code",   "bbg_comp_id", "bbg_comp_ticker", "figi",
    "figi_ticker",   "listing_id", "issuer_id", "security_id",
};

/* What is read, and where it has got to. */
struct reading {
    unsigned version;
    hw_view bytes;
    size_t at;
    size_t symbol_bytes;
    uint64_t intervals;
    struct hw_arena *arena;
    struct hw_dbn_fault *fault;
    struct hw_error *err;
};

/* ------ the prelude */

enum hw_status hw_dbn_prelude_read(const uint8_t *bytes, unsigned *out_version, size_t *out_bytes,
                                   struct hw_dbn_fault *fault, struct hw_error *err) {
    const unsigned version = bytes[3];
    const uint32_t length = hw_load_le32(bytes + 4);
    if (memcmp(bytes, "DBN", 3) != 0) {
        *fault = (struct hw_dbn_fault){"dbn.magic", 0};
        return hw_fail(err, HW_EDATA, "it is not DBN: it does not begin with the letters DBN");
    }
    if (version < HW_DBN_VERSION_MIN || version > HW_DBN_VERSION_MAX) {
        *fault = (struct hw_dbn_fault){"dbn.version", 3};
        return hw_fail(err, HW_EDATA, "it is DBN of version %u, and versions %d to %d are known", version,
                       HW_DBN_VERSION_MIN, HW_DBN_VERSION_MAX);
    }
    if (length < HW_DBN_METADATA_BYTES_MIN || length > HW_DBN_METADATA_BYTES_MAX) {
        *fault = (struct hw_dbn_fault){"dbn.metadata_length", 4};
        return hw_fail(err, HW_EDATA, "its metadata have %u bytes, and there are %d to %llu of them", (unsigned)length,
                       HW_DBN_METADATA_BYTES_MIN, (unsigned long long)HW_DBN_METADATA_BYTES_MAX);
    }
    *out_version = version;
    *out_bytes = length;
    return HW_OK;
}

/* ------ the metadata */

static enum hw_status fixed_read(struct reading *reading, struct hw_dbn_metadata *out);
static enum hw_status symbols_read(struct reading *reading, const char *name, struct hw_dbn_symbols *out);
static enum hw_status mappings_read(struct reading *reading, struct hw_dbn_metadata *out);
static enum hw_status end_check(const struct reading *reading);

enum hw_status hw_dbn_metadata_read(unsigned version, hw_view bytes, struct hw_arena *arena,
                                    struct hw_dbn_metadata *out, struct hw_dbn_fault *fault, struct hw_error *err) {
    struct reading reading = {.version = version, .bytes = bytes, .arena = arena, .fault = fault, .err = err};
    struct hw_dbn_metadata read = {.version = version};
    HW_TRY(fixed_read(&reading, &read));
    HW_TRY(symbols_read(&reading, "symbols", &read.symbols));
    HW_TRY(symbols_read(&reading, "partial", &read.partial));
    HW_TRY(symbols_read(&reading, "not_found", &read.not_found));
    HW_TRY(mappings_read(&reading, &read));
    HW_TRY(end_check(&reading));
    *out = read;
    return HW_OK;
}

/* Sets the fault, and returns the status of the message that follows. */
#define WRONG(reading, wrong, ...) (fault_set(reading, wrong), hw_fail((reading)->err, HW_EDATA, __VA_ARGS__))

static void fault_set(const struct reading *reading, const char *code) {
    *reading->fault = (struct hw_dbn_fault){code, HW_DBN_PRELUDE_BYTES + reading->at};
}

static const uint8_t *at_of(const struct reading *reading) {
    return (const uint8_t *)reading->bytes.data + reading->at;
}

static enum hw_status text_read(struct reading *reading, const char *name, size_t bytes, hw_view *out) {
    hw_view text;
    const char *wrong = hw_dbn_text_read(at_of(reading), bytes, &text);
    if (wrong) {
        return WRONG(reading, "dbn.metadata", "a text of %s in its metadata %s", name, wrong);
    }
    reading->at += bytes;
    *out = text;
    return HW_OK;
}

/* The reserved bytes are those from the last field up to the schema's definition. */
static bool reserved_are_set(const struct reading *reading, size_t from) {
    bool set = false;
    for (size_t i = from; i < AT_SCHEMA_DEFINITION; i++) {
        set |= reading->bytes.data[i] != 0;
    }
    return set;
}

static enum hw_status fixed_read(struct reading *reading, struct hw_dbn_metadata *out) {
    const uint8_t *bytes = (const uint8_t *)reading->bytes.data;
    const size_t at = reading->version == 1 ? AT_STYPES_1 : AT_STYPES;
    if (reading->bytes.size < HW_DBN_METADATA_BYTES_MIN) {
        return WRONG(reading, "dbn.metadata_length", "its metadata are cut");
    }
    HW_TRY(text_read(reading, "dataset", HW_DBN_DATASET_BYTES, &out->dataset));
    out->schema = (unsigned)(bytes[AT_SCHEMA] | bytes[AT_SCHEMA + 1] << 8);
    out->start = hw_load_le64(bytes + AT_START);
    out->end = hw_load_le64(bytes + AT_END);
    out->limit = hw_load_le64(bytes + AT_LIMIT);
    out->stype_in = bytes[at];
    out->stype_out = bytes[at + 1];
    out->ts_out = bytes[at + 2] != 0;
    reading->symbol_bytes = reading->version == 1 ? HW_DBN_SYMBOL_BYTES_1 : bytes[at + 3] | (size_t)bytes[at + 4] << 8;
    out->reserved_set = reserved_are_set(reading, reading->version == 1 ? at + 3 : at + 5);
    if (!hw_dbn_schema_name(out->schema) && out->schema != HW_DBN_MIXED) {
        reading->at = AT_SCHEMA;
        return WRONG(reading, "dbn.metadata", "its schema has the number %u, which is not known", out->schema);
    }
    if ((out->stype_in >= HW_DBN_STYPES && out->stype_in != HW_DBN_STYPE_NONE) ||
        (out->stype_out >= HW_DBN_STYPES && out->stype_out != HW_DBN_STYPE_NONE)) {
        reading->at = at;
        return WRONG(reading, "dbn.metadata", "its kinds of symbols have the numbers %u and %u, one of them not known",
                     out->stype_in, out->stype_out);
    }
    if (reading->version > 1 && reading->symbol_bytes != HW_DBN_SYMBOL_BYTES) {
        reading->at = at + 3;
        return WRONG(reading, "dbn.metadata", "its symbols have %zu bytes, and those of its version have %d",
                     reading->symbol_bytes, HW_DBN_SYMBOL_BYTES);
    }
    reading->at = AT_SCHEMA_DEFINITION;
    if (hw_load_le32(bytes + AT_SCHEMA_DEFINITION) != 0) {
        return WRONG(reading, "dbn.metadata", "its metadata have a definition of the schema, which no version has");
    }
    reading->at = AT_LISTS;
    return HW_OK;
}

/* Reads how many items follow, of `item_bytes` at least, which have to be there. */
static enum hw_status count_read(struct reading *reading, const char *name, size_t item_bytes, size_t *out_count) {
    const size_t left = reading->bytes.size - reading->at;
    const uint32_t count = left >= 4 ? hw_load_le32(at_of(reading)) : 0;
    if (left < 4 || count > (left - 4) / item_bytes) {
        return WRONG(reading, "dbn.metadata", "its metadata end within the list of %s", name);
    }
    if (count > HW_DBN_SYMBOLS_MAX) {
        fault_set(reading, "dbn.metadata");
        return hw_fail(reading->err, HW_ELIMIT, "its metadata have a list of %s with %u items, %u at most are read",
                       name, (unsigned)count, HW_DBN_SYMBOLS_MAX);
    }
    reading->at += 4;
    *out_count = count;
    return HW_OK;
}

static enum hw_status symbols_read(struct reading *reading, const char *name, struct hw_dbn_symbols *out) {
    size_t count;
    HW_TRY(count_read(reading, name, reading->symbol_bytes, &count));
    hw_view *items = hw_arena_alloc(reading->arena, count * sizeof(*items));
    if (!items) {
        return hw_fail_nomem(reading->err, count * sizeof(*items));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(text_read(reading, name, reading->symbol_bytes, &items[i]));
    }
    *out = (struct hw_dbn_symbols){items, count};
    return HW_OK;
}

/* ------ mappings */

static enum hw_status intervals_read(struct reading *reading, struct hw_dbn_mapping *out);

static enum hw_status mappings_read(struct reading *reading, struct hw_dbn_metadata *out) {
    size_t count;
    HW_TRY(count_read(reading, "mappings", reading->symbol_bytes + 4, &count));
    struct hw_dbn_mapping *mappings = hw_arena_alloc(reading->arena, count * sizeof(*mappings));
    if (!mappings) {
        return hw_fail_nomem(reading->err, count * sizeof(*mappings));
    }
    for (size_t i = 0; i < count; i++) {
        if (reading->bytes.size - reading->at < reading->symbol_bytes) {
            return WRONG(reading, "dbn.metadata", "its metadata end within the list of mappings");
        }
        HW_TRY(text_read(reading, "mappings", reading->symbol_bytes, &mappings[i].symbol));
        HW_TRY(intervals_read(reading, &mappings[i]));
    }
    out->mappings = mappings;
    out->mappings_count = count;
    return HW_OK;
}

/* Returns whether a number as 20240301 is a day. */
static bool is_day(uint32_t number) {
    const uint32_t year = number / 10000;
    return year >= 1 && year <= 9999 && hw_calendar_has_day(year, number / 100 % 100, number % 100);
}

static enum hw_status interval_read(struct reading *reading, hw_view mapped, struct hw_dbn_interval *out) {
    char quoted[HW_QUOTE_BYTES];
    const uint32_t start = hw_load_le32(at_of(reading)), end = hw_load_le32(at_of(reading) + 4);
    if (!is_day(start) || !is_day(end) || start >= end) {
        return WRONG(reading, "dbn.mapping", "the symbol %s is mapped from %u to %u, which are no days in this order",
                     hw_quote(mapped.data, mapped.size, quoted, sizeof(quoted)), (unsigned)start, (unsigned)end);
    }
    reading->at += 8;
    *out = (struct hw_dbn_interval){.start = start, .end = end};
    return text_read(reading, "mappings", reading->symbol_bytes, &out->symbol);
}

static enum hw_status intervals_read(struct reading *reading, struct hw_dbn_mapping *out) {
    size_t count;
    HW_TRY(count_read(reading, "intervals", 8 + reading->symbol_bytes, &count));
    reading->intervals += count;
    if (reading->intervals > HW_DBN_SYMBOLS_MAX) {
        fault_set(reading, "dbn.metadata");
        return hw_fail(reading->err, HW_ELIMIT, "its metadata map symbols in more than %u intervals",
                       HW_DBN_SYMBOLS_MAX);
    }
    struct hw_dbn_interval *intervals = hw_arena_alloc(reading->arena, count * sizeof(*intervals));
    if (!intervals) {
        return hw_fail_nomem(reading->err, count * sizeof(*intervals));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(interval_read(reading, out->symbol, &intervals[i]));
    }
    out->intervals = intervals;
    out->count = count;
    return HW_OK;
}

/* ------ the end */

static enum hw_status end_check(const struct reading *reading) {
    const size_t left = reading->bytes.size - reading->at;
    bool zeros = true;
    for (size_t i = 0; i < left; i++) {
        zeros &= at_of(reading)[i] == 0;
    }
    if (left > (reading->version < 3 ? 0 : ALIGNMENT_3 - 1) || !zeros) {
        return WRONG(reading, "dbn.metadata", "its metadata have %zu bytes behind their last list", left);
    }
    return HW_OK;
}

const char *hw_dbn_stype_name(uint8_t stype) {
    return stype < HW_DBN_STYPES ? stypes[stype] : NULL;
}
