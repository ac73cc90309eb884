/* SPDX-License-Identifier: Apache-2.0 */
#include "dbn/batches.h"

#include <inttypes.h>

#include "core/alloc.h"
#include "table/owner.h"

enum { BATCH_ROWS = 16384 };

/* The columns of the stream, which batches keep. */
struct table {
    struct hw_owner owner;
    struct hw_arena arena;
    struct hw_dbn_columns columns;
};

/* The memory of a batch. */
struct made {
    struct hw_owner owner;
    struct table *table;
    struct hw_dbn_rows rows;
};

struct hw_dbn_batches {
    struct hw_batch_stream base;
    struct hw_dbn_records *records;
    struct hw_dbn_symbol_map *symbols;
    enum hw_dbn_schema schema;
    size_t batch_rows;
    struct table *table;
    /* The run in work, of which `taken` records are done. */
    struct hw_dbn_run run;
    size_t taken;
    struct hw_dbn_batches_facts facts;
};

static void table_free(struct hw_owner *owner) {
    struct table *table = (struct table *)owner;
    hw_arena_release(&table->arena);
    hw_free(table);
}

static enum hw_status table_new(struct table **out_table, const struct hw_dbn_layout *layout,
                                const struct hw_dbn_columns_options *options, struct hw_error *err) {
    struct table *table = hw_alloc_zero(1, sizeof(*table));
    if (!table) {
        return hw_fail_nomem(err, sizeof(*table));
    }
    hw_owner_init(&table->owner, table_free);
    const enum hw_status status = hw_dbn_columns_make(&table->columns, layout, options, &table->arena, err);
    if (status) {
        hw_owner_drop(&table->owner);
        return status;
    }
    *out_table = table;
    return HW_OK;
}

/* ------ the stream */

static enum hw_status batches_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                   struct hw_error *err);
static void batches_free(struct hw_batch_stream *base);

enum hw_status hw_dbn_batches_new(struct hw_dbn_records *records, struct hw_dbn_symbol_map *symbols,
                                  const struct hw_dbn_batches_options *options, struct hw_dbn_batches **out_batches,
                                  struct hw_error *err) {
    struct hw_dbn_columns_options columns = options->columns;
    struct hw_dbn_batches *batches = hw_alloc_zero(1, sizeof(*batches));
    if (!batches) {
        return hw_fail_nomem(err, sizeof(*batches));
    }
    columns.ts_out = records->metadata.ts_out;
    const struct hw_dbn_layout *layout = hw_dbn_layout_of(options->schema, records->metadata.version);
    const enum hw_status status = table_new(&batches->table, layout, &columns, err);
    if (status) {
        hw_free(batches);
        return status;
    }
    batches->base = (struct hw_batch_stream){&batches->table->columns.schema, batches_next, batches_free};
    batches->records = records;
    batches->symbols = symbols;
    batches->schema = options->schema;
    batches->batch_rows = options->batch_rows > 0 ? options->batch_rows : BATCH_ROWS;
    *out_batches = batches;
    return HW_OK;
}

struct hw_batch_stream *hw_dbn_batches_stream(struct hw_dbn_batches *batches) {
    return &batches->base;
}

const struct hw_dbn_batches_facts *hw_dbn_batches_facts(const struct hw_dbn_batches *batches) {
    return &batches->facts;
}

static void batches_free(struct hw_batch_stream *base) {
    struct hw_dbn_batches *batches = (struct hw_dbn_batches *)base;
    hw_owner_drop(&batches->table->owner);
    hw_free(batches);
}

/* ------ batches */

static enum hw_status rows_fill(struct hw_dbn_batches *batches, struct hw_dbn_rows *rows, struct hw_error *err);

static void made_free(struct hw_owner *owner) {
    struct made *made = (struct made *)owner;
    hw_dbn_rows_release(&made->rows);
    hw_owner_drop(&made->table->owner);
    hw_free(made);
}

