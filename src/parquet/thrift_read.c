/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/thrift_read.h"

#include <stdarg.h>
#include <stdio.h>

#include "parquet/thrift_type.h"
#include "parquet/varint.h"

static int field_id(struct hw_thrift_reader *in, unsigned delta);
static bool enter(struct hw_thrift_reader *in);
static void skip_value(struct hw_thrift_reader *in, uint8_t type, bool element);
static void skip_elements(struct hw_thrift_reader *in);
static void skip_map(struct hw_thrift_reader *in);
static bool list_head(struct hw_thrift_reader *in, struct hw_thrift_list *out_list);
static bool count_fits(struct hw_thrift_reader *in, uint64_t count, size_t element_bytes);
static int64_t integer(struct hw_thrift_reader *in, uint8_t type);
static int32_t integer_32(struct hw_thrift_reader *in, uint8_t type);
static hw_view binary(struct hw_thrift_reader *in);
static uint64_t varint(struct hw_thrift_reader *in);
static const uint8_t *bytes_take(struct hw_thrift_reader *in, uint64_t bytes, const char *what);
static bool element_is(struct hw_thrift_reader *in, const struct hw_thrift_list *list, bool right, const char *wanted);
static void fail_cut(struct hw_thrift_reader *in, const char *within);

static bool is_integer(uint8_t type) {
    return type >= HW_THRIFT_I8 && type <= HW_THRIFT_I64;
}

static bool is_bool(uint8_t type) {
    return type == HW_THRIFT_TRUE || type == HW_THRIFT_FALSE;
}

static size_t left(const struct hw_thrift_reader *in) {
    return (size_t)(in->end - in->at);
}

void hw_thrift_reader_init(struct hw_thrift_reader *in, hw_view bytes, uint64_t base, struct hw_error *err) {
    in->start = (const uint8_t *)bytes.data;
    in->at = in->start;
    in->end = in->start + bytes.size;
    in->base = base;
    in->err = err;
    in->status = HW_OK;
    in->cut = false;
    in->depth = 0;
    in->last_id[0] = 0;
}

bool hw_thrift_field(struct hw_thrift_reader *in, struct hw_thrift_field *out_field) {
    if (HW_UNLIKELY(in->at == in->end)) {
        fail_cut(in, "a struct");
        return false;
    }
    assert(in->at);
    uint8_t head = *in->at++;
    if (head == HW_THRIFT_STOP) {
        in->depth -= in->depth > 0;
        return false;
    }
    int id = field_id(in, head >> 4);
    in->last_id[in->depth] = (int16_t)id;
    *out_field = (struct hw_thrift_field){.id = id, .type = head & 15};
    return in->status == HW_OK;
}

/* Returns the id of a field, which is `delta` from the last one; 0: it is written out. */
static int field_id(struct hw_thrift_reader *in, unsigned delta) {
    int64_t id = in->last_id[in->depth] + (int)delta;
    if (HW_UNLIKELY(delta == 0)) {
        id = hw_unzigzag(varint(in));
    }
    if (HW_UNLIKELY(id < INT16_MIN || id > INT16_MAX)) {
        hw_thrift_reader_fail(in, HW_EDATA, "a field has a number that is none");
        return 0;
    }
    return (int)id;
}

void hw_thrift_skip(struct hw_thrift_reader *in, const struct hw_thrift_field *field) {
    skip_value(in, field->type, false);
}

bool hw_thrift_read_bool(struct hw_thrift_reader *in, const struct hw_thrift_field *field, bool *out) {
    if (!is_bool(field->type)) {
        hw_thrift_skip(in, field);
        return false;
    }
    *out = field->type == HW_THRIFT_TRUE;
    return true;
}

bool hw_thrift_read_i32(struct hw_thrift_reader *in, const struct hw_thrift_field *field, int32_t *out) {
    if (HW_UNLIKELY(!is_integer(field->type))) {
        hw_thrift_skip(in, field);
        return false;
    }
    int32_t value = integer_32(in, field->type);
    if (HW_UNLIKELY(in->status != HW_OK)) {
        return false;
    }
    *out = value;
    return true;
}

bool hw_thrift_read_i64(struct hw_thrift_reader *in, const struct hw_thrift_field *field, int64_t *out) {
    if (HW_UNLIKELY(!is_integer(field->type))) {
        hw_thrift_skip(in, field);
        return false;
    }
    int64_t value = integer(in, field->type);
    if (HW_UNLIKELY(in->status != HW_OK)) {
        return false;
    }
    *out = value;
    return true;
}

