/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/schema.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/utf8.h"
#include "table/batch.h"
#include "table/schema.h"

/* The types that need no parameters; the others have a function below. */
static const char *const plain_types[HW_KIND_COUNT] = {
    [HW_KIND_NULL] = "\"string\"",
    [HW_KIND_BOOL] = "\"boolean\"",
    [HW_KIND_INT8] = "\"int\"",
    [HW_KIND_INT16] = "\"int\"",
    [HW_KIND_INT32] = "\"int\"",
    [HW_KIND_INT64] = "\"long\"",
    [HW_KIND_UINT8] = "\"int\"",
    [HW_KIND_UINT16] = "\"int\"",
    [HW_KIND_UINT32] = "\"long\"",
    [HW_KIND_UINT64] = "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":20,\"scale\":0}",
    [HW_KIND_HALF] = "\"float\"",
    [HW_KIND_FLOAT] = "\"float\"",
    [HW_KIND_DOUBLE] = "\"double\"",
    [HW_KIND_DATE] = "{\"type\":\"int\",\"logicalType\":\"date\"}",
    [HW_KIND_DATE_MILLIS] = "{\"type\":\"int\",\"logicalType\":\"date\"}",
    [HW_KIND_TIME32] = "{\"type\":\"int\",\"logicalType\":\"time-millis\"}",
    [HW_KIND_DURATION] = "\"long\"",
    [HW_KIND_TEXT] = "\"string\"",
    [HW_KIND_LARGE_TEXT] = "\"string\"",
    [HW_KIND_BINARY] = "\"bytes\"",
    [HW_KIND_LARGE_BINARY] = "\"bytes\"",
    [HW_KIND_UUID] = "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
};

/* The things with which one schema is written. */
struct schema_writer {
    struct hw_arena arena;
    struct hw_buf *out;
    struct hw_error *err;
};

static enum hw_status record_write(struct schema_writer *writer, const char *path, const struct hw_field *fields,
                                   size_t count);
static enum hw_status names_mangle(struct schema_writer *writer, const struct hw_field *fields, size_t count,
                                   hw_view **out_names);
static enum hw_status field_write(struct schema_writer *writer, const char *path, const struct hw_field *field,
                                  hw_view name);
static enum hw_status name_mangle(hw_view name, struct hw_arena *arena, hw_view *out_name, struct hw_error *err);

enum hw_status hw_avro_schema_write(const struct hw_schema *schema, const char *record_name, struct hw_buf *out,
                                    struct hw_error *err) {
    struct schema_writer writer = {.out = out, .err = err};
    hw_view record = record_name && record_name[0] ? hw_view_of(record_name) : HW_VIEW("row");
    enum hw_status status = name_mangle(record, &writer.arena, &record, err);
    if (status == HW_OK) {
        const char *path = hw_arena_strndup(&writer.arena, record.data, record.size);
        status = path ? record_write(&writer, path, schema->fields, schema->count) : hw_fail_nomem(err, record.size);
    }
    hw_arena_release(&writer.arena);
    return status;
}

static enum hw_status record_write(struct schema_writer *writer, const char *path, const struct hw_field *fields,
                                   size_t count) {
    hw_view *names;
    HW_TRY(names_mangle(writer, fields, count, &names));
    HW_TRY(hw_buf_printf(writer->out, writer->err, "{\"type\":\"record\",\"name\":\"%s\",\"fields\":[", path));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(hw_buf_append_text(writer->out, i > 0 ? "," : "", writer->err));
        HW_TRY(field_write(writer, path, &fields[i], names[i]));
    }
    return hw_buf_append_text(writer->out, "]}", writer->err);
}

