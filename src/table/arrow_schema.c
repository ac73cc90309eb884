/* SPDX-License-Identifier: Apache-2.0 */
#include "table/arrow_schema.h"

#include "core/alloc.h"
#include "core/arena.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "table/arrow_format.h"
#include "table/schema.h"

#define EXTENSION_NAME "ARROW:extension:name"
#define EXTENSION_METADATA "ARROW:extension:metadata"

enum { PAIRS_MAX = 10000 }; /* of metadata in one field */

/* A schema while it is read. */
struct schema_reader {
    struct hw_arena *arena;
    size_t fields; /* seen so far */
    struct hw_error *err;
};

static enum hw_status field_read(struct schema_reader *reader, const struct ArrowSchema *from, unsigned depth,
                                 struct hw_field *out_field);

enum hw_status hw_arrow_schema_read(const struct ArrowSchema *from, struct hw_shared_schema **out_schema,
                                    struct hw_error *err) {
    struct hw_shared_schema *shared = hw_shared_schema_new();
    struct hw_field table;
    if (!shared) {
        return hw_fail_nomem(err, sizeof(*shared));
    }
    struct schema_reader reader = {.arena = &shared->arena, .err = err};
    enum hw_status status = field_read(&reader, from, 0, &table);
    if (status == HW_OK && (table.type.kind != HW_KIND_STRUCT || table.dictionary)) {
        status = hw_fail(err, HW_EDATA, "an Arrow table is a struct of its columns, but this is another type");
    }
    if (status != HW_OK) {
        hw_owner_drop(&shared->owner);
        return status;
    }
    shared->schema = (struct hw_schema){(struct hw_field *)(uintptr_t)table.children, table.children_count};
    *out_schema = shared;
    return HW_OK;
}

static enum hw_status name_read(struct schema_reader *reader, const char *name, const char **out_name);
static enum hw_status metadata_read(struct schema_reader *reader, const char *from, struct hw_field *field);
static enum hw_status children_read(struct schema_reader *reader, const struct ArrowSchema *from, unsigned depth,
                                    struct hw_field *field);
static enum hw_status dictionary_read(struct schema_reader *reader, const struct ArrowSchema *from, unsigned depth,
                                      struct hw_field *field);
static void extension_apply(struct hw_field *field);

static enum hw_status field_read(struct schema_reader *reader, const struct ArrowSchema *from, unsigned depth,
                                 struct hw_field *out_field) {
    struct hw_field field = {0};
    if (!from || !from->release || !from->format) {
        return hw_fail(reader->err, HW_EDATA, "an Arrow schema has been released, or has no format");
    }
    if (depth > HW_TABLE_DEPTH_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "an Arrow schema is nested more than %u deep", HW_TABLE_DEPTH_MAX);
    }
    if (++reader->fields > HW_TABLE_FIELDS_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "an Arrow schema has more than %u columns", HW_TABLE_FIELDS_MAX);
    }
    HW_TRY(name_read(reader, from->name ? from->name : "", &field.name));
    HW_TRY(hw_arrow_format_read(from->format, reader->arena, &field.type, reader->err));
    HW_TRY(children_read(reader, from, depth, &field));
    HW_TRY(metadata_read(reader, from->metadata, &field));
    field.required = (from->flags & ARROW_FLAG_NULLABLE) == 0;
    field.type.ordered = field.type.kind == HW_KIND_MAP && (from->flags & ARROW_FLAG_MAP_KEYS_SORTED) != 0;
    extension_apply(&field);
    if (from->dictionary) {
        HW_TRY(dictionary_read(reader, from, depth, &field));
    }
    *out_field = field;
    return HW_OK;
}

static enum hw_status name_read(struct schema_reader *reader, const char *name, const char **out_name) {
    size_t bytes = strnlen(name, HW_TABLE_NAME_BYTES_MAX + 1);
    char quoted[HW_QUOTE_BYTES];
    if (bytes > HW_TABLE_NAME_BYTES_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "a name has more than %" PRIu64 " bytes", HW_TABLE_NAME_BYTES_MAX);
    }
    if (!hw_utf8_all(name, bytes)) {
        return hw_fail(reader->err, HW_EDATA, "name %s is not UTF-8", hw_quote(name, bytes, quoted, sizeof(quoted)));
    }
    *out_name = hw_arena_strndup(reader->arena, name, bytes);
    return *out_name ? HW_OK : hw_fail_nomem(reader->err, bytes);
}