static enum hw_status made_new(struct hw_dbn_batches *batches, struct made **out_made, struct hw_error *err) {
    struct made *made = hw_alloc_zero(1, sizeof(*made));
    if (!made) {
        return hw_fail_nomem(err, sizeof(*made));
    }
    hw_owner_init(&made->owner, made_free);
    made->table = batches->table;
    hw_owner_retain(&made->table->owner);
    const enum hw_status status = hw_dbn_rows_init(&made->rows, &made->table->columns, batches->batch_rows, err);
    if (status) {
        hw_owner_drop(&made->owner);
        return status;
    }
    made->rows.symbols = batches->symbols;
    *out_made = made;
    return HW_OK;
}

static enum hw_status batches_next(struct hw_batch_stream *base, struct hw_batch *out_batch, bool *out_more,
                                   struct hw_error *err) {
    struct hw_dbn_batches *batches = (struct hw_dbn_batches *)base;
    struct hw_batch batch;
    struct made *made;
    HW_TRY(made_new(batches, &made, err));
    enum hw_status status = rows_fill(batches, &made->rows, err);
    status = status ? status : hw_dbn_rows_batch(&made->rows, &batch, err);
    if (status || made->rows.rows == 0) {
        hw_owner_drop(&made->owner);
        *out_more = false;
        return status;
    }
    batches->facts.rows += made->rows.rows;
    batches->facts.inexact += made->rows.inexact;
    batch.owner = &made->owner;
    *out_batch = batch;
    *out_more = true;
    return HW_OK;
}

/* ------ records */

static enum hw_status rows_add(struct hw_dbn_batches *batches, struct hw_dbn_rows *rows, size_t count,
                               struct hw_error *err);
static enum hw_status mappings_take(struct hw_dbn_batches *batches, struct hw_error *err);

/* Says of which record an error is. */
static enum hw_status place_tell(struct hw_dbn_batches *batches, enum hw_status status, size_t record, size_t offset,
                                 struct hw_error *err) {
    const uint64_t at = batches->run.offset + (batches->taken + record) * batches->run.stride + offset;
    batches->facts.fault.offset = at;
    if (err && status != HW_ENOMEM) {
        hw_error_prefix(err, "record %" PRIu64, batches->run.number + batches->taken + record);
        err->offset = (int64_t)at;
    }
    return status;
}

/* Puts records behind the rows until these are full or the file ends. */
static enum hw_status rows_fill(struct hw_dbn_batches *batches, struct hw_dbn_rows *rows, struct hw_error *err) {
    while (rows->rows < rows->rows_max) {
        const struct hw_dbn_run *run = &batches->run;
        const size_t left = run->count - batches->taken;
        if (left > 0) {
            HW_TRY(rows_add(batches, rows, hw_min_size(left, rows->rows_max - rows->rows), err));
            continue;
        }
        batches->taken = 0;
        HW_TRY(hw_dbn_records_next(batches->records, &batches->run, &batches->facts.fault, err));
        if (run->count == 0) {
            return HW_OK;
        }
        HW_TRY(run->rtype == HW_DBN_RTYPE_SYMBOL_MAPPING && batches->symbols ? mappings_take(batches, err) : HW_OK);
        batches->facts.unknown += run->unknown ? run->count : 0;
        batches->taken = hw_dbn_rtype_is_of(run->rtype, batches->schema) ? 0 : run->count;
    }
    return HW_OK;
}

static enum hw_status rows_add(struct hw_dbn_batches *batches, struct hw_dbn_rows *rows, size_t count,
                               struct hw_error *err) {
    const struct hw_dbn_run *run = &batches->run;
    struct hw_dbn_row_fault fault = {NULL, 0, 0};
    const enum hw_status status =
        hw_dbn_rows_add(rows, run->bytes + batches->taken * run->stride, run->stride, count, &fault, err);
    if (status) {
        batches->facts.fault.code = fault.code;
        return place_tell(batches, status, fault.record, fault.offset, err);
    }
    batches->taken += count;
    return HW_OK;
}

static enum hw_status mappings_take(struct hw_dbn_batches *batches, struct hw_error *err) {
    const struct hw_dbn_run *run = &batches->run;
    for (size_t i = 0; i < run->count; i++) {
        const enum hw_status status = hw_dbn_symbol_map_take(batches->symbols, run->bytes + i * run->stride,
                                                             batches->records->metadata.version, err);
        if (status) {
            batches->facts.fault.code = "dbn.text";
            return place_tell(batches, status, i, 0, err);
        }
    }
    return HW_OK;
}
