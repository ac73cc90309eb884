/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/fact_name.h"

#include "parquet/page_index_read.h"

/* Returns name `number` of a list; NULL where it has none. */
static const char *name_at(const char *const *names, size_t count, int32_t number) {
    return number >= 0 && (size_t)number < count ? names[number] : NULL;
}

const char *hw_page_codec_name(int32_t codec) {
    static const char *const names[HW_PAGE_CODEC_COUNT] = {
        [HW_PAGE_CODEC_NONE] = "UNCOMPRESSED", [HW_PAGE_CODEC_SNAPPY] = "SNAPPY",   [HW_PAGE_CODEC_GZIP] = "GZIP",
        [HW_PAGE_CODEC_LZO] = "LZO",           [HW_PAGE_CODEC_BROTLI] = "BROTLI",   [HW_PAGE_CODEC_LZ4] = "LZ4",
        [HW_PAGE_CODEC_ZSTD] = "ZSTD",         [HW_PAGE_CODEC_LZ4_RAW] = "LZ4_RAW",
    };
    return name_at(names, COUNT_OF(names), codec);
}

const char *hw_converted_name(int32_t converted) {
    static const char *const names[HW_CONVERTED_COUNT] = {
        [HW_CONVERTED_UTF8] = "UTF8",
        [HW_CONVERTED_MAP] = "MAP",
        [HW_CONVERTED_MAP_KEY_VALUE] = "MAP_KEY_VALUE",
        [HW_CONVERTED_LIST] = "LIST",
        [HW_CONVERTED_ENUM] = "ENUM",
        [HW_CONVERTED_DECIMAL] = "DECIMAL",
        [HW_CONVERTED_DATE] = "DATE",
        [HW_CONVERTED_TIME_MILLIS] = "TIME_MILLIS",
        [HW_CONVERTED_TIME_MICROS] = "TIME_MICROS",
        [HW_CONVERTED_TIMESTAMP_MILLIS] = "TIMESTAMP_MILLIS",
        [HW_CONVERTED_TIMESTAMP_MICROS] = "TIMESTAMP_MICROS",
        [HW_CONVERTED_UINT_8] = "UINT_8",
        [HW_CONVERTED_UINT_16] = "UINT_16",
        [HW_CONVERTED_UINT_32] = "UINT_32",
        [HW_CONVERTED_UINT_64] = "UINT_64",
        [HW_CONVERTED_INT_8] = "INT_8",
        [HW_CONVERTED_INT_16] = "INT_16",
        [HW_CONVERTED_INT_32] = "INT_32",
        [HW_CONVERTED_INT_64] = "INT_64",
        [HW_CONVERTED_JSON] = "JSON",
        [HW_CONVERTED_BSON] = "BSON",
        [HW_CONVERTED_INTERVAL] = "INTERVAL",
    };
    return name_at(names, COUNT_OF(names), converted);
}

const char *hw_repetition_name(int32_t repetition) {
    static const char *const names[HW_REPETITION_COUNT] = {
        [HW_REPETITION_REQUIRED] = "required",
        [HW_REPETITION_OPTIONAL] = "optional",
        [HW_REPETITION_REPEATED] = "repeated",
    };
    return name_at(names, COUNT_OF(names), repetition);
}

const char *hw_boundary_order_name(int32_t order) {
    static const char *const names[HW_BOUNDARY_COUNT] = {
        [HW_BOUNDARY_UNORDERED] = "unordered",
        [HW_BOUNDARY_ASCENDING] = "ascending",
        [HW_BOUNDARY_DESCENDING] = "descending",
    };
    return name_at(names, COUNT_OF(names), order);
}

/* ------ logical types */

typedef enum hw_status members_fn(const struct hw_logical *logical, struct hw_buf *out, struct hw_error *err);

static enum hw_status decimal_members(const struct hw_logical *logical, struct hw_buf *out, struct hw_error *err) {
    return hw_buf_printf(out, err, "(%" PRId32 ",%" PRId32 ")", logical->precision, logical->scale);
}

static enum hw_status time_members(const struct hw_logical *logical, struct hw_buf *out, struct hw_error *err) {
    static const char *const units[] = {"unknown", "ms", "us", "ns"};
    const char *unit = name_at(units, COUNT_OF(units), logical->unit);
    return hw_buf_printf(out, err, "(%s,%s)", unit ? unit : units[0], logical->utc ? "utc" : "local");
}

static enum hw_status integer_members(const struct hw_logical *logical, struct hw_buf *out, struct hw_error *err) {
    return hw_buf_printf(out, err, "(%d,%s)", logical->bit_width, logical->is_signed ? "signed" : "unsigned");
}

static enum hw_status geo_members(const struct hw_logical *logical, struct hw_buf *out, struct hw_error *err) {
    if (logical->crs.size == 0) {
        return HW_OK;
    }
    HW_TRY(hw_buf_append_byte(out, '(', err));
    HW_TRY(hw_buf_append(out, logical->crs.data, logical->crs.size, err));
    return hw_buf_append_byte(out, ')', err);
}

static const struct {
    const char *name;
    members_fn *members;
} logicals[HW_LOGICAL_COUNT] = {
    [HW_LOGICAL_STRING] = {"string"},
    [HW_LOGICAL_MAP] = {"map"},
    [HW_LOGICAL_LIST] = {"list"},
    [HW_LOGICAL_ENUM] = {"enum"},
    [HW_LOGICAL_DECIMAL] = {"decimal", decimal_members},
    [HW_LOGICAL_DATE] = {"date"},
    [HW_LOGICAL_TIME] = {"time", time_members},
    [HW_LOGICAL_TIMESTAMP] = {"timestamp", time_members},
    [HW_LOGICAL_INTEGER] = {"int", integer_members},
    [HW_LOGICAL_UNKNOWN] = {"null"},
    [HW_LOGICAL_JSON] = {"json"},
    [HW_LOGICAL_BSON] = {"bson"},
    [HW_LOGICAL_UUID] = {"uuid"},
    [HW_LOGICAL_FLOAT16] = {"float16"},
    [HW_LOGICAL_VARIANT] = {"variant"},
    [HW_LOGICAL_GEOMETRY] = {"geometry", geo_members},
    [HW_LOGICAL_GEOGRAPHY] = {"geography", geo_members},
    [HW_LOGICAL_FILE] = {"file"},
};

enum hw_status hw_logical_format(const struct hw_logical *logical, struct hw_buf *out, struct hw_error *err) {
    const bool known = logical->kind > 0 && logical->kind < HW_LOGICAL_COUNT && logicals[logical->kind].name;
    if (!known) {
        return hw_buf_printf(out, err, "unknown(%d)", logical->kind);
    }
    HW_TRY(hw_buf_append_text(out, logicals[logical->kind].name, err));
    members_fn *members = logicals[logical->kind].members;
    return members ? members(logical, out, err) : HW_OK;
}
