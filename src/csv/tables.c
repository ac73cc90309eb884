/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/tables.h"

#include "codec/unpack_zip.h"
#include "core/alloc.h"
#include "csv/members.h"
#include "csv/object.h"
#include "csv/reader.h"

struct tables {
    struct hw_table_set base;
    struct hw_csv_tables_options options;
    /* The text of the single object while it is open; otherwise its source is NULL. */
    struct hw_csv_text text;
    struct hw_csv_members members; /* of that text's object */
    bool told;                     /* The members that were left out are counted. */
    size_t count;
    struct hw_csv_object objects[];
};

static enum hw_status tables_open(struct hw_table_set *base, struct hw_error *err);
static bool tables_find(const struct hw_table_set *base, size_t *table);
static const char *tables_name(const struct hw_table_set *base, size_t table);
static enum hw_status tables_reader_new(struct hw_table_set *base, size_t table, const char *name,
                                        struct hw_table_reader **out_reader, struct hw_error *err);
static void tables_close(struct hw_table_set *base);
static void tables_free(struct hw_table_set *base);

static const struct hw_table_set_ops tables_ops = {tables_open,       tables_find,  tables_name,
                                                   tables_reader_new, tables_close, tables_free};

enum hw_status hw_csv_tables_new(const struct hw_table_objects *objects, const struct hw_csv_tables_options *options,
                                 struct hw_table_set **out_set, struct hw_error *err) {
    struct tables *tables;
    size_t bytes;
    const size_t count = objects->count;
    if (count > UINT32_MAX || !hw_mul(count, sizeof(tables->objects[0]), &bytes) ||
        !hw_add(bytes, sizeof(*tables), &bytes)) {
        return hw_fail(err, HW_ELIMIT, "%zu objects are too many to be merged", count);
    }
    tables = hw_alloc_zero(1, bytes);
    if (!tables) {
        return hw_fail_nomem(err, bytes);
    }
    tables->base.ops = &tables_ops;
    tables->options = *options;
    tables->count = count;
    for (size_t i = 0; i < count; i++) {
        hw_csv_object_init(&tables->objects[i], objects, (uint32_t)i);
    }
    *out_set = &tables->base;
    return HW_OK;
}

static void tables_free(struct hw_table_set *base) {
    struct tables *tables = (struct tables *)base;
    tables_close(base);
    for (size_t i = 0; i < tables->count; i++) {
        hw_csv_object_release(&tables->objects[i]);
    }
    hw_free(tables);
}

static enum hw_status tables_open(struct hw_table_set *base, struct hw_error *err) {
    struct tables *tables = (struct tables *)base;
    HW_TRY(hw_csv_object_take(tables->objects, tables->options.csv->encoding, &tables->text, err));
    const struct hw_source *source = tables->text.source;
    base->opened = true;
    base->bytes = tables->objects->bytes;
    base->mtime_us = source->mtime_us;
    base->etag = source->etag;
    const struct hw_csv_members_options chosen = {tables->options.csv->zip_member, tables->options.all_members};
    HW_TRY(hw_csv_members_choose(&tables->members, &tables->text, &chosen, err));
    base->wanted = tables->members.wanted;
    /* A set that had to wait for memory is opened once more. */
    hw_csv_members_tell(&tables->members, tables->told ? NULL : tables->options.left_out);
    tables->told = true;
    return HW_OK;
}

static void tables_close(struct hw_table_set *base) {
    struct tables *tables = (struct tables *)base;
    if (tables->text.source) {
        hw_csv_object_give(tables->objects, &tables->text);
        tables->text = (struct hw_csv_text){0};
    }
    hw_csv_members_release(&tables->members);
    base->opened = false;
}

static bool tables_find(const struct hw_table_set *base, size_t *table) {
    const struct tables *tables = (const struct tables *)base;
    while (*table < tables->members.count && !hw_csv_members_has(&tables->members, *table)) {
        ++*table;
    }
    return *table < tables->members.count;
}

static const char *tables_name(const struct hw_table_set *base, size_t table) {
    const struct hw_zip *zip = ((const struct tables *)base)->text.zip;
    return zip ? hw_zip_member(zip, table)->name : NULL;
}

static enum hw_status tables_reader_new(struct hw_table_set *base, size_t table, const char *name,
                                        struct hw_table_reader **out_reader, struct hw_error *err) {
    struct tables *tables = (struct tables *)base;
    const struct hw_csv_tables_options *options = &tables->options;
    const struct hw_csv_inputs_options inputs = {
        .csv = options->csv,
        .choice = options->choice,
        .typed = options->groups && options->survey_bytes_max == 0,
        .survey_bytes_max = options->survey_bytes_max,
        .checksums = options->checksums,
        .one_member = !options->merged,
        .member = table,
        .all_members = options->all_members,
        .left_out = options->left_out,
        .name = name,
        .record_bytes_max = options->record_bytes_max,
        .kept_object_bytes_max = options->merged ? options->kept_object_bytes_max : 0,
        .kept_bytes_max = options->kept_bytes_max,
    };
    const struct hw_csv_table_options own = {
        .csv = options->csv,
        .rows_max = options->rows_max,
        .several = options->merged,
        .history = options->history,
        .survey = options->survey_bytes_max > 0,
        .groups = options->groups,
        .part_bytes = options->part_bytes,
        .portion_bytes = options->portion_bytes,
        .portion_held = options->portion_held,
        .remote_read_bytes = options->remote_read_bytes,
        .record_bytes_max = options->record_bytes_max,
        .record_bytes_shared = options->record_bytes_shared,
        .budget = options->budget,
    };
    return hw_csv_reader_new(tables->objects, tables->count, &inputs, &own, out_reader, err);
}