/* The number of children that a kind has; SIZE_MAX where it may have any number. */
static size_t children_of(enum hw_kind kind) {
    switch (kind) {
    case HW_KIND_STRUCT:
        return SIZE_MAX;
    case HW_KIND_LIST:
    case HW_KIND_LARGE_LIST:
    case HW_KIND_FIXED_LIST:
    case HW_KIND_MAP:
        return 1;
    default:
        return 0;
    }
}

static enum hw_status children_read(struct schema_reader *reader, const struct ArrowSchema *from, unsigned depth,
                                    struct hw_field *field) {
    size_t want = children_of(field->type.kind);
    if (from->n_children < 0 || (want != SIZE_MAX && (uint64_t)from->n_children != want) ||
        (from->n_children > 0 && !from->children)) {
        return hw_fail(reader->err, HW_EDATA, "an Arrow schema of format \"%s\" has %" PRId64 " children", from->format,
                       from->n_children);
    }
    if ((uint64_t)from->n_children > HW_TABLE_FIELDS_MAX) {
        return hw_fail(reader->err, HW_ELIMIT, "an Arrow schema has more than %u columns", HW_TABLE_FIELDS_MAX);
    }
    size_t count = (size_t)from->n_children;
    struct hw_field *children = hw_arena_alloc(reader->arena, count * sizeof(*children));
    if (!children) {
        return hw_fail_nomem(reader->err, count * sizeof(*children));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(field_read(reader, from->children[i], depth + 1, &children[i]));
    }
    if (field->type.kind == HW_KIND_MAP) {
        if (children->type.kind != HW_KIND_STRUCT || children->children_count != 2) {
            return hw_fail(reader->err, HW_EDATA, "an Arrow map's child is no struct of a key and a value");
        }
        children->required = true;
        ((struct hw_field *)(uintptr_t)children->children)[0].required = true;
    }
    field->children = children;
    field->children_count = count;
    return HW_OK;
}

/*
 * Reads a dictionary: the format gives the type of its indices, and the dictionary's schema that of
 * its values.
 */
static enum hw_status dictionary_read(struct schema_reader *reader, const struct ArrowSchema *from, unsigned depth,
                                      struct hw_field *field) {
    struct hw_field *values = hw_arena_alloc(reader->arena, sizeof(*values));
    if (!hw_kind_is_integer(field->type.kind)) {
        return hw_fail(reader->err, HW_EDATA, "an Arrow dictionary's indices have format \"%s\"", from->format);
    }
    if (!values) {
        return hw_fail_nomem(reader->err, sizeof(*values));
    }
    HW_TRY(field_read(reader, from->dictionary, depth + 1, values));
    field->type = (struct hw_type){.kind = HW_KIND_DICTIONARY,
                                   .index = field->type.kind,
                                   .ordered = (from->flags & ARROW_FLAG_DICTIONARY_ORDERED) != 0};
    field->dictionary = values;
    return HW_OK;
}

/*
 * Takes `bytes` bytes of metadata, whose end nobody tells; the limit keeps a wrong length from
 * going far.
 */
static enum hw_status metadata_take(struct schema_reader *reader, const char **at, uint64_t *left, hw_view *out_bytes) {
    int32_t bytes;
    memcpy(&bytes, *at, sizeof(bytes));
    if (bytes < 0 || (uint64_t)bytes > *left) {
        return hw_fail(reader->err, bytes < 0 ? HW_EDATA : HW_ELIMIT,
                       "Arrow metadata has a length of %" PRId32 " bytes", bytes);
    }
    *out_bytes = (hw_view){*at + sizeof(bytes), (size_t)bytes};
    *at += sizeof(bytes) + (size_t)bytes;
    *left -= (uint64_t)bytes;
    return HW_OK;
}

