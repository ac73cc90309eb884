/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/default_value.h"

#include "avro/schema_read.h"
#include "avro/varint.h"
#include "core/utf8.h"

typedef enum hw_status put_fn(const struct hw_avro_type *type, json_t *json, struct hw_buf *out, struct hw_error *err);

static put_fn null_put, boolean_put, int_put, long_put, float_put, double_put, bytes_put, string_put, fixed_put,
    enum_put, array_put, map_put, record_put, union_put;

static put_fn *const puts_by_kind[HW_AVRO_KINDS] = {
    [HW_AVRO_NULL] = null_put,     [HW_AVRO_BOOLEAN] = boolean_put, [HW_AVRO_INT] = int_put,
    [HW_AVRO_LONG] = long_put,     [HW_AVRO_FLOAT] = float_put,     [HW_AVRO_DOUBLE] = double_put,
    [HW_AVRO_BYTES] = bytes_put,   [HW_AVRO_STRING] = string_put,   [HW_AVRO_FIXED] = fixed_put,
    [HW_AVRO_ENUM] = enum_put,     [HW_AVRO_ARRAY] = array_put,     [HW_AVRO_MAP] = map_put,
    [HW_AVRO_RECORD] = record_put, [HW_AVRO_UNION] = union_put,
};

enum hw_status hw_avro_default_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                   struct hw_error *err) {
    return puts_by_kind[type->kind](type, json, out, err);
}

static enum hw_status no_fit(const struct hw_avro_type *type, struct hw_error *err) {
    return hw_fail(err, HW_EDATA, "a default of the Avro schema is no value of type %s", hw_avro_kind_name(type->kind));
}

static enum hw_status number_put(int64_t value, struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_reserve(out, HW_AVRO_LONG_BYTES_MAX, err));
    out->size += hw_avro_long_put(out->data + out->size, value);
    return HW_OK;
}

/* ------ types without members */

static enum hw_status null_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                               struct hw_error *err) {
    (void)out;
    return json_is_null(json) ? HW_OK : no_fit(type, err);
}

static enum hw_status boolean_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                  struct hw_error *err) {
    return json_is_boolean(json) ? hw_buf_append_byte(out, json_is_true(json), err) : no_fit(type, err);
}

static enum hw_status int_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out, struct hw_error *err) {
    const json_int_t value = json_integer_value(json);
    return json_is_integer(json) && value >= INT32_MIN && value <= INT32_MAX ? number_put(value, out, err)
                                                                             : no_fit(type, err);
}

static enum hw_status long_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                               struct hw_error *err) {
    return json_is_integer(json) ? number_put(json_integer_value(json), out, err) : no_fit(type, err);
}

static enum hw_status float_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                struct hw_error *err) {
    const float value = (float)json_number_value(json);
    return json_is_number(json) ? hw_buf_append(out, &value, sizeof(value), err) : no_fit(type, err);
}

static enum hw_status double_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                 struct hw_error *err) {
    const double value = json_number_value(json);
    return json_is_number(json) ? hw_buf_append(out, &value, sizeof(value), err) : no_fit(type, err);
}

static enum hw_status string_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                 struct hw_error *err) {
    if (!json_is_string(json)) {
        return no_fit(type, err);
    }
    HW_TRY(number_put((int64_t)json_string_length(json), out, err));
    return hw_buf_append(out, json_string_value(json), json_string_length(json), err);
}

/* Characters are bytes. */
static enum hw_status characters_read(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                      struct hw_error *err) {
    const char *text = json_string_value(json);
    if (!text) {
        return no_fit(type, err);
    }
    for (size_t at = 0, size = json_string_length(json); at < size;) {
        const size_t step = hw_utf8_bytes(text + at, size - at);
        const uint32_t code = step > 0 ? hw_utf8_code(text + at, step) : UINT32_MAX;
        if (code > UINT8_MAX) {
            return no_fit(type, err);
        }
        HW_TRY(hw_buf_append_byte(out, (uint8_t)code, err));
        at += step;
    }
    return HW_OK;
}

static enum hw_status bytes_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                struct hw_error *err) {
    HW_AUTO(hw_buf) bytes = {0};
    HW_TRY(characters_read(type, json, &bytes, err));
    HW_TRY(number_put((int64_t)bytes.size, out, err));
    return hw_buf_append(out, hw_buf_view(&bytes).data, bytes.size, err);
}

static enum hw_status fixed_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                struct hw_error *err) {
    HW_AUTO(hw_buf) bytes = {0};
    HW_TRY(characters_read(type, json, &bytes, err));
    return bytes.size == type->size ? hw_buf_append(out, hw_buf_view(&bytes).data, bytes.size, err) : no_fit(type, err);
}

static enum hw_status enum_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                               struct hw_error *err) {
    for (size_t i = 0; json_is_string(json) && i < type->symbols_count; i++) {
        if (strcmp(json_string_value(json), type->symbols[i]) == 0) {
            return number_put((int64_t)i, out, err);
        }
    }
    return no_fit(type, err);
}

/* ------ types with members */

static enum hw_status array_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                struct hw_error *err) {
    const size_t count = json_array_size(json);
    if (!json_is_array(json)) {
        return no_fit(type, err);
    }
    HW_TRY(count > 0 ? number_put((int64_t)count, out, err) : HW_OK);
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_avro_default_put(type->members[0].type, json_array_get(json, i), out, err));
    }
    return number_put(0, out, err);
}

static enum hw_status map_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out, struct hw_error *err) {
    const size_t count = json_object_size(json);
    const char *key;
    json_t *value;
    if (!json_is_object(json)) {
        return no_fit(type, err);
    }
    HW_TRY(count > 0 ? number_put((int64_t)count, out, err) : HW_OK);
    json_object_foreach(json, key, value) {
        HW_TRY(number_put((int64_t)strlen(key), out, err));
        HW_TRY(hw_buf_append_text(out, key, err));
        HW_TRY(hw_avro_default_put(type->members[0].type, value, out, err));
    }
    return number_put(0, out, err);
}

/* A member that the value does not have takes the default of its own. */
static enum hw_status record_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                 struct hw_error *err) {
    if (!json_is_object(json)) {
        return no_fit(type, err);
    }
    for (size_t i = 0; i < type->members_count; i++) {
        const struct hw_avro_member *member = &type->members[i];
        json_t *given = json_object_get(json, member->name);
        json_t *value = given ? given : member->fallback;
        HW_TRY(value ? hw_avro_default_put(member->type, value, out, err) : no_fit(type, err));
    }
    return HW_OK;
}

static enum hw_status union_put(const struct hw_avro_type *type, json_t *json, struct hw_buf *out,
                                struct hw_error *err) {
    const size_t before = out->size;
    for (size_t i = 0; i < type->members_count; i++) {
        HW_TRY(number_put((int64_t)i, out, err));
        const enum hw_status status = hw_avro_default_put(type->members[i].type, json, out, NULL);
        if (status != HW_EDATA) {
            return status == HW_OK ? HW_OK : hw_fail_nomem(err, out->size);
        }
        out->size = before;
    }
    return no_fit(type, err);
}
