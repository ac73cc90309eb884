/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/tables.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "stream/reader.h"

struct tables {
    struct hw_table_set base;
    struct hw_batch_stream *batches; /* borrowed */
    struct hw_stream_table_options options;
};

static enum hw_status tables_open(struct hw_table_set *base, struct hw_error *err);
static enum hw_status tables_reader_new(struct hw_table_set *base, size_t table, const char *name,
                                        struct hw_table_reader **out_reader, struct hw_error *err);
static void tables_close(struct hw_table_set *base);
static void tables_free(struct hw_table_set *base);

static const struct hw_table_set_ops tables_ops = {tables_open,       hw_table_set_find, hw_table_set_name,
                                                   tables_reader_new, tables_close,      tables_free};

enum hw_status hw_stream_tables_new(struct hw_batch_stream *batches, const struct hw_stream_table_options *options,
                                    struct hw_table_set **out_set, struct hw_error *err) {
    struct tables *tables = hw_alloc_zero(1, sizeof(*tables));
    if (!tables) {
        return hw_fail_nomem(err, sizeof(*tables));
    }
    tables->base = (struct hw_table_set){.ops = &tables_ops, .etag = ""};
    tables->batches = batches;
    tables->options = *options;
    *out_set = &tables->base;
    return HW_OK;
}

static enum hw_status tables_open(struct hw_table_set *base, struct hw_error *err) {
    (void)err;
    base->opened = true;
    base->wanted = 1;
    base->mtime_us = hw_clock_now_us();
    return HW_OK;
}

static enum hw_status tables_reader_new(struct hw_table_set *base, size_t table, const char *name,
                                        struct hw_table_reader **out_reader, struct hw_error *err) {
    const struct tables *tables = (const struct tables *)base;
    (void)table;
    return hw_stream_reader_new(tables->batches, name, &tables->options, out_reader, err);
}

static void tables_close(struct hw_table_set *base) {
    base->opened = false;
}

static void tables_free(struct hw_table_set *base) {
    hw_free(base);
}
