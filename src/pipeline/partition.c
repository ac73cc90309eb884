/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/partition.h"

#include "core/alloc.h"
#include "core/buf.h"
#include "core/intern.h"
#include "core/limits.h"
#include "core/nearest.h"
#include "csv/records.h"

static bool named_before(const char *const *names, size_t count, const char *name);
static enum hw_status column_find(const struct hw_schema *schema, const char *name, struct hw_arena *arena,
                                  size_t *out_column, struct hw_error *err);
static enum hw_status type_check(const struct hw_field *field, struct hw_error *err);

enum hw_status hw_partitioning_init(struct hw_partitioning *partitioning, const struct hw_schema *schema,
                                    const char *const *names, size_t count, struct hw_arena *arena,
                                    struct hw_error *err) {
    size_t *columns = hw_arena_alloc(arena, count * sizeof(*columns));
    size_t *kept = hw_arena_alloc(arena, schema->count * sizeof(*kept));
    struct hw_field *fields = hw_arena_alloc(arena, schema->count * sizeof(*fields));
    size_t left = 0;
    if (!columns || !kept || !fields) {
        return hw_fail_nomem(err, schema->count * sizeof(*fields));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(column_find(schema, names[i], arena, &columns[i], err));
        HW_TRY(type_check(&schema->fields[columns[i]], err));
    }
    for (size_t i = 0; i < schema->count; i++) {
        if (!named_before(names, count, schema->fields[i].name)) {
            fields[left] = schema->fields[i];
            kept[left++] = i;
        }
    }
    if (left == 0) {
        return hw_fail(err, HW_EDATA, "every column makes partitions: none is left for the files");
    }
    *partitioning = (struct hw_partitioning){.schema = schema, .columns = columns, .count = count, .kept = kept};
    partitioning->rest = (struct hw_schema){.fields = fields, .count = left};
    return HW_OK;
}

