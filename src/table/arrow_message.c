/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_message.h"

#include "core/bytes_text.h"
#include "core/limits.h"

enum { MARK_BYTES = 4, LENGTH_BYTES = 4 };

static const uint32_t MARK = 0xffffffff;

#define NUMBER(size) \
    { HW_FLAT_NUMBER, (size), NULL, 0 }
#define NUMBERS(size) \
    { HW_FLAT_NUMBERS, (size), NULL, 0 }
#define TEXT \
    { HW_FLAT_TEXT, 0, NULL, 0 }
#define TABLES(type) \
    { HW_FLAT_TABLES, 0, (const struct hw_flat_type *const[]){&(type)}, 1 }
#define TABLE(type) \
    { HW_FLAT_TABLE, 0, (const struct hw_flat_type *const[]){&(type)}, 1 }
#define UNION(types) \
    { HW_FLAT_UNION, 0, (types), COUNT_OF(types) }

/* A table, with its slots as the .fbs files list them. */
#define TYPE(variable, name, ...)                                                                     \
    static const struct hw_flat_type variable = {name, (const struct hw_flat_slot[]){__VA_ARGS__},    \
                                                 sizeof((const struct hw_flat_slot[]){__VA_ARGS__}) / \
                                                     sizeof(struct hw_flat_slot)}
#define TYPE_EMPTY(variable, name) static const struct hw_flat_type variable = {name, NULL, 0}

TYPE(key_value, "KeyValue", TEXT, TEXT);

TYPE_EMPTY(null, "Null");
TYPE(integer, "Int", NUMBER(4), NUMBER(1));
TYPE(floating_point, "FloatingPoint", NUMBER(2));
TYPE_EMPTY(binary, "Binary");
TYPE_EMPTY(utf8, "Utf8");
TYPE_EMPTY(boolean, "Bool");
TYPE(decimal, "Decimal", NUMBER(4), NUMBER(4), NUMBER(4));
TYPE(date, "Date", NUMBER(2));
TYPE(time_of_day, "Time", NUMBER(2), NUMBER(4));
TYPE(timestamp, "Timestamp", NUMBER(2), TEXT);
TYPE(interval, "Interval", NUMBER(2));
TYPE_EMPTY(list, "List");
TYPE_EMPTY(structure, "Struct_");
TYPE(union_of, "Union", NUMBER(2), NUMBERS(4));
TYPE(fixed_binary, "FixedSizeBinary", NUMBER(4));
TYPE(fixed_list, "FixedSizeList", NUMBER(4));
TYPE(map, "Map", NUMBER(1));
TYPE(duration, "Duration", NUMBER(2));
TYPE_EMPTY(large_binary, "LargeBinary");
TYPE_EMPTY(large_utf8, "LargeUtf8");
TYPE_EMPTY(large_list, "LargeList");
TYPE_EMPTY(run_end_encoded, "RunEndEncoded");
TYPE_EMPTY(binary_view, "BinaryView");
TYPE_EMPTY(utf8_view, "Utf8View");
TYPE_EMPTY(list_view, "ListView");
TYPE_EMPTY(large_list_view, "LargeListView");

/* The union Type, in its order. */
static const struct hw_flat_type *const types[] = {
    NULL,        &null,        &integer,         &floating_point,
    &binary,     &utf8,        &boolean,         &decimal,
    &date,       &time_of_day, &timestamp,       &interval,
    &list,       &structure,   &union_of,        &fixed_binary,
    &fixed_list, &map,         &duration,        &large_binary,
    &large_utf8, &large_list,  &run_end_encoded, &binary_view,
    &utf8_view,  &list_view,   &large_list_view,
};

TYPE(dictionary_encoding, "DictionaryEncoding", NUMBER(8), TABLE(integer), NUMBER(1), NUMBER(2));

static const struct hw_flat_type field_type;

static const struct hw_flat_slot field_slots[] = {
    TEXT, NUMBER(1), NUMBER(1), UNION(types), TABLE(dictionary_encoding), TABLES(field_type), TABLES(key_value),
};

static const struct hw_flat_type field_type = {"Field", field_slots, COUNT_OF(field_slots)};

TYPE(schema, "Schema", NUMBER(2), TABLES(field_type), TABLES(key_value), NUMBERS(8));

/* The union MessageHeader, as far as it is looked at. */
static const struct hw_flat_type *const headers[] = {NULL, &schema};

TYPE(message_type, "Message", NUMBER(2), NUMBER(1), UNION(headers), NUMBER(8), TABLES(key_value));

const struct hw_flat_type *hw_arrow_type(uint64_t number) {
    return types[number];
}

enum hw_status hw_arrow_message_read(hw_view bytes, struct hw_arena *arena, struct hw_arrow_message *out_message,
                                     struct hw_error *err) {
    const struct hw_flat_limits limits = {HW_ARROW_TABLES_MAX, HW_ARROW_DEPTH_MAX};
    const bool marked = bytes.size >= MARK_BYTES && hw_load_le32(bytes.data) == MARK;
    const size_t head_bytes = (marked ? MARK_BYTES : 0) + LENGTH_BYTES;
    struct hw_flat_table *root;
    if (bytes.size < head_bytes) {
        return hw_fail(err, HW_EDATA, "%zu bytes are no message of Arrow", bytes.size);
    }
    const uint32_t length = hw_load_le32(bytes.data + head_bytes - LENGTH_BYTES);
    if (length > bytes.size - head_bytes) {
        return hw_fail(err, HW_EDATA, "%zu bytes are no message of Arrow, whose length is %" PRIu32, bytes.size,
                       length);
    }
    const hw_view flatbuffer = {bytes.data + head_bytes, length};
    HW_TRY(hw_flat_read(flatbuffer, &message_type, limits, arena, &root, err));
    if (!root->values[HW_ARROW_MESSAGE_HEADER].present) {
        return hw_fail(err, HW_EDATA, "the message of Arrow has no schema");
    }
    *out_message = (struct hw_arrow_message){
        .root = root,
        .schema = root->values[HW_ARROW_MESSAGE_HEADER].table,
        .marked = marked,
        .rest = {flatbuffer.data + length, bytes.size - head_bytes - length},
    };
    return HW_OK;
}

