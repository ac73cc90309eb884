/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/table.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/count.h"
#include "core/limits.h"
#include "table/arrange.h"
#include "table/cast.h"
#include "table/schema.h"
#include "table/widen.h"

/* The room for the name of a type. */
enum { TYPE_TEXT_BYTES = 64 };

/* ------ files */

enum hw_status hw_rows_file_open(const struct hw_rows_table *table, size_t object, struct hw_rows_file *out_file,
                                 struct hw_error *err) {
    const struct hw_row_file_options options = {table->int96, table->options.page_bytes_max};
    struct hw_rows_file file = {.source = table->options.source, .borrowed = table->options.source != NULL};
    HW_TRY(file.source ? HW_OK : table->objects->ops->open(table->objects, object, &file.source, err));
    const enum hw_status status = table->options.format->open(file.source, &options, &file.file, err);
    if (status) {
        hw_rows_file_close(&file);
        return status;
    }
    *out_file = file;
    return HW_OK;
}

void hw_rows_file_close(struct hw_rows_file *file) {
    if (file->file) {
        file->file->ops->free(file->file);
    }
    if (file->source && !file->borrowed) {
        file->source->ops->close(file->source);
    }
    *file = (struct hw_rows_file){0};
}

/* ------ life */

enum hw_status hw_rows_table_init(struct hw_rows_table *table, const struct hw_table_objects *objects,
                                  const struct hw_rows_options *options, struct hw_error *err) {
    *table = (struct hw_rows_table){.options = *options, .objects = objects, .int96 = options->int96};
    HW_TRY(options->where ? hw_predicate_parse(&table->predicate, options->where, err) : HW_OK);
    table->items = hw_alloc_zero(objects->count, sizeof(*table->items));
    if (!table->items) {
        hw_predicate_release(&table->predicate);
        return hw_fail_nomem(err, objects->count * sizeof(*table->items));
    }
    hw_rows_metadata_init(&table->metadata);
    table->count = objects->count;
    for (size_t i = 0; i < table->count; i++) {
        table->items[i].name = objects->ops->name(objects, i);
    }
    return HW_OK;
}

static void object_forget(struct hw_rows_object *object) {
    hw_rows_file_close(&object->open);
    hw_rows_where_release(&object->where);
    hw_selection_release(&object->selection);
    hw_arena_release(&object->arena);
    *object = (struct hw_rows_object){.name = object->name};
}

void hw_rows_table_release(struct hw_rows_table *table) {
    for (size_t i = 0; i < table->count; i++) {
        object_forget(&table->items[i]);
    }
    hw_free(table->items);
    hw_free(table->parts);
    hw_predicate_release(&table->predicate);
    hw_rows_metadata_release(&table->metadata);
    hw_arena_release(&table->arena);
}

/* ------ a look at an object */

static enum hw_status object_take(struct hw_rows_table *table, struct hw_rows_object *object,
                                  const struct hw_rows_file *file, struct hw_error *err);
static enum hw_status columns_choose(const struct hw_rows_table *table, struct hw_rows_object *object,
                                     struct hw_error *err);

enum hw_status hw_rows_table_look(struct hw_rows_table *table, size_t number, struct hw_error *err) {
    struct hw_rows_object *object = &table->items[number];
    struct hw_rows_file file;
    HW_TRY(hw_rows_file_open(table, number, &file, err));
    enum hw_status status = object_take(table, object, &file, err);
    if (status == HW_OK && table->count == 1) {
        object->open = file;
    } else {
        hw_rows_file_close(&file);
    }
    return status;
}

static enum hw_status object_take(struct hw_rows_table *table, struct hw_rows_object *object,
                                  const struct hw_rows_file *file, struct hw_error *err) {
    const struct hw_row_file *rows = file->file;
    object->bytes = file->source->size;
    object->remote = file->source->remote;
    object->same_schema = rows->pairs.same_schema;
    HW_TRY(hw_rows_metadata_add(&table->metadata, (size_t)(object - table->items), &rows->pairs, err));
    object->parts = hw_arena_alloc(&object->arena, rows->parts_count * sizeof(*object->parts));
    if (!object->parts) {
        return hw_fail_nomem(err, rows->parts_count * sizeof(*object->parts));
    }
    memcpy(object->parts, rows->parts, rows->parts_count * sizeof(*object->parts));
    object->parts_count = rows->parts_count;
    HW_TRY(hw_schema_dup(rows->schema, &object->arena, &object->schema, err));
    HW_TRY(columns_choose(table, object, err));
    return table->options.where
               ? hw_rows_where_make(&object->where, &table->predicate, &object->schema, &object->selection, err)
               : HW_OK;
}

