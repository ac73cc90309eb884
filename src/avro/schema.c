/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/schema.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "table/schema.h"

/* Types that need no parameters; the others have a function below. */
static const char *const plain_types[HW_KIND_COUNT] = {
    [HW_KIND_NULL] = "\"string\"",
    [HW_KIND_BOOL] = "\"boolean\"",
    [HW_KIND_INT64] = "\"long\"",
    [HW_KIND_DOUBLE] = "\"double\"",
    [HW_KIND_DATE] = "{\"type\":\"int\",\"logicalType\":\"date\"}",
    [HW_KIND_TEXT] = "\"string\"",
    [HW_KIND_UUID] = "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
};

static enum hw_status names_mangle(const struct hw_schema *schema, struct hw_arena *arena, hw_view *names,
                                   struct hw_error *err);
static enum hw_status fields_write(const struct hw_schema *schema, const hw_view *names, struct hw_buf *out,
                                   struct hw_error *err);
static enum hw_status name_mangle(hw_view name, struct hw_arena *arena, hw_view *out_name, struct hw_error *err);

enum hw_status hw_avro_schema_write(const struct hw_schema *schema, const char *record_name, struct hw_buf *out,
                                    struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    hw_view record = record_name && record_name[0] ? hw_view_of(record_name) : HW_VIEW("row");
    size_t bytes;

    if (!hw_mul(schema->count, sizeof(hw_view), &bytes)) {
        return hw_fail(err, HW_ELIMIT, "a table of %zu columns is too wide", schema->count);
    }
    hw_view *names = hw_arena_alloc(&arena, bytes);
    if (!names) {
        return hw_fail_nomem(err, bytes);
    }
    HW_TRY(names_mangle(schema, &arena, names, err));
    HW_TRY(name_mangle(record, &arena, &record, err));
    HW_TRY(
        hw_buf_printf(out, err, "{\"type\":\"record\",\"name\":\"%.*s\",\"fields\":[", (int)record.size, record.data));
    HW_TRY(fields_write(schema, names, out, err));
    return hw_buf_append_text(out, "]}", err);
}

static enum hw_status names_mangle(const struct hw_schema *schema, struct hw_arena *arena, hw_view *names,
                                   struct hw_error *err) {
    bool *legal = hw_arena_alloc(arena, schema->count * sizeof(*legal));
    if (!legal) {
        return hw_fail_nomem(err, schema->count * sizeof(*legal));
    }
    for (size_t i = 0; i < schema->count; i++) {
        hw_view name = hw_view_of(schema->fields[i].name);
        HW_TRY(name_mangle(name, arena, &names[i], err));
        legal[i] = hw_view_equal(name, names[i]);
    }
    return hw_names_make_unique_first(names, schema->count, legal, arena, err);
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_';
}

/* An empty name stays empty. */
static enum hw_status name_mangle(hw_view name, struct hw_arena *arena, hw_view *out_name, struct hw_error *err) {
    char *mangled = hw_arena_alloc(arena, name.size + 1);
    size_t used = 0;

    if (!mangled) {
        return hw_fail_nomem(err, name.size + 1);
    }
    if (name.size > 0 && is_digit(name.data[0])) {
        mangled[used++] = '_';
    }
    for (size_t i = 0; i < name.size; i++) {
        mangled[used++] = is_letter(name.data[i]) || is_digit(name.data[i]) ? name.data[i] : '_';
    }
    *out_name = (hw_view){mangled, used};
    return HW_OK;
}

static enum hw_status type_write(struct hw_type type, struct hw_buf *out, struct hw_error *err);
static enum hw_status text_write(const char *text, struct hw_buf *out, struct hw_error *err);

static enum hw_status fields_write(const struct hw_schema *schema, const hw_view *names, struct hw_buf *out,
                                   struct hw_error *err) {
    for (size_t i = 0; i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        bool nullable = hw_avro_nullable(field);

        HW_TRY(hw_buf_append_text(out, i > 0 ? ",{\"name\":\"" : "{\"name\":\"", err));
        HW_TRY(hw_buf_append(out, names[i].data, names[i].size, err));
        HW_TRY(hw_buf_append_text(out, nullable ? "\",\"type\":[\"null\"," : "\",\"type\":", err));
        HW_TRY(type_write(field->type, out, err));
        HW_TRY(hw_buf_append_text(out, nullable ? "],\"default\":null" : "", err));
        if (!hw_view_equal(names[i], hw_view_of(field->name))) {
            HW_TRY(hw_buf_append_text(out, ",\"doc\":", err));
            HW_TRY(text_write(field->name, out, err));
        }
        HW_TRY(hw_buf_append_text(out, "}", err));
    }
    return HW_OK;
}

static enum hw_status type_write(struct hw_type type, struct hw_buf *out, struct hw_error *err) {
    if (type.kind == HW_KIND_DECIMAL) {
        return hw_buf_printf(out, err, "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":%u,\"scale\":%u}",
                             type.precision, type.scale);
    }
    if (type.kind == HW_KIND_TIMESTAMP) {
        return hw_buf_printf(out, err, "{\"type\":\"long\",\"logicalType\":\"%stimestamp-%s\"}",
                             type.utc ? "" : "local-", type.unit == HW_UNIT_NANOS ? "nanos" : "micros");
    }
    return hw_buf_append_text(out, plain_types[type.kind], err);
}

/* A JSON string. */
static enum hw_status text_write(const char *text, struct hw_buf *out, struct hw_error *err) {
    HW_TRY(hw_buf_append_byte(out, '"', err));
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20) {
            HW_TRY(hw_buf_printf(out, err, "\\u%04x", (unsigned char)*text));
            continue;
        }
        if (*text == '"' || *text == '\\') {
            HW_TRY(hw_buf_append_byte(out, '\\', err));
        }
        HW_TRY(hw_buf_append_byte(out, (uint8_t)*text, err));
    }
    return hw_buf_append_byte(out, '"', err);
}
