/* SPDX-License-Identifier: Apache-2.0 */
#include "table/flatten.h"

#include "core/buf.h"
#include "table/schema.h"

/* A step from the table, or from a struct, to one of its fields. */
struct hw_flat_step {
    size_t index;
    /* NULL: this is the field that becomes a column. */
    const struct hw_flat_step *below;
};

/* A struct on the way down. */
struct above {
    const struct hw_field *field;
    size_t index;
    const struct above *above;
};

struct walk {
    struct hw_arena *arena;
    struct hw_buf fields; /* each a struct hw_field */
    struct hw_buf ways;   /* each a const struct hw_flat_step * */
    struct hw_error *err;
};

static enum hw_status fields_walk(struct walk *walk, const struct hw_field *fields, size_t count,
                                  const struct above *above);
static enum hw_status walk_keep(const struct walk *walk, struct hw_flat *flat);
static enum hw_status names_prove(const struct hw_schema *schema, struct hw_error *err);

enum hw_status hw_flat_make(struct hw_flat *flat, const struct hw_schema *table, struct hw_error *err) {
    struct walk walk = {.arena = &flat->arena, .err = err};
    enum hw_status status = fields_walk(&walk, table->fields, table->count, NULL);
    if (status == HW_OK) {
        status = walk_keep(&walk, flat);
    }
    if (status == HW_OK) {
        status = names_prove(&flat->schema, err);
    }
    hw_buf_release(&walk.fields);
    hw_buf_release(&walk.ways);
    if (status != HW_OK) {
        hw_flat_release(flat);
    }
    return status;
}

void hw_flat_release(struct hw_flat *flat) {
    hw_arena_release(&flat->arena);
    *flat = (struct hw_flat){0};
}

/* Returns the first column that is not flat; NULL where all are. */
static const struct hw_field *nested_find(const struct hw_schema *schema) {
    for (size_t i = 0; i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        while (field->dictionary) {
            field = field->dictionary;
        }
        if (!hw_kind_is_flat(field->type.kind)) {
            return &schema->fields[i];
        }
    }
    return NULL;
}

bool hw_schema_is_nested(const struct hw_schema *schema) {
    return nested_find(schema) != NULL;
}

enum hw_status hw_schema_prove_flat(const struct hw_schema *schema, struct hw_error *err) {
    const struct hw_field *nested = nested_find(schema);
    if (!nested) {
        return HW_OK;
    }
    const enum hw_status status = hw_fail(err, HW_EUSAGE, "the column is nested, and CSV was asked to be flat");
    hw_error_column(err, nested->name, strlen(nested->name));
    return status;
}

/* The name of a field may be that of a column with a point in it. */
static enum hw_status names_prove(const struct hw_schema *schema, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    const char *twin;
    HW_TRY(hw_schema_twin(schema, &twin, err));
    return twin ? hw_fail(err, HW_EDATA, "with structs as columns, two columns would be called %s",
                          hw_quote(twin, strlen(twin), quoted, sizeof(quoted)))
                : HW_OK;
}

static enum hw_status field_keep(struct walk *walk, const struct above *way);

static enum hw_status fields_walk(struct walk *walk, const struct hw_field *fields, size_t count,
                                  const struct above *above) {
    for (size_t i = 0; i < count; i++) {
        const struct above way = {&fields[i], i, above};
        const bool opens = fields[i].type.kind == HW_KIND_STRUCT && !hw_field_metadata(&fields[i], HW_META_UNION);
        HW_TRY(opens ? fields_walk(walk, fields[i].children, fields[i].children_count, &way) : field_keep(walk, &way));
    }
    return HW_OK;
}

/* Puts the names on a way one after the other, from the last to the first. */
static enum hw_status name_make(const struct walk *walk, const struct above *way, const char **out_name) {
    const char *name = way->field->name;
    for (const struct above *at = way->above; at && name; at = at->above) {
        name = hw_arena_join(walk->arena, at->field->name, ".", name);
    }
    *out_name = name;
    return name ? HW_OK : hw_fail_nomem(walk->err, sizeof(*way));
}