static void listed_take(struct hw_rows_object *object, const struct hw_projected *projected);
static enum hw_status columns_take(struct hw_rows_object *object, const struct hw_projected *projected,
                                   struct hw_error *err);

/*
 * Finds what becomes of the file's columns, by the options that choose, order and name them. Where
 * columns are listed, these options are for what the list takes.
 */
static enum hw_status columns_choose(const struct hw_rows_table *table, struct hw_rows_object *object,
                                     struct hw_error *err) {
    const struct hw_projection projection = {.options = table->options.columns};
    const char *list = table->options.column_list;
    HW_TRY(list ? hw_selection_make(&object->selection, &object->schema, list, err) : HW_OK);
    const struct hw_schema *schema = list ? &object->selection.schema : &object->schema;
    const size_t count = schema->count;
    struct hw_projected *projected = hw_arena_alloc(&object->arena, count * sizeof(*projected));
    object->names = hw_arena_alloc(&object->arena, count * sizeof(*object->names));
    object->orders = hw_arena_alloc(&object->arena, count * sizeof(*object->orders));
    object->places = hw_arena_alloc(&object->arena, count * sizeof(*object->places));
    if (!projected || !object->names || !object->orders || !object->places) {
        return hw_fail_nomem(err, count * sizeof(*projected));
    }
    for (size_t i = 0; i < count; i++) {
        object->names[i] = schema->fields[i].name;
    }
    object->names_count = count;
    HW_TRY(hw_project(&projection, object->names, count, &object->arena, projected, err));
    if (list) {
        listed_take(object, projected);
        return HW_OK;
    }
    return columns_take(object, projected, err);
}

/* Every file has all columns of a list, so each stands where the list has it. */
static void listed_take(struct hw_rows_object *object, const struct hw_projected *projected) {
    for (size_t i = 0; i < object->selection.schema.count; i++) {
        object->selection.schema.fields[i].name = projected[i].name;
        object->orders[i] = object->places[i] = (uint32_t)i;
    }
}

static enum hw_status columns_take(struct hw_rows_object *object, const struct hw_projected *projected,
                                   struct hw_error *err) {
    const size_t count = object->schema.count;
    struct hw_field *fields = hw_arena_alloc(&object->arena, count * sizeof(*fields));
    struct hw_selected *selected = hw_arena_alloc(&object->arena, count * sizeof(*selected));
    if (!fields || !selected) {
        return hw_fail_nomem(err, count * sizeof(*fields));
    }
    size_t taken = 0;
    for (size_t i = 0; i < count; i++) {
        if (projected[i].left_out) {
            continue;
        }
        fields[taken] = object->schema.fields[i];
        fields[taken].name = projected[i].name;
        selected[taken] = (struct hw_selected){.index = i};
        object->orders[taken] = projected[i].place;
        object->places[taken] = (uint32_t)taken;
        taken++;
    }
    object->selection.schema = (struct hw_schema){fields, taken};
    object->selection.columns = selected;
    return HW_OK;
}

/* ------ the schema of all of them */

/* A column of the table on its way. */
struct column {
    struct hw_field field;
    /* The types of the objects that have it. */
    struct hw_widening widening;
    uint32_t order;  /* that was asked for */
    uint32_t number; /* in the order of appearance */
    size_t objects;  /* that have it */
};

struct columns {
    struct column *items;
    size_t count;
};

static enum hw_status names_prove(struct hw_rows_table *table, struct hw_error *err);
static enum hw_status columns_join(const struct hw_rows_table *table, struct columns *columns, struct hw_error *err);
static enum hw_status schema_make(struct hw_rows_table *table, const struct columns *columns, struct hw_error *err);
static enum hw_status metadata_decide(struct hw_rows_table *table, struct hw_error *err);