bool hw_thrift_read_binary(struct hw_thrift_reader *in, const struct hw_thrift_field *field, hw_view *out) {
    if (HW_UNLIKELY(field->type != HW_THRIFT_BINARY)) {
        hw_thrift_skip(in, field);
        return false;
    }
    hw_view value = binary(in);
    if (HW_UNLIKELY(in->status != HW_OK)) {
        return false;
    }
    *out = value;
    return true;
}

bool hw_thrift_read_struct(struct hw_thrift_reader *in, const struct hw_thrift_field *field) {
    if (HW_UNLIKELY(field->type != HW_THRIFT_STRUCT)) {
        hw_thrift_skip(in, field);
        return false;
    }
    return enter(in);
}

bool hw_thrift_read_list(struct hw_thrift_reader *in, const struct hw_thrift_field *field,
                         struct hw_thrift_list *out_list) {
    if (HW_UNLIKELY(field->type != HW_THRIFT_LIST)) {
        hw_thrift_skip(in, field);
        return false;
    }
    return list_head(in, out_list);
}

bool hw_thrift_get_bool(struct hw_thrift_reader *in, const struct hw_thrift_list *list) {
    if (!element_is(in, list, is_bool(list->type), "bools")) {
        return false;
    }
    const uint8_t *at = bytes_take(in, 1, "a bool");
    if (at && *at > HW_THRIFT_FALSE) {
        hw_thrift_reader_fail(in, HW_EDATA, "a bool is neither true nor false");
    }
    return at && *at == HW_THRIFT_TRUE;
}

int32_t hw_thrift_get_i32(struct hw_thrift_reader *in, const struct hw_thrift_list *list) {
    return element_is(in, list, is_integer(list->type), "integers") ? integer_32(in, list->type) : 0;
}

int64_t hw_thrift_get_i64(struct hw_thrift_reader *in, const struct hw_thrift_list *list) {
    return element_is(in, list, is_integer(list->type), "integers") ? integer(in, list->type) : 0;
}

hw_view hw_thrift_get_binary(struct hw_thrift_reader *in, const struct hw_thrift_list *list) {
    return element_is(in, list, list->type == HW_THRIFT_BINARY, "texts") ? binary(in) : (hw_view){0};
}

bool hw_thrift_get_struct(struct hw_thrift_reader *in, const struct hw_thrift_list *list) {
    return element_is(in, list, list->type == HW_THRIFT_STRUCT, "structs") && enter(in);
}

size_t hw_thrift_reader_used(const struct hw_thrift_reader *in) {
    return (size_t)(in->at - in->start);
}

void hw_thrift_need(struct hw_thrift_reader *in, const struct hw_thrift_needs *needs, uint32_t seen) {
    uint32_t missing = needs->ids & ~seen;
    if (HW_LIKELY(missing == 0) || in->status != HW_OK) {
        return;
    }
    hw_thrift_reader_fail(in, HW_EDATA, "%s ends without %s", needs->name, needs->names[__builtin_ctz(missing)]);
}

void hw_thrift_reader_fail(struct hw_thrift_reader *in, enum hw_status status, const char *format, ...) {
    if (in->status == HW_OK) {
        char message[sizeof(((struct hw_error *)NULL)->message)];
        va_list args;
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        in->status = hw_fail_at(in->err, status, in->base + hw_thrift_reader_used(in), "%s", message);
    }
    /* Nothing is left to be read, so that no function need ask whether another has failed. */
    in->end = in->at;
}

/* Opens a struct, or a list that is skipped, within the ones that are open. */
static bool enter(struct hw_thrift_reader *in) {
    if (HW_UNLIKELY(in->depth + 1 >= HW_THRIFT_READ_DEPTH_MAX)) {
        hw_thrift_reader_fail(in, HW_ELIMIT, "more than %d structs and lists are within each other",
                              HW_THRIFT_READ_DEPTH_MAX);
        return false;
    }
    in->depth++;
    in->last_id[in->depth] = 0;
    return true;
}

static void skip_value(struct hw_thrift_reader *in, uint8_t type, bool element) {
    struct hw_thrift_field field;
    switch (type) {
    case HW_THRIFT_TRUE:
    case HW_THRIFT_FALSE:
        bytes_take(in, element, "a bool");
        break;
    case HW_THRIFT_I8:
        bytes_take(in, 1, "a number");
        break;
    case HW_THRIFT_I16:
    case HW_THRIFT_I32:
    case HW_THRIFT_I64:
        varint(in);
        break;
    case HW_THRIFT_DOUBLE:
        bytes_take(in, 8, "a number");
        break;
    case HW_THRIFT_UUID:
        bytes_take(in, 16, "a UUID");
        break;
    case HW_THRIFT_BINARY:
        binary(in);
        break;
    case HW_THRIFT_LIST:
    case HW_THRIFT_SET:
        skip_elements(in);
        break;
    case HW_THRIFT_MAP:
        skip_map(in);
        break;
    case HW_THRIFT_STRUCT:
        if (enter(in)) {
            while (hw_thrift_field(in, &field)) {
                skip_value(in, field.type, false);
            }
        }
        break;
    default:
        hw_thrift_reader_fail(in, HW_EDATA, "a field has a type that Thrift does not have");
    }
}

