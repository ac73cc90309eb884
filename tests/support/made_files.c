/* SPDX-License-Identifier: Apache-2.0 */
#include "support/made_files.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "support/rows.h"
#include "table/batch_memory.h"
#include "table/shared_schema.h"

static const char int96_hint[] = "microseconds would do";

/* ------ sources */

struct made_source {
    struct hw_source base;
    struct made_files *files;
    const char *text;
};

static enum hw_status source_read(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                  struct hw_error *err) {
    (void)err;
    memcpy(data, ((struct made_source *)base)->text + offset, bytes);
    return HW_OK;
}

static void source_close(struct hw_source *base) {
    atomic_fetch_sub(&((struct made_source *)base)->files->open, 1);
    hw_free(base);
}

static const char *object_name(const struct hw_table_objects *base, size_t number) {
    return ((const struct made_files *)base)->names[number];
}

static enum hw_status object_open(const struct hw_table_objects *base, size_t number, struct hw_source **out_source,
                                  struct hw_error *err) {
    static const struct hw_source_ops ops = {.read_at = source_read, .close = source_close};
    struct made_files *files = (struct made_files *)(uintptr_t)base;
    struct made_source *source = hw_alloc_zero(1, sizeof(*source));
    if (!source) {
        return hw_fail_nomem(err, sizeof(*source));
    }
    source->files = files;
    source->text = files->texts[number];
    source->base = (struct hw_source){
        .ops = &ops, .size = strlen(source->text), .name = files->names[number], .etag = "e", .mtime_us = 5};
    atomic_fetch_add(&files->open, 1);
    atomic_fetch_add(&files->opens, 1);
    *out_source = &source->base;
    return HW_OK;
}

static bool object_once(const struct hw_table_objects *base, size_t number) {
    (void)number;
    return ((const struct made_files *)base)->once;
}

void made_files_init(struct made_files *files, const char *const texts[MADE_FILES_MAX]) {
    static const struct hw_table_objects_ops ops = {object_name, object_open, object_once};
    static const char *const names[MADE_FILES_MAX] = {"0.made", "1.made", "2.made", "3.made"};
    memset((void *)files, 0, sizeof(*files));
    files->base.ops = &ops;
    for (size_t i = 0; i < MADE_FILES_MAX && texts[i]; i++) {
        files->names[i] = names[i];
        files->texts[i] = texts[i];
        files->base.count++;
    }
}

/* ------ files */

struct made_file {
    struct hw_row_file base;
    struct made_source *source;
    struct hw_field fields[MADE_COLUMNS_MAX];
    char names[MADE_COLUMNS_MAX][8];
    int64_t added[MADE_COLUMNS_MAX];
    struct hw_schema schema;
    struct hw_row_part parts[MADE_PARTS_MAX];
    struct hw_file_pair pairs[MADE_PAIRS_MAX];
    bool fails;
};

struct made_rows {
    struct hw_batch_stream base;
    const struct made_file *file;
    struct hw_shared_schema *schema;
    const struct hw_selection *selection;
    uint64_t row;
    uint64_t left;
};

static void rows_free(struct hw_batch_stream *base) {
    struct made_rows *rows = (struct made_rows *)base;
    hw_owner_drop(&rows->schema->owner);
    hw_free(rows);
}

static size_t source_column(const struct made_rows *rows, size_t column) {
    return rows->selection ? rows->selection->columns[column].index : column;
}

/* The types of the letters, and what is added to their values. */
static const struct {
    char letter;
    struct hw_type type;
    int64_t added;
} made_types[] = {
    {'t', {.kind = HW_KIND_TEXT}, 0},
    {'h', {.kind = HW_KIND_INT16}, 0},
    {'d', {.kind = HW_KIND_DOUBLE}, 0},
    {'n', {.kind = HW_KIND_NULL}, 0},
    {'m', {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS}, 0},
    {'u', {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS}, 0},
    {'x', {.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MILLIS}, INT64_C(1) << 62},
    {'l', {.kind = HW_KIND_LIST}, 0},
    {'L', {.kind = HW_KIND_LIST}, 0},
    {'y', {.kind = HW_KIND_INT64}, (INT64_C(1) << 53) + 1},
    {'z', {.kind = HW_KIND_INT64}, (INT64_C(1) << 53) - 50},
};

static void value_put(enum hw_kind kind, int64_t value, size_t slot, void *values) {
    if (kind == HW_KIND_DOUBLE) {
        ((double *)values)[slot] = (double)value;
    } else if (kind == HW_KIND_INT16) {
        ((int16_t *)values)[slot] = (int16_t)value;
    } else {
        ((int64_t *)values)[slot] = value;
    }
}

static void column_fill(const struct made_rows *rows, size_t number, size_t count, struct hw_batch_memory *memory,
                        struct hw_column *out) {
    const enum hw_kind kind = rows->schema->schema.fields[number].type.kind;
    const size_t column = source_column(rows, number);
    int64_t *values = hw_batch_memory_alloc(memory, count * sizeof(*values));
    int32_t *offsets = hw_batch_memory_alloc(memory, (count + 1) * sizeof(*offsets));
    char *data = hw_batch_memory_alloc(memory, count * 20);
    for (size_t i = 0; i < count; i++) {
        const int64_t value = (int64_t)((rows->row + i) * 10 + column) + rows->file->added[column];
        value_put(kind, value, i, values);
        offsets[i + 1] = offsets[i] + snprintf(data + offsets[i], 20, "%" PRId64, value);
    }
    *out = kind == HW_KIND_TEXT ? (struct hw_column){.offsets = offsets, .data = data, .length = count}
                                : (struct hw_column){.values = values, .length = count};
    out->null_count = kind == HW_KIND_NULL ? count : 0;
}