static enum hw_status names_mangle(struct schema_writer *writer, const struct hw_field *fields, size_t count,
                                   hw_view **out_names) {
    size_t bytes;
    if (!hw_mul(count, sizeof(hw_view), &bytes)) {
        return hw_fail(writer->err, HW_ELIMIT, "a table of %zu columns is too wide", count);
    }
    hw_view *names = hw_arena_alloc(&writer->arena, bytes);
    bool *legal = hw_arena_alloc(&writer->arena, count * sizeof(*legal));
    if (!names || !legal) {
        return hw_fail_nomem(writer->err, bytes);
    }
    for (size_t i = 0; i < count; i++) {
        hw_view name = hw_view_of(fields[i].name);
        HW_TRY(name_mangle(name, &writer->arena, &names[i], writer->err));
        legal[i] = hw_view_equal(name, names[i]);
    }
    *out_names = names;
    return hw_names_make_unique_first(names, count, legal, &writer->arena, writer->err);
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

static enum hw_status type_write(struct schema_writer *writer, const char *path, const struct hw_field *field);
static enum hw_status text_write(const char *text, struct hw_buf *out, struct hw_error *err);

/* Writes a type, as ["null",T] if there may be nulls. */
static enum hw_status union_write(struct schema_writer *writer, const char *path, const struct hw_field *field) {
    const bool nullable = hw_avro_nullable(field);
    HW_TRY(hw_buf_append_text(writer->out, nullable ? "[\"null\"," : "", writer->err));
    HW_TRY(type_write(writer, path, field));
    return hw_buf_append_text(writer->out, nullable ? "]" : "", writer->err);
}

static const char *path_join(struct schema_writer *writer, const char *path, hw_view name) {
    char *end = hw_arena_strndup(&writer->arena, name.data, name.size);
    return end ? hw_arena_join(&writer->arena, path, ".", end) : NULL;
}

static enum hw_status id_write(struct schema_writer *writer, const char *key, const struct hw_field *field) {
    int32_t id;
    return hw_field_id(field, &id) ? hw_buf_printf(writer->out, writer->err, ",\"%s\":%" PRId32, key, id) : HW_OK;
}

static enum hw_status field_write(struct schema_writer *writer, const char *path, const struct hw_field *field,
                                  hw_view name) {
    const struct hw_key_value *doc = hw_field_metadata(field, HW_META_DOC);
    bool has_doc = doc && hw_utf8_all(doc->value, doc->value_bytes);
    const char *below = path_join(writer, path, name);
    if (!below) {
        return hw_fail_nomem(writer->err, name.size);
    }
    HW_TRY(hw_buf_append_text(writer->out, "{\"name\":\"", writer->err));
    HW_TRY(hw_buf_append(writer->out, name.data, name.size, writer->err));
    HW_TRY(hw_buf_append_text(writer->out, "\",\"type\":", writer->err));
    HW_TRY(union_write(writer, below, field));
    HW_TRY(hw_buf_append_text(writer->out, hw_avro_nullable(field) ? ",\"default\":null" : "", writer->err));
    const char *says = !hw_view_equal(name, hw_view_of(field->name)) ? field->name : has_doc ? doc->value : NULL;
    if (says) {
        HW_TRY(hw_buf_append_text(writer->out, ",\"doc\":", writer->err));
        HW_TRY(text_write(says, writer->out, writer->err));
    }
    HW_TRY(id_write(writer, "field-id", field));
    return hw_buf_append_text(writer->out, "}", writer->err);
}

static enum hw_status flat_write(struct schema_writer *writer, const char *path, struct hw_type type);
static enum hw_status map_write(struct schema_writer *writer, const char *path, const struct hw_field *pair);

/* Writes the type of a dictionary, which is that of its values. */
static enum hw_status type_write(struct schema_writer *writer, const char *path, const struct hw_field *field) {
    while (field->dictionary) {
        field = field->dictionary;
    }
    if (hw_kind_is_flat(field->type.kind)) {
        return flat_write(writer, path, field->type);
    }
    if (field->type.kind == HW_KIND_STRUCT) {
        return record_write(writer, path, field->children, field->children_count);
    }
    if (field->type.kind == HW_KIND_MAP) {
        return map_write(writer, path, field->children->children);
    }
    const char *below = hw_arena_join(&writer->arena, path, ".element");
    if (!below) {
        return hw_fail_nomem(writer->err, strlen(path));
    }
    HW_TRY(hw_buf_append_text(writer->out, "{\"type\":\"array\",\"items\":", writer->err));
    HW_TRY(union_write(writer, below, field->children));
    HW_TRY(id_write(writer, "element-id", field->children));
    return hw_buf_append_text(writer->out, "}", writer->err);
}

/* Avro's maps have keys of text, which are never null. */
static bool is_text_key(const struct hw_field *key) {
    bool required = key->required;
    while (key->dictionary) {
        key = key->dictionary;
    }
    return required && (key->type.kind == HW_KIND_TEXT || key->type.kind == HW_KIND_LARGE_TEXT);
}

/* Others are arrays of records, as Iceberg has them. */
static enum hw_status map_write(struct schema_writer *writer, const char *path, const struct hw_field *pair) {
    const char *value_path = hw_arena_join(&writer->arena, path, ".value");
    const char *pair_path = hw_arena_join(&writer->arena, path, ".key_value");
    if (!value_path || !pair_path) {
        return hw_fail_nomem(writer->err, strlen(path));
    }
    if (is_text_key(&pair[0])) {
        HW_TRY(hw_buf_append_text(writer->out, "{\"type\":\"map\",\"values\":", writer->err));
        HW_TRY(union_write(writer, value_path, &pair[1]));
        HW_TRY(id_write(writer, "key-id", &pair[0]));
        HW_TRY(id_write(writer, "value-id", &pair[1]));
        return hw_buf_append_text(writer->out, "}", writer->err);
    }
    struct hw_field named[2] = {pair[0], pair[1]};
    named[0].name = "key";
    named[1].name = "value";
    HW_TRY(hw_buf_append_text(writer->out, "{\"type\":\"array\",\"items\":", writer->err));
    HW_TRY(record_write(writer, pair_path, named, 2));
    return hw_buf_append_text(writer->out, ",\"logicalType\":\"map\"}", writer->err);
}

static const char *unit_name(enum hw_time_unit unit) {
    return unit == HW_UNIT_NANOS ? "nanos" : unit == HW_UNIT_MICROS ? "micros" : "millis";
}

static enum hw_status flat_write(struct schema_writer *writer, const char *path, struct hw_type type) {
    struct hw_buf *out = writer->out;
    struct hw_error *err = writer->err;
    switch (type.kind) {
    case HW_KIND_DECIMAL32:
    case HW_KIND_DECIMAL64:
    case HW_KIND_DECIMAL:
    case HW_KIND_DECIMAL256:
        return hw_buf_printf(out, err, "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":%u,\"scale\":%u}",
                             type.precision, type.scale);
    case HW_KIND_TIMESTAMP:
        return hw_buf_printf(out, err, "{\"type\":\"long\",\"logicalType\":\"%stimestamp-%s\"}",
                             type.utc ? "" : "local-", unit_name(type.unit));
    case HW_KIND_TIME64:
        return hw_buf_printf(out, err, "{\"type\":\"long\",\"logicalType\":\"time-%s\"}", unit_name(type.unit));
    case HW_KIND_FIXED:
        return hw_buf_printf(out, err, "{\"type\":\"fixed\",\"name\":\"%s\",\"size\":%" PRIu32 "}", path, type.width);
    case HW_KIND_INTERVAL:
    case HW_KIND_INTERVAL_MONTHS:
    case HW_KIND_INTERVAL_DAYS:
        return hw_buf_printf(out, err, "{\"type\":\"fixed\",\"name\":\"%s\",\"size\":12,\"logicalType\":\"duration\"}",
                             path);
    default:
        return hw_buf_append_text(out, plain_types[type.kind], err);
    }
}

/* Appends a JSON string. */
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