static void skip_elements(struct hw_thrift_reader *in) {
    struct hw_thrift_list list;
    if (!list_head(in, &list) || !enter(in)) {
        return;
    }
    for (size_t i = 0; i < list.count && in->status == HW_OK; i++) {
        skip_value(in, list.type, true);
    }
    in->depth--;
}

static void skip_map(struct hw_thrift_reader *in) {
    uint64_t count = varint(in);
    if (count == 0 || !count_fits(in, count, 2) || !enter(in)) {
        return;
    }
    const uint8_t *types = bytes_take(in, 1, "a map");
    for (size_t i = 0; types && i < count && in->status == HW_OK; i++) {
        skip_value(in, *types >> 4, true);
        skip_value(in, *types & 15, true);
    }
    in->depth--;
}

static bool list_head(struct hw_thrift_reader *in, struct hw_thrift_list *out_list) {
    const uint8_t *head = bytes_take(in, 1, "a list");
    if (!head) {
        return false;
    }
    uint64_t count = *head >> 4;
    if (count > HW_THRIFT_SHORT_LIST_MAX) {
        count = varint(in);
    }
    if (!count_fits(in, count, 1)) {
        return false;
    }
    *out_list = (struct hw_thrift_list){.count = (size_t)count, .type = *head & 15};
    return in->status == HW_OK;
}

static bool count_fits(struct hw_thrift_reader *in, uint64_t count, size_t element_bytes) {
    if (HW_LIKELY(count <= left(in) / element_bytes)) {
        return true;
    }
    in->cut |= in->status == HW_OK;
    hw_thrift_reader_fail(in, HW_EDATA, "%" PRIu64 " elements are to follow, but only %zu bytes do", count, left(in));
    return false;
}

static int64_t integer(struct hw_thrift_reader *in, uint8_t type) {
    if (HW_UNLIKELY(type == HW_THRIFT_I8)) {
        const uint8_t *at = bytes_take(in, 1, "a number");
        return at ? (int8_t)*at : 0;
    }
    return hw_unzigzag(varint(in));
}

static int32_t integer_32(struct hw_thrift_reader *in, uint8_t type) {
    int64_t value = integer(in, type);
    if (HW_UNLIKELY(value != (int32_t)value)) {
        hw_thrift_reader_fail(in, HW_EDATA, "a number has more than 32 bits");
        return 0;
    }
    return (int32_t)value;
}

static hw_view binary(struct hw_thrift_reader *in) {
    uint64_t bytes = varint(in);
    const uint8_t *at = bytes_take(in, bytes, "a text");
    return at ? (hw_view){(const char *)at, (size_t)bytes} : (hw_view){0};
}

static uint64_t varint(struct hw_thrift_reader *in) {
    if (HW_LIKELY(in->at < in->end && *in->at < 0x80)) {
        return *in->at++;
    }
    uint64_t value;
    const uint8_t *next = hw_varint_get(in->at, in->end, &value);
    if (HW_LIKELY(next != NULL)) {
        in->at = next;
        return value;
    }
    if (left(in) < HW_VARINT_BYTES_MAX) {
        fail_cut(in, "a number");
    } else {
        hw_thrift_reader_fail(in, HW_EDATA, "a number has more than 64 bits");
    }
    return 0;
}

/* Passes over bytes, and returns where they begin; NULL where there are fewer. */
static const uint8_t *bytes_take(struct hw_thrift_reader *in, uint64_t bytes, const char *what) {
    if (HW_UNLIKELY(bytes > left(in))) {
        fail_cut(in, what);
        return NULL;
    }
    const uint8_t *at = in->at;
    in->at += bytes;
    return in->status == HW_OK ? at : NULL;
}

static bool element_is(struct hw_thrift_reader *in, const struct hw_thrift_list *list, bool right, const char *wanted) {
    if (HW_UNLIKELY(!right)) {
        hw_thrift_reader_fail(in, HW_EDATA, "a list of %s has elements of Thrift's type %u", wanted, list->type);
    }
    return right && in->status == HW_OK;
}

static void fail_cut(struct hw_thrift_reader *in, const char *within) {
    in->cut |= in->status == HW_OK;
    hw_thrift_reader_fail(in, HW_EDATA, "the bytes end within %s", within);
}