enum hw_status hw_rows_table_decide(struct hw_rows_table *table, struct hw_error *err) {
    size_t most = 0;
    for (size_t i = 0; i < table->count; i++) {
        most += table->items[i].selection.schema.count;
    }
    HW_TRY(names_prove(table, err));
    struct columns columns = {hw_alloc_zero(most, sizeof(*columns.items)), 0};
    if (!columns.items) {
        return hw_fail_nomem(err, most * sizeof(*columns.items));
    }
    enum hw_status status = columns_join(table, &columns, err);
    status = status ? status : schema_make(table, &columns, err);
    hw_free(columns.items);
    return status ? status : metadata_decide(table, err);
}

/* Every column that the options name must be one of some object. */
static enum hw_status names_prove(struct hw_rows_table *table, struct hw_error *err) {
    const struct hw_projection projection = {.options = table->options.columns};
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++) {
        count += table->items[i].names_count;
    }
    const char **names = hw_alloc_zero(count, sizeof(*names));
    if (!names) {
        return hw_fail_nomem(err, count * sizeof(*names));
    }
    size_t at = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct hw_rows_object *object = &table->items[i];
        memcpy(names + at, object->names, object->names_count * sizeof(*names));
        at += object->names_count;
    }
    const enum hw_status status = hw_projection_prove(&projection, names, count, err);
    hw_free(names);
    return status;
}

/* Files that are merged mostly have the same columns in one order: `hint` is looked at first. */
static struct column *column_find(const struct columns *columns, const char *name, size_t hint) {
    if (hint < columns->count && strcmp(columns->items[hint].field.name, name) == 0) {
        return &columns->items[hint];
    }
    for (size_t i = 0; i < columns->count; i++) {
        if (strcmp(columns->items[i].field.name, name) == 0) {
            return &columns->items[i];
        }
    }
    return NULL;
}

static const struct hw_field *field_find(const struct hw_schema *schema, const char *name) {
    for (size_t i = 0; i < schema->count; i++) {
        if (strcmp(schema->fields[i].name, name) == 0) {
            return &schema->fields[i];
        }
    }
    return NULL;
}

/* Gives a field that has had nothing but nulls the type of another one. */
static void type_take(struct hw_field *field, const struct hw_field *from) {
    field->type = from->type;
    field->children = from->children;
    field->children_count = from->children_count;
    field->dictionary = from->dictionary;
}

/*
 * Makes a column hold the values of one more field. Returns false where no type holds all of them.
 * Types with children are equal, or one has nothing but nulls.
 */
static bool column_widen(struct column *column, const struct hw_field *field) {
    struct hw_field *own = &column->field;
    own->required = own->required && field->required;
    if (field->type.kind != HW_KIND_NULL && own->type.kind == HW_KIND_NULL) {
        type_take(own, field);
    } else if (field->type.kind != HW_KIND_NULL && !hw_kind_is_flat(own->type.kind)) {
        return hw_field_types_equal(own, field);
    }
    if (!hw_widening_add(&column->widening, field->type)) {
        return false;
    }
    own->type = column->widening.type;
    return true;
}

static struct column column_begin(const struct hw_field *field, uint32_t order, uint32_t number) {
    return (struct column){*field, hw_widening_begin(field->type), order, number, 0};
}

/* Says which object has the column with a type that has none in common with another one's. */
static enum hw_status types_differ(const struct hw_rows_table *table, const struct hw_rows_object *object,
                                   const struct hw_field *field, struct hw_error *err) {
    char one[TYPE_TEXT_BYTES];
    char other[TYPE_TEXT_BYTES];
    const struct hw_rows_object *before = table->items;
    for (; before < object; before++) {
        const struct hw_field *had = field_find(&before->selection.schema, field->name);
        struct column column = had ? column_begin(had, 0, 0) : (struct column){0};
        if (had && !column_widen(&column, field)) {
            hw_type_format(had->type, one, sizeof(one));
            break;
        }
    }
    assert(before < object);
    hw_type_format(field->type, other, sizeof(other));
    const char *advice = "leave the column out (--drop), or convert these sources by themselves";
    if (strcmp(one, other) == 0) {
        hw_error_set(err, HW_EDATA, "it is %s in %s and in %s, which differ in what is inside: %s", one, before->name,
                     object->name, advice);
    } else {
        hw_error_set(err, HW_EDATA, "it is %s in %s, and %s in %s, which have no type in common: %s", one, before->name,
                     other, object->name, advice);
    }
    hw_error_column(err, field->name, strlen(field->name));
    return HW_EDATA;
}