enum hw_status hw_arrow_message_decode(hw_view base64, struct hw_arena *arena, struct hw_arrow_message *out_message,
                                       struct hw_error *err) {
    if (base64.size > HW_FILE_PAIRS_BYTES_MAX) {
        return hw_fail(err, HW_ELIMIT, "%zu bytes of base64 are more than %" PRIu64, base64.size,
                       HW_FILE_PAIRS_BYTES_MAX);
    }
    uint8_t *bytes = hw_arena_alloc(arena, HW_BASE64_DECODED_BYTES(base64.size));
    size_t size;
    if (!bytes) {
        return hw_fail_nomem(err, HW_BASE64_DECODED_BYTES(base64.size));
    }
    if (!hw_base64_decode(base64, bytes, &size)) {
        return hw_fail(err, HW_EDATA, "the schema is not in base64");
    }
    return hw_arrow_message_read((hw_view){(const char *)bytes, size}, arena, out_message, err);
}

uint64_t hw_arrow_field_type(const struct hw_flat_table *field) {
    const bool present = field->values[HW_ARROW_FIELD_TYPE].present;
    return present ? field->values[HW_ARROW_FIELD_TYPE_TYPE].number : 0;
}

struct hw_flat_table *hw_arrow_field_child(const struct hw_flat_table *field, size_t i) {
    if (!field || !field->values[HW_ARROW_FIELD_CHILDREN].present ||
        i >= field->values[HW_ARROW_FIELD_CHILDREN].tables.count) {
        return NULL;
    }
    return field->values[HW_ARROW_FIELD_CHILDREN].tables.items[i];
}

struct hw_flat_table *hw_arrow_field_values(struct hw_flat_table *field) {
    struct hw_flat_table *values =
        hw_arrow_field_type(field) == HW_ARROW_RUN_END ? hw_arrow_field_child(field, 1) : NULL;
    return values ? values : field;
}

struct leaves {
    hw_arrow_leaf_fn *take;
    void *ctx;
    size_t met;
};

static void fields_walk(struct leaves *leaves, const struct hw_flat_value *fields);
static void field_walk(struct leaves *leaves, struct hw_flat_table *field);

size_t hw_arrow_leaves(const struct hw_arrow_message *message, hw_arrow_leaf_fn *take, void *ctx) {
    struct leaves leaves = {take, ctx, 0};
    fields_walk(&leaves, &message->schema->values[HW_ARROW_SCHEMA_FIELDS]);
    return leaves.met;
}

static void fields_walk(struct leaves *leaves, const struct hw_flat_value *fields) {
    for (size_t i = 0; fields->present && i < fields->tables.count; i++) {
        field_walk(leaves, fields->tables.items[i]);
    }
}

/* A message is HW_ARROW_DEPTH_MAX deep. */
static void field_walk(struct leaves *leaves, struct hw_flat_table *field) {
    field = hw_arrow_field_values(field);
    if (!field->values[HW_ARROW_FIELD_DICTIONARY].present && hw_arrow_field_child(field, 0)) {
        fields_walk(leaves, &field->values[HW_ARROW_FIELD_CHILDREN]);
    } else {
        leaves->take(leaves->ctx, field, leaves->met++);
    }
}

enum hw_status hw_arrow_message_write(const struct hw_arrow_message *message, struct hw_buf *out,
                                      struct hw_error *err) {
    const uint8_t zeros[8] = {0};
    HW_AUTO(hw_buf) flatbuffer = {.limit = out->limit};
    HW_TRY(hw_flat_write(message->root, &flatbuffer, err));
    HW_TRY(hw_buf_append(&flatbuffer, zeros, (8 - flatbuffer.size % 8) % 8, err));
    const uint32_t head[] = {MARK, (uint32_t)flatbuffer.size};
    HW_TRY(hw_buf_append(out, message->marked ? &head[0] : &head[1], message->marked ? 8 : 4, err));
    HW_TRY(hw_buf_append(out, flatbuffer.data, flatbuffer.size, err));
    return hw_buf_append(out, message->rest.data, message->rest.size, err);
}

enum hw_status hw_arrow_message_encode(const struct hw_arrow_message *message, struct hw_arena *arena,
                                       hw_view *out_base64, struct hw_error *err) {
    HW_AUTO(hw_buf) bytes = {.limit = HW_BASE64_DECODED_BYTES(HW_FILE_PAIRS_BYTES_MAX)};
    HW_TRY(hw_arrow_message_write(message, &bytes, err));
    char *text = hw_arena_alloc(arena, HW_BASE64_BYTES(bytes.size));
    if (!text) {
        return hw_fail_nomem(err, HW_BASE64_BYTES(bytes.size));
    }
    *out_base64 = (hw_view){text, hw_base64(bytes.data, bytes.size, text)};
    return HW_OK;
}