static enum hw_status metadata_read(struct schema_reader *reader, const char *from, struct hw_field *field) {
    uint64_t left = HW_TABLE_METADATA_BYTES_MAX;
    int32_t count = 0;
    if (from) {
        memcpy(&count, from, sizeof(count));
    }
    if (count < 0 || count > PAIRS_MAX) {
        return hw_fail(reader->err, count < 0 ? HW_EDATA : HW_ELIMIT, "Arrow metadata has %" PRId32 " pairs", count);
    }
    if (count == 0) {
        return HW_OK;
    }
    struct hw_key_value *pairs = hw_arena_alloc(reader->arena, (size_t)count * sizeof(*pairs));
    if (!pairs) {
        return hw_fail_nomem(reader->err, (size_t)count * sizeof(*pairs));
    }
    const char *at = from + sizeof(count);
    for (int32_t i = 0; i < count; i++) {
        hw_view key, value;
        HW_TRY(metadata_take(reader, &at, &left, &key));
        HW_TRY(metadata_take(reader, &at, &left, &value));
        if (memchr(key.data, '\0', key.size)) {
            return hw_fail(reader->err, HW_EDATA, "a key of Arrow metadata has a NUL in it");
        }
        pairs[i].key = hw_arena_strndup(reader->arena, key.data, key.size);
        pairs[i].value = hw_arena_strndup(reader->arena, value.data, value.size);
        pairs[i].value_bytes = value.size;
        if (!pairs[i].key || !pairs[i].value) {
            return hw_fail_nomem(reader->err, key.size + value.size);
        }
    }
    field->metadata = pairs;
    field->metadata_count = (size_t)count;
    return HW_OK;
}

/*
 * The extensions that are types of our own lose the metadata that say so, which would be there
 * twice later.
 */
static void extension_apply(struct hw_field *field) {
    const struct hw_key_value *name = hw_field_metadata(field, EXTENSION_NAME);
    if (name && strcmp(name->value, "arrow.uuid") == 0 && field->type.kind == HW_KIND_FIXED &&
        field->type.width == 16) {
        field->type = (struct hw_type){.kind = HW_KIND_UUID};
    } else if (name && strcmp(name->value, "arrow.json") == 0 && field->type.kind == HW_KIND_TEXT) {
        field->type.label = HW_LABEL_JSON;
    } else {
        return;
    }
    struct hw_key_value *pairs = (struct hw_key_value *)(uintptr_t)field->metadata;
    size_t kept = 0;
    for (size_t i = 0; i < field->metadata_count; i++) {
        if (strcmp(pairs[i].key, EXTENSION_NAME) != 0 && strcmp(pairs[i].key, EXTENSION_METADATA) != 0) {
            pairs[kept++] = pairs[i];
        }
    }
    field->metadata_count = kept;
}

/*
 * Each exported node has its own memory, because whoever gets it may move a child away and release
 * it later.
 */
struct exported_schema {
    struct hw_arena arena;
};

static enum hw_status field_export(const struct hw_field *field, struct ArrowSchema *out, struct hw_error *err);

enum hw_status hw_arrow_schema_export(const struct hw_schema *schema, struct ArrowSchema *out_schema,
                                      struct hw_error *err) {
    const struct hw_field table = {.name = "",
                                   .type = {.kind = HW_KIND_STRUCT},
                                   .required = true,
                                   .children = schema->fields,
                                   .children_count = schema->count};
    struct ArrowSchema exported;
    HW_TRY(field_export(&table, &exported, err));
    *out_schema = exported;
    return HW_OK;
}

static void schema_release(struct ArrowSchema *schema) {
    struct exported_schema *exported = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release) {
            schema->children[i]->release(schema->children[i]);
        }
    }
    if (schema->dictionary && schema->dictionary->release) {
        schema->dictionary->release(schema->dictionary);
    }
    hw_arena_release(&exported->arena);
    hw_free(exported);
    schema->release = NULL;
}

static enum hw_status field_fill(const struct hw_field *field, struct hw_arena *arena, struct ArrowSchema *out,
                                 struct hw_error *err);

static enum hw_status field_export(const struct hw_field *field, struct ArrowSchema *out, struct hw_error *err) {
    struct exported_schema *exported = hw_alloc_zero(1, sizeof(*exported));
    *out = (struct ArrowSchema){.release = exported ? schema_release : NULL, .private_data = exported};
    enum hw_status status =
        exported ? field_fill(field, &exported->arena, out, err) : hw_fail_nomem(err, sizeof(*exported));
    if (status != HW_OK && exported) {
        schema_release(out);
    }
    return status;
}

static enum hw_status metadata_write(const struct hw_field *field, struct hw_arena *arena, struct ArrowSchema *out,
                                     struct hw_error *err);
static enum hw_status children_export(const struct hw_field *field, struct hw_arena *arena, struct ArrowSchema *out,
                                      struct hw_error *err);