/* Adds the columns of one object. Those of names that are there already may get wider types. */
static enum hw_status object_join(const struct hw_rows_table *table, struct hw_rows_object *object,
                                  struct columns *columns, struct hw_error *err) {
    const struct hw_schema *schema = &object->selection.schema;
    for (size_t i = 0; i < schema->count; i++) {
        const struct hw_field *field = &schema->fields[i];
        struct column *column = table->count > 1 ? column_find(columns, field->name, i) : NULL;
        if (!column) {
            column = &columns->items[columns->count];
            *column = column_begin(field, object->orders[i], (uint32_t)columns->count);
            columns->count++;
        } else if (!column_widen(column, field)) {
            return types_differ(table, object, field, err);
        }
        column->objects++;
        object->places[i] = column->number;
    }
    return HW_OK;
}

static int columns_compare(const void *a, const void *b) {
    const struct column *one = a;
    const struct column *other = b;
    if (one->order != other->order) {
        return one->order < other->order ? -1 : 1;
    }
    return one->number < other->number ? -1 : one->number > other->number;
}

/* Joins the columns of all objects by their names, in the order of first appearance. */
static enum hw_status columns_join(const struct hw_rows_table *table, struct columns *columns, struct hw_error *err) {
    for (size_t i = 0; i < table->count; i++) {
        HW_TRY(object_join(table, &table->items[i], columns, err));
    }
    for (size_t i = 0; i < columns->count; i++) {
        struct column *column = &columns->items[i];
        column->field.required = column->field.required && column->objects == table->count;
    }
    qsort(columns->items, columns->count, sizeof(*columns->items), columns_compare);
    return HW_OK;
}

static void places_move(struct hw_rows_table *table, const uint32_t *places);
static void casts_count(struct hw_rows_table *table);

static enum hw_status schema_make(struct hw_rows_table *table, const struct columns *columns, struct hw_error *err) {
    const char *added = table->options.columns ? table->options.columns->add_source : NULL;
    const size_t count = columns->count + (added ? 1 : 0);
    struct hw_field *fields = hw_arena_alloc(&table->arena, count * sizeof(*fields));
    uint32_t *places = hw_arena_alloc(&table->arena, columns->count * sizeof(*places));
    if (!fields || !places) {
        return hw_fail_nomem(err, count * sizeof(*fields));
    }
    for (size_t i = 0; i < columns->count; i++) {
        fields[i] = columns->items[i].field;
        places[columns->items[i].number] = (uint32_t)i;
    }
    if (added) {
        if (column_find(columns, added, 0)) {
            return hw_fail(err, HW_EDATA, "the table has a column %s already, and is asked for another one of the name",
                           added);
        }
        fields[columns->count] = (struct hw_field){.name = added, .type.kind = HW_KIND_TEXT, .required = true};
    }
    table->added = added != NULL;
    table->schema = (struct hw_schema){fields, count};
    places_move(table, places);
    casts_count(table);
    return HW_OK;
}

/* Places were in the order of appearance until here. */
static void places_move(struct hw_rows_table *table, const uint32_t *places) {
    table->whole = table->count == 1 && !table->added;
    for (size_t i = 0; i < table->count; i++) {
        struct hw_rows_object *object = &table->items[i];
        for (size_t column = 0; column < object->selection.schema.count; column++) {
            object->places[column] = places[object->places[column]];
            table->whole = table->whole && object->places[column] == column;
        }
    }
}

/* Columns that have nothing but nulls are left out where the table's have another type. */
static void casts_count(struct hw_rows_table *table) {
    for (size_t i = 0; i < table->count; i++) {
        struct hw_rows_object *object = &table->items[i];
        object->cast_bytes = 0;
        for (size_t column = 0; column < object->selection.schema.count; column++) {
            const struct hw_type from = object->selection.schema.fields[column].type;
            const struct hw_type to = table->schema.fields[object->places[column]].type;
            if (from.kind == HW_KIND_NULL && to.kind != HW_KIND_NULL) {
                object->places[column] = HW_ARRANGE_LEFT_OUT;
            } else if (hw_cast_needed(from, to)) {
                object->cast_bytes += hw_cast_row_bytes(to);
            }
        }
    }
}