static enum hw_status field_keep(struct walk *walk, const struct above *way) {
    struct hw_field field = *way->field;
    const struct hw_flat_step *first = NULL;
    HW_TRY(name_make(walk, way, &field.name));
    for (const struct above *at = way; at; at = at->above) {
        struct hw_flat_step *step = hw_arena_alloc(walk->arena, sizeof(*step));
        if (!step) {
            return hw_fail_nomem(walk->err, sizeof(*step));
        }
        *step = (struct hw_flat_step){.index = at->index, .below = first};
        first = step;
        field.required = field.required && at->field->required;
    }
    HW_TRY(hw_buf_append(&walk->fields, &field, sizeof(field), walk->err));
    return hw_buf_append(&walk->ways, &first, sizeof(first), walk->err);
}

static enum hw_status walk_keep(const struct walk *walk, struct hw_flat *flat) {
    struct hw_field *fields = hw_arena_alloc(walk->arena, walk->fields.size);
    const struct hw_flat_step **ways = hw_arena_alloc(walk->arena, walk->ways.size);
    if (!fields || !ways) {
        return hw_fail_nomem(walk->err, walk->fields.size + walk->ways.size);
    }
    if (walk->fields.size > 0) {
        memcpy(fields, walk->fields.data, walk->fields.size);
        memcpy(ways, walk->ways.data, walk->ways.size);
    }
    flat->schema = (struct hw_schema){fields, walk->fields.size / sizeof(*fields)};
    flat->ways = ways;
    return HW_OK;
}

/* ------ batches */

static enum hw_status column_flatten(const struct hw_flat_step *way, const struct hw_column *columns, size_t rows,
                                     struct hw_arena *arena, struct hw_column *out_column, struct hw_error *err);

enum hw_status hw_flat_apply(const struct hw_flat *flat, const struct hw_batch *batch, struct hw_arena *arena,
                             struct hw_batch *out_batch, struct hw_error *err) {
    const size_t count = flat->schema.count;
    struct hw_column *columns = hw_arena_alloc(arena, count * sizeof(*columns));
    if (!columns) {
        return hw_fail_nomem(err, count * sizeof(*columns));
    }
    for (size_t i = 0; i < count; i++) {
        HW_TRY(column_flatten(flat->ways[i], batch->columns, batch->rows, arena, &columns[i], err));
    }
    *out_batch = (struct hw_batch){.schema = &flat->schema, .rows = batch->rows, .columns = columns};
    return HW_OK;
}

/* Gives a child, whose slots are moved to those of its struct, the nulls of the struct too. */
static enum hw_status nulls_join(const struct hw_column *parent, size_t rows, struct hw_arena *arena,
                                 struct hw_column *child, struct hw_error *err) {
    if (!parent->validity) {
        return HW_OK;
    }
    const size_t bytes = (child->offset + rows + 7) / 8;
    uint8_t *valid = hw_arena_alloc(arena, bytes);
    if (!valid) {
        return hw_fail_nomem(err, bytes);
    }
    memset(valid, 0, bytes);
    child->null_count = 0;
    for (size_t row = 0; row < rows; row++) {
        const size_t at = child->offset + row;
        const bool is_valid = hw_column_valid(parent, row) && hw_column_valid(child, row);
        valid[at >> 3] |= (uint8_t)(is_valid << (at & 7));
        child->null_count += !is_valid;
    }
    child->validity = valid;
    return HW_OK;
}

static enum hw_status column_flatten(const struct hw_flat_step *way, const struct hw_column *columns, size_t rows,
                                     struct hw_arena *arena, struct hw_column *out_column, struct hw_error *err) {
    struct hw_column column = columns[way->index];
    for (way = way->below; way; way = way->below) {
        const struct hw_column parent = column;
        column = parent.children[way->index];
        column.offset += parent.offset;
        column.length = rows;
        HW_TRY(nulls_join(&parent, rows, arena, &column, err));
    }
    *out_column = column;
    return HW_OK;
}