/* Two rows at most in each batch. */
static enum hw_status rows_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                struct hw_error *err) {
    struct made_rows *rows = (struct made_rows *)base;
    const size_t count = rows->left < 2 ? (size_t)rows->left : 2;
    struct hw_batch_memory *memory;
    if (rows->file->fails) {
        hw_error_set(err, HW_EDATA, "nanoseconds do not do");
        err->hint = int96_hint;
        return HW_EDATA;
    }
    *out_more = count > 0;
    if (count == 0) {
        return HW_OK;
    }
    HW_TRY(hw_batch_memory_new(&rows->schema->owner, NULL, &memory, err));
    const size_t columns_count = rows->schema->schema.count;
    struct hw_column *columns = hw_batch_memory_alloc(memory, columns_count * sizeof(*columns));
    for (size_t i = 0; i < columns_count; i++) {
        column_fill(rows, i, count, memory, &columns[i]);
    }
    *out_batch = (struct hw_batch){&rows->schema->schema, count, columns, hw_batch_memory_owner(memory)};
    rows->row += count;
    rows->left -= count;
    return HW_OK;
}

static enum hw_status file_batches(const struct hw_row_file *base, const struct hw_row_wanted *wanted,
                                   struct hw_batch_stream **out_stream, struct hw_error *err) {
    const struct made_file *file = (const struct made_file *)base;
    struct made_rows *rows = hw_alloc_zero(1, sizeof(*rows));
    if (!rows) {
        return hw_fail_nomem(err, sizeof(*rows));
    }
    *rows = (struct made_rows){.base = {.next = rows_next, .free = rows_free}, .file = file};
    rows->selection = wanted->selection;
    const enum hw_status status =
        hw_shared_schema_dup(wanted->selection ? &wanted->selection->schema : base->schema, &rows->schema, err);
    if (status) {
        hw_free(rows);
        return status;
    }
    rows->base.schema = &rows->schema->schema;
    for (size_t i = 0; i < wanted->part; i++) {
        rows->row += file->parts[i].rows;
    }
    rows->left = hw_clamp(file->parts[wanted->part].rows, 0, wanted->limit);
    *out_stream = &rows->base;
    return HW_OK;
}

static void file_free(struct hw_row_file *base) {
    atomic_fetch_sub(&((struct made_file *)base)->source->files->open, 1);
    hw_free(base);
}

static void type_read(struct made_file *file, size_t column, char letter) {
    static const struct hw_field elements[] = {{.name = "element", .type = {.kind = HW_KIND_INT64}},
                                               {.name = "element", .type = {.kind = HW_KIND_TEXT}}};
    if (letter == 'l' || letter == 'L') {
        file->fields[column].children = &elements[letter == 'L'];
        file->fields[column].children_count = 1;
    }
    for (size_t i = 0; i < COUNT_OF(made_types); i++) {
        if (made_types[i].letter == letter) {
            file->fields[column].type = made_types[i].type;
            file->fields[column].required = made_types[i].type.kind != HW_KIND_NULL;
            file->added[column] = made_types[i].added;
        }
    }
}

/* Reads "name", "name/t" or "name!". */
static const char *column_read(struct made_file *file, const char *at, enum hw_int96 int96) {
    char *name = file->names[file->schema.count];
    file->fields[file->schema.count++] = (struct hw_field){.name = name, .type.kind = HW_KIND_INT64, .required = true};
    for (; *at && !strchr(" ;", *at); at++) {
        if (*at == '/') {
            type_read(file, file->schema.count - 1, *++at);
        } else if (*at == '!') {
            file->fails = int96 == HW_INT96_AUTO;
        } else {
            *name++ = *at;
        }
    }
    return *at == ' ' ? at + 1 : at;
}

/* Reads "|key=value|key=value". */
static void pairs_read(struct made_file *file, const char *at) {
    file->base.pairs = (struct hw_file_pairs){file->pairs, 0, true};
    while (*at == '|') {
        const size_t key = strcspn(at + 1, "=");
        const char *value = at + 1 + key + 1;
        const size_t bytes = strcspn(value, "|");
        file->pairs[file->base.pairs.count++] = (struct hw_file_pair){{at + 1, key}, {value, bytes}, true};
        at = value + bytes;
    }
}

static enum hw_status made_open(struct hw_source *source, const struct hw_row_file_options *options,
                                struct hw_row_file **out_file, struct hw_error *err) {
    static const struct hw_row_file_ops ops = {file_batches, file_free};
    struct made_file *file = hw_alloc_zero(1, sizeof(*file));
    if (!file) {
        return hw_fail_nomem(err, sizeof(*file));
    }
    file->source = (struct made_source *)source;
    file->base = (struct hw_row_file){.ops = &ops, .schema = &file->schema, .parts = file->parts};
    file->schema.fields = file->fields;
    const char *at = file->source->text;
    if (*at == '?') {
        hw_free(file);
        return hw_fail(err, HW_EDATA, "this is no made file");
    }
    while (*at && *at != ';') {
        at = column_read(file, at, options->int96);
    }
    while (*at == ';') {
        char *end;
        const uint64_t rows = strtoull(at + 1, &end, 10);
        file->parts[file->base.parts_count++] = (struct hw_row_part){rows, rows * 8, rows};
        at = end;
    }
    pairs_read(file, at);
    atomic_fetch_add(&file->source->files->open, 1);
    *out_file = &file->base;
    return HW_OK;
}

static bool made_wants(const struct hw_error *error) {
    return error->hint == int96_hint;
}

const struct hw_row_format made_format = {"made", made_open, made_wants};