/* ------ key-value metadata */

/* Returns whether the table has the columns of the file, each as the file has it. */
static bool schema_same(const struct hw_rows_table *table, const struct hw_rows_object *object) {
    const struct hw_schema *schema = &object->schema;
    bool same =
        object->same_schema && schema->count == table->schema.count && schema->count == object->selection.schema.count;
    for (size_t i = 0; same && i < schema->count; i++) {
        const struct hw_field *from = &schema->fields[i];
        const struct hw_field *to = &table->schema.fields[i];
        same = object->places[i] == i && strcmp(from->name, to->name) == 0 && from->required == to->required &&
               hw_field_types_equal(from, to);
    }
    return same;
}

static enum hw_status metadata_decide(struct hw_rows_table *table, struct hw_error *err) {
    struct hw_rows_metadata_kept kept;
    char key[HW_QUOTE_BYTES];
    bool same = true;
    table->notes = (struct hw_notes){0};
    for (size_t i = 0; same && i < table->count; i++) {
        same = schema_same(table, &table->items[i]);
    }
    HW_TRY(hw_rows_metadata_decide(&table->metadata, same, &table->arena, &kept, err));
    table->pairs = kept.pairs;
    if (kept.too_much) {
        HW_TRY(hw_notes_add(&table->notes, HW_NOTE_METADATA_LEFT, &table->arena, err,
                            "its key-value metadata is not kept: %u pairs and %u MiB are the most that are",
                            HW_FILE_PAIRS_MAX, (unsigned)(HW_FILE_PAIRS_BYTES_MAX >> 20)));
    } else if (kept.differing > 0) {
        HW_TRY(hw_notes_add(&table->notes, HW_NOTE_METADATA_LEFT, &table->arena, err,
                            "its metadata %s has another value in other sources, so it%s not kept",
                            hw_quote(kept.key.data, kept.key.size, key, sizeof(key)),
                            hw_plural(kept.differing, " is", " and others are")));
    }
    table->notes.of[HW_NOTE_METADATA_LEFT].source = table->items[kept.object].name;
    return HW_OK;
}

/* ------ passes */

enum hw_status hw_rows_table_cut(struct hw_rows_table *table, struct hw_error *err) {
    size_t most = 0;
    for (size_t i = 0; i < table->count; i++) {
        most += table->items[i].parts_count;
        table->items[i].rows = 0;
    }
    hw_free(table->parts);
    table->parts_count = 0;
    table->rows = 0;
    table->parts = hw_alloc_zero(most, sizeof(*table->parts));
    if (!table->parts) {
        return hw_fail_nomem(err, most * sizeof(*table->parts));
    }
    for (size_t i = 0; i < table->count; i++) {
        uint64_t bytes = table->options.part_bytes;
        for (size_t part = 0; part < table->items[i].parts_count; part++) {
            if (bytes >= table->options.part_bytes || part == 0) {
                table->parts[table->parts_count++] = (struct hw_rows_part){i, part, 0};
                bytes = 0;
            }
            table->parts[table->parts_count - 1].count++;
            bytes += hw_clamp(table->items[i].parts[part].bytes, 0, table->options.part_bytes);
        }
    }
    return HW_OK;
}

enum hw_status hw_rows_table_widen(struct hw_rows_table *table, struct hw_error *err) {
    if (table->int96 == HW_INT96_MICROS) {
        return hw_fail(err, HW_EFAILED, "timestamps do not fit a form that every value was to fit");
    }
    table->int96 = HW_INT96_MICROS;
    hw_arena_release(&table->arena);
    table->arena = (struct hw_arena){0};
    hw_rows_metadata_release(&table->metadata);
    hw_rows_metadata_init(&table->metadata);
    for (size_t i = 0; i < table->count; i++) {
        object_forget(&table->items[i]);
        HW_TRY(hw_rows_table_look(table, i, err));
    }
    return hw_rows_table_decide(table, err);
}
