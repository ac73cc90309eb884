/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/tables.h"

#include "core/alloc.h"
#include "rows/reader.h"

struct tables {
    struct hw_table_set base;
    const struct hw_table_objects *objects;
    struct hw_rows_options options;
    /* The source of the single object while the set is open. */
    struct hw_source *source;
};

static enum hw_status tables_open(struct hw_table_set *base, struct hw_error *err);
static enum hw_status tables_reader_new(struct hw_table_set *base, size_t table, const char *name,
                                        struct hw_table_reader **out_reader, struct hw_error *err);
static void tables_close(struct hw_table_set *base);
static void tables_free(struct hw_table_set *base);

static const struct hw_table_set_ops tables_ops = {tables_open,       hw_table_set_find, hw_table_set_name,
                                                   tables_reader_new, tables_close,      tables_free};

enum hw_status hw_rows_tables_new(const struct hw_table_objects *objects, const struct hw_rows_options *options,
                                  struct hw_table_set **out_set, struct hw_error *err) {
    struct tables *tables = hw_alloc_zero(1, sizeof(*tables));
    if (!tables) {
        return hw_fail_nomem(err, sizeof(*tables));
    }
    tables->base = (struct hw_table_set){.ops = &tables_ops, .etag = ""};
    tables->objects = objects;
    tables->options = *options;
    *out_set = &tables->base;
    return HW_OK;
}

static enum hw_status tables_open(struct hw_table_set *base, struct hw_error *err) {
    struct tables *tables = (struct tables *)base;
    HW_TRY(tables->objects->ops->open(tables->objects, 0, &tables->source, err));
    base->opened = true;
    base->wanted = 1;
    base->bytes = tables->source->size;
    base->mtime_us = tables->source->mtime_us;
    base->etag = tables->source->etag;
    return HW_OK;
}

static enum hw_status tables_reader_new(struct hw_table_set *base, size_t table, const char *name,
                                        struct hw_table_reader **out_reader, struct hw_error *err) {
    const struct tables *tables = (const struct tables *)base;
    struct hw_rows_options options = tables->options;
    (void)table;
    (void)name;
    options.source = tables->source;
    return hw_rows_reader_new(tables->objects, &options, out_reader, err);
}

static void tables_close(struct hw_table_set *base) {
    struct tables *tables = (struct tables *)base;
    if (tables->source) {
        tables->source->ops->close(tables->source);
        tables->source = NULL;
    }
    base->opened = false;
}

static void tables_free(struct hw_table_set *base) {
    tables_close(base);
    hw_free(base);
}