static bool named_before(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static enum hw_status column_find(const struct hw_schema *schema, const char *name, struct hw_arena *arena,
                                  size_t *out_column, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    const char **known = hw_arena_alloc(arena, schema->count * sizeof(*known));
    if (!known) {
        return hw_fail_nomem(err, schema->count * sizeof(*known));
    }
    for (size_t i = 0; i < schema->count; i++) {
        known[i] = schema->fields[i].name;
        if (strcmp(known[i], name) == 0) {
            *out_column = i;
            return HW_OK;
        }
    }
    const char *near = hw_nearest(name, known, schema->count);
    hw_quote(name, strlen(name), quoted, sizeof(quoted));
    if (!near) {
        return hw_fail(err, HW_EDATA, "there is no column %s to make partitions by", quoted);
    }
    return hw_fail(err, HW_EDATA, "there is no column %s to make partitions by; did you mean \"%s\"?", quoted, near);
}

static enum hw_status type_check(const struct hw_field *field, struct hw_error *err) {
    char type[64];
    if (hw_csv_writes(field->type)) {
        return HW_OK;
    }
    hw_type_format(field->type, type, sizeof(type));
    enum hw_status status = hw_fail(err, HW_EUNSUPPORTED, "partitions are not made by a column of type %s", type);
    hw_error_column(err, field->name, strlen(field->name));
    return status;
}

void hw_partitioning_types(struct hw_partitioning *partitioning) {
    for (size_t i = 0; i < partitioning->rest.count; i++) {
        partitioning->rest.fields[i].type = partitioning->schema->fields[partitioning->kept[i]].type;
    }
}

struct hw_partition_finder {
    const struct hw_partitioning *partitioning;
    struct hw_buf key;    /* of the row that is looked at */
    struct hw_buf paths;  /* one after the other, each ended by a NUL */
    struct hw_buf starts; /* size_t each: where a path begins */
    struct hw_intern keys;
    uint32_t last; /* partition of the row before; UINT32_MAX: none */
};

enum hw_status hw_partition_finder_new(const struct hw_partitioning *partitioning,
                                       struct hw_partition_finder **out_finder, struct hw_error *err) {
    struct hw_partition_finder *finder = hw_alloc_zero(1, sizeof(*finder));
    if (!finder) {
        return hw_fail_nomem(err, sizeof(*finder));
    }
    finder->partitioning = partitioning;
    finder->last = UINT32_MAX;
    *out_finder = finder;
    return HW_OK;
}

void hw_partition_finder_free(struct hw_partition_finder *finder) {
    if (finder) {
        hw_buf_release(&finder->key);
        hw_buf_release(&finder->paths);
        hw_buf_release(&finder->starts);
        hw_intern_release(&finder->keys);
        hw_free(finder);
    }
}

void hw_partition_forget(struct hw_partition_finder *finder) {
    hw_buf_clear(&finder->paths);
    hw_buf_clear(&finder->starts);
    hw_intern_clear(&finder->keys);
    finder->last = UINT32_MAX;
}

size_t hw_partition_count(const struct hw_partition_finder *finder) {
    return finder->starts.size / sizeof(size_t);
}

const char *hw_partition_path(const struct hw_partition_finder *finder, uint32_t partition) {
    size_t start;
    memcpy(&start, finder->starts.data + partition * sizeof(start), sizeof(start));
    return (const char *)finder->paths.data + start;
}

size_t hw_partition_held(const struct hw_partition_finder *finder) {
    return sizeof(*finder) + finder->paths.size + finder->starts.size + hw_intern_held(&finder->keys);
}

static enum hw_status key_make(struct hw_partition_finder *finder, const struct hw_batch *batch, size_t row,
                               struct hw_error *err);
static enum hw_status partition_of(struct hw_partition_finder *finder, const struct hw_batch *batch, size_t row,
                                   uint32_t *out_partition, struct hw_error *err);

enum hw_status hw_partition_find(struct hw_partition_finder *finder, const struct hw_batch *batch, struct hw_buf *out,
                                 struct hw_error *err) {
    size_t before = out->size;
    HW_TRY(hw_buf_resize(out, before + batch->rows * sizeof(uint32_t), err));
    uint32_t *numbers = (uint32_t *)(void *)(out->data + before);
    for (size_t row = 0; row < batch->rows; row++) {
        HW_TRY(key_make(finder, batch, row, err));
        if (finder->last == UINT32_MAX ||
            !hw_view_equal(hw_intern_key(&finder->keys, finder->last), hw_buf_view(&finder->key))) {
            HW_TRY(partition_of(finder, batch, row, &finder->last, err));
        }
        numbers[row] = finder->last;
    }
    return HW_OK;
}

/*
 * The values as they lie in the batch, each behind a byte that says whether there is one; texts
 * behind their size too.
 */
static enum hw_status key_make(struct hw_partition_finder *finder, const struct hw_batch *batch, size_t row,
                               struct hw_error *err) {
    const struct hw_partitioning *partitioning = finder->partitioning;
    struct hw_buf *key = &finder->key;
    hw_buf_clear(key);
    for (size_t i = 0; i < partitioning->count; i++) {
        const struct hw_column *column = &batch->columns[partitioning->columns[i]];
        enum hw_kind kind = partitioning->schema->fields[partitioning->columns[i]].type.kind;
        bool valid = kind != HW_KIND_NULL && hw_column_valid(column, row);
        HW_TRY(hw_buf_append_byte(key, valid, err));
        if (!valid) {
            continue;
        }
        if (kind == HW_KIND_TEXT) {
            uint32_t bytes = (uint32_t)(column->offsets[row + 1] - column->offsets[row]);
            HW_TRY(hw_buf_append(key, &bytes, sizeof(bytes), err));
            HW_TRY(hw_buf_append(key, column->data + column->offsets[row], bytes, err));
        } else if (kind == HW_KIND_BOOL) {
            HW_TRY(hw_buf_append_byte(key, ((const uint8_t *)column->values)[row >> 3] >> (row & 7) & 1, err));
        } else {
            size_t width = hw_kind_bytes(kind);
            HW_TRY(hw_buf_append(key, (const uint8_t *)column->values + row * width, width, err));
        }
    }
    return HW_OK;
}

static enum hw_status path_append(const struct hw_partitioning *partitioning, const struct hw_batch *batch, size_t row,
                                  struct hw_buf *out, struct hw_error *err);

static enum hw_status partition_of(struct hw_partition_finder *finder, const struct hw_batch *batch, size_t row,
                                   uint32_t *out_partition, struct hw_error *err) {
    hw_view key = hw_buf_view(&finder->key);
    size_t start = finder->paths.size;
    HW_TRY(hw_intern_number(&finder->keys, key, HW_PARTITIONS_MAX, out_partition, err));
    if (*out_partition == HW_PARTITIONS_MAX) {
        hw_partitions_exceeded(err);
        return HW_ELIMIT;
    }
    if (*out_partition < hw_partition_count(finder)) {
        return HW_OK;
    }
    HW_TRY(path_append(finder->partitioning, batch, row, &finder->paths, err));
    HW_TRY(hw_buf_append_byte(&finder->paths, 0, err));
    return hw_buf_append(&finder->starts, &start, sizeof(start), err);
}

void hw_partitions_exceeded(struct hw_error *err) {
    hw_error_set(err, HW_ELIMIT, "more than %u partitions: choose a column with fewer values", HW_PARTITIONS_MAX);
}

static enum hw_status escaped_append(struct hw_buf *out, hw_view text, struct hw_error *err);
static enum hw_status value_append(const struct hw_type *type, const struct hw_column *column, size_t row,
                                   struct hw_buf *out, struct hw_error *err);

static enum hw_status path_append(const struct hw_partitioning *partitioning, const struct hw_batch *batch, size_t row,
                                  struct hw_buf *out, struct hw_error *err) {
    for (size_t i = 0; i < partitioning->count; i++) {
        const struct hw_field *field = &partitioning->schema->fields[partitioning->columns[i]];
        const struct hw_column *column = &batch->columns[partitioning->columns[i]];
        size_t start = out->size;
        HW_TRY(escaped_append(out, hw_view_of(field->name), err));
        HW_TRY(hw_buf_append_byte(out, '=', err));
        size_t value = out->size;
        HW_TRY(value_append(&field->type, column, row, out, err));
        if (out->size - start > HW_PATH_NAME_BYTES_MAX) {
            char quoted[HW_QUOTE_BYTES];
            hw_quote((const char *)out->data + value, out->size - value, quoted, sizeof(quoted));
            return hw_fail(
                err, HW_EDATA,
                "column \"%.100s\": %s makes a folder's name longer than %u bytes: no partition can be called so",
                field->name, quoted, HW_PATH_NAME_BYTES_MAX);
        }
        HW_TRY(hw_buf_append_byte(out, '/', err));
    }
    return HW_OK;
}

static enum hw_status byte_escape(struct hw_buf *out, uint8_t byte, struct hw_error *err) {
    return hw_buf_printf(out, err, "%%%02X", byte);
}

/* A text that reads as the name for null loses its first letter to an escape. */
static enum hw_status value_append(const struct hw_type *type, const struct hw_column *column, size_t row,
                                   struct hw_buf *out, struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    if (type->kind == HW_KIND_NULL || !hw_column_valid(column, row)) {
        return hw_buf_append_text(out, HW_PARTITION_NULL, err);
    }
    HW_TRY(hw_csv_value_append(type, column, row, &text, err));
    hw_view value = hw_buf_view(&text);
    if (hw_view_equal(value, HW_VIEW(HW_PARTITION_NULL))) {
        HW_TRY(byte_escape(out, (uint8_t)value.data[0], err));
        value = (hw_view){value.data + 1, value.size - 1};
    }
    return escaped_append(out, value, err);
}

/* What Hive escapes (FileUtils.escapePathName). */
static bool byte_escaped(uint8_t byte) {
    return byte < 0x20 || byte == 0x7f || strchr("\"#%'*/:=?\\{[]^", byte);
}

static enum hw_status escaped_append(struct hw_buf *out, hw_view text, struct hw_error *err) {
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = (uint8_t)text.data[i];
        HW_TRY(byte_escaped(byte) ? byte_escape(out, byte, err) : hw_buf_append_byte(out, byte, err));
    }
    return HW_OK;
}