static enum hw_status field_fill(const struct hw_field *field, struct hw_arena *arena, struct ArrowSchema *out,
                                 struct hw_error *err) {
    bool ordered = field->type.ordered;
    out->format = hw_arrow_format_write(field->type, arena);
    out->name = hw_arena_strdup(arena, field->name);
    if (!out->format || !out->name) {
        return hw_fail_nomem(err, strlen(field->name));
    }
    out->flags = (field->required ? 0 : ARROW_FLAG_NULLABLE) |
                 (ordered && field->type.kind == HW_KIND_MAP ? ARROW_FLAG_MAP_KEYS_SORTED : 0) |
                 (ordered && field->type.kind == HW_KIND_DICTIONARY ? ARROW_FLAG_DICTIONARY_ORDERED : 0);
    HW_TRY(metadata_write(field, arena, out, err));
    HW_TRY(children_export(field, arena, out, err));
    if (field->dictionary) {
        out->dictionary = hw_arena_alloc(arena, sizeof(*out->dictionary));
        if (!out->dictionary) {
            return hw_fail_nomem(err, sizeof(*out->dictionary));
        }
        return field_export(field->dictionary, out->dictionary, err);
    }
    return HW_OK;
}

/* `n_children` grows with the children, so that those of a failure are released. */
static enum hw_status children_export(const struct hw_field *field, struct hw_arena *arena, struct ArrowSchema *out,
                                      struct hw_error *err) {
    size_t count = field->children_count;
    if (count == 0) {
        return HW_OK;
    }
    struct ArrowSchema *children = hw_arena_alloc(arena, count * sizeof(*children));
    out->children = hw_arena_alloc(arena, count * sizeof(*out->children));
    if (!children || !out->children) {
        return hw_fail_nomem(err, count * sizeof(*children));
    }
    for (size_t i = 0; i < count; i++) {
        out->children[i] = &children[i];
        HW_TRY(field_export(&field->children[i], &children[i], err));
        out->n_children++;
    }
    return HW_OK;
}

static const char *extension_of(struct hw_type type) {
    if (type.kind == HW_KIND_UUID) {
        return "arrow.uuid";
    }
    return type.kind == HW_KIND_TEXT && type.label == HW_LABEL_JSON ? "arrow.json" : NULL;
}

static char *pair_put(char *at, const char *key, const char *value, size_t value_bytes) {
    int32_t key_bytes = (int32_t)strlen(key);
    int32_t bytes = (int32_t)value_bytes;
    memcpy(at, &key_bytes, sizeof(key_bytes));
    memcpy(at + sizeof(key_bytes), key, (size_t)key_bytes);
    at += sizeof(key_bytes) + (size_t)key_bytes;
    memcpy(at, &bytes, sizeof(bytes));
    memcpy(at + sizeof(bytes), value, value_bytes);
    return at + sizeof(bytes) + value_bytes;
}

static enum hw_status metadata_write(const struct hw_field *field, struct hw_arena *arena, struct ArrowSchema *out,
                                     struct hw_error *err) {
    const char *extension = extension_of(field->type);
    int32_t count = (int32_t)field->metadata_count + (extension ? 2 : 0);
    size_t bytes = sizeof(count) + (extension ? 256 : 0);
    if (count == 0) {
        return HW_OK;
    }
    for (size_t i = 0; i < field->metadata_count; i++) {
        bytes += 2 * sizeof(int32_t) + strlen(field->metadata[i].key) + field->metadata[i].value_bytes;
    }
    char *at = bytes <= HW_TABLE_METADATA_BYTES_MAX ? hw_arena_alloc(arena, bytes) : NULL;
    if (!at) {
        return bytes > HW_TABLE_METADATA_BYTES_MAX
                   ? hw_fail(err, HW_ELIMIT, "metadata of a column has %zu bytes", bytes)
                   : hw_fail_nomem(err, bytes);
    }
    out->metadata = at;
    memcpy(at, &count, sizeof(count));
    at += sizeof(count);
    for (size_t i = 0; i < field->metadata_count; i++) {
        const struct hw_key_value *pair = &field->metadata[i];
        at = pair_put(at, pair->key, pair->value, pair->value_bytes);
    }
    if (extension) {
        at = pair_put(at, EXTENSION_NAME, extension, strlen(extension));
        pair_put(at, EXTENSION_METADATA, "", 0);
    }
    return HW_OK;
}
