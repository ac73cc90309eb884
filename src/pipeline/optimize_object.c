/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_object.h"

#include "core/io_ops.h"
#include "optimize/column_names.h"
#include "optimize/file_plan.h"
#include "pipeline/optimize_columns.h"
#include "pipeline/optimize_kept.h"
#include "pipeline/optimize_notes.h"
#include "store/location.h"
#include "store/source_end.h"

/* A file has to become so much smaller, or it is left alone. */
static const double worth = 0.99;
/* What is copied at once of a file that is left alone. */
#define COPY_BYTES HW_MIB(1)

/* A file in work. */
struct doing {
    struct hw_optimize_object *object;
    const struct hw_optimize_work *work;
    struct hw_crew *crew;
    uint64_t memory_bytes;
    struct hw_source *source;
    struct hw_read_file file;
    struct hw_file_plan plan;
    const struct hw_optimize_decision *decisions; /* for each leaf of the source; NULL: none */
    struct hw_rewritten_column *columns;
    struct hw_sink *sink;
    struct hw_optimize_kept kept;
    /* The store of a file that a link leads to. */
    struct hw_store *linked;
};

static enum hw_status source_open(struct doing *doing, struct hw_error *err);
static bool is_done(const struct doing *doing);
static enum hw_status output_skipped(struct doing *doing, bool *out_skipped, struct hw_error *err);
static enum hw_status file_make(struct doing *doing, struct hw_error *err);
static enum hw_status file_leave(struct doing *doing, enum hw_optimize_outcome outcome, struct hw_error *err);
static void doing_release(struct doing *doing);

static enum hw_status object_do(struct doing *doing, struct hw_error *err) {
    struct hw_optimized *told = &doing->object->told;
    bool skipped = false;
    HW_TRY(output_skipped(doing, &skipped, err));
    if (skipped) {
        told->outcome = HW_OPTIMIZE_SKIPPED;
        return HW_OK;
    }
    HW_TRY(source_open(doing, err));
    if (is_done(doing) && !doing->work->options->force) {
        return file_leave(doing, HW_OPTIMIZE_ALREADY, err);
    }
    return file_make(doing, err);
}

enum hw_status hw_optimize_object_run(struct hw_optimize_object *object, const struct hw_optimize_work *work,
                                      struct hw_crew *crew, uint64_t memory_bytes, struct hw_error *err) {
    struct doing doing = {.object = object, .work = work, .crew = crew, .memory_bytes = memory_bytes};
    object->told = (struct hw_optimized){.source = object->place.source, .output = object->place.output};
    const enum hw_status status = object_do(&doing, err);
    doing_release(&doing);
    return status;
}

void hw_optimize_object_release(struct hw_optimize_object *object) {
    hw_arena_release(&object->arena);
}

static void sink_drop(struct doing *doing) {
    if (doing->sink) {
        doing->sink->ops->free(doing->sink);
        doing->sink = NULL;
    }
}

static void doing_release(struct doing *doing) {
    sink_drop(doing);
    hw_optimize_kept_release(&doing->kept);
    hw_store_close(doing->linked);
    hw_file_plan_release(&doing->plan);
    hw_read_file_release(&doing->file);
    if (doing->source) {
        doing->source->ops->close(doing->source);
    }
}

/* ------ the source */

/* What is in the way is found before the work is done. */
static enum hw_status output_skipped(struct doing *doing, bool *out_skipped, struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    const struct hw_optimize_place *place = &doing->object->place;
    const enum hw_overwrite overwrite = work->options->overwrite;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    if (!place->output || place->in_place || (overwrite != HW_OVERWRITE_SKIP && overwrite != HW_OVERWRITE_FAIL)) {
        return HW_OK;
    }
    const enum hw_status status = hw_store_look(work->target->store, place->key, &info, etag, err);
    if (status == HW_OK && overwrite == HW_OVERWRITE_FAIL) {
        enum hw_status exists = hw_fail(err, HW_EEXISTS, "exists already");
        hw_error_object(err, place->output);
        return exists;
    }
    *out_skipped = status == HW_OK;
    return status == HW_ENOTFOUND ? HW_OK : status;
}

static enum hw_status source_open(struct doing *doing, struct hw_error *err) {
    static const struct hw_read_schema_options schema = {HW_INT96_TEXT};
    struct hw_optimize_object *object = doing->object;
    struct hw_optimized *told = &object->told;
    const struct hw_object_info *known = object->known.key ? &object->known : NULL;
    HW_TRY(hw_source_end_open(object->store, object->key, known, HW_PARQUET_TAIL_BYTES, &doing->source, err));
    told->bytes_before = told->bytes_after = doing->source->size;
    HW_TRY(hw_read_file_open(&doing->file, doing->source, &schema, NULL, err));
    told->rows = doing->file.rows;
    told->row_groups_before = told->row_groups_after = doing->file.meta.groups_count;
    return HW_OK;
}

/* Returns whether an earlier run has made the file with the same options. */
static bool is_done(const struct doing *doing) {
    const struct hw_parquet_meta *meta = &doing->file.meta;
    for (size_t i = 0; i < meta->pairs_count; i++) {
        const struct hw_parquet_pair *pair = &meta->pairs[i];
        if (hw_view_equal(pair->key, HW_VIEW(HW_OPTIMIZE_KEY))) {
            return hw_view_equal(pair->value, hw_view_of(doing->work->digest));
        }
    }
    return false;
}

/* The object may have changed since it was opened: what was read is then not what is there. */
static enum hw_status source_same(const struct doing *doing, struct hw_error *err) {
    const struct hw_source *source = doing->source;
    struct hw_object_info info;
    char etag[HW_ETAG_BYTES];
    HW_TRY(hw_store_stat(doing->object->store, doing->object->key, &info, etag, err));
    const bool same = info.size == source->size && (info.mtime_us == source->mtime_us || source->mtime_us == 0) &&
                      (source->etag[0] == '\0' || strcmp(info.etag, source->etag) == 0);
    return same ? HW_OK : hw_fail(err, HW_ECHANGED, "the source has changed while it was read");
}

/* ------ making the output */

static enum hw_status sink_open(struct doing *doing, struct hw_error *err);
static enum hw_status rows_rewrite(struct doing *doing, struct hw_sink *sink, struct hw_error *err);
static enum hw_status plan_tell(struct doing *doing, struct hw_error *err);

static enum hw_status plan_make(struct doing *doing, struct hw_error *err);
static bool narrows(const struct doing *doing);

static enum hw_status file_make(struct doing *doing, struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    struct hw_optimized *told = &doing->object->told;
    HW_TRY(plan_make(doing, err));
    if (work->options->dry_run || !doing->object->place.output) {
        return plan_tell(doing, err);
    }
    HW_TRY(sink_open(doing, err));
    HW_TRY(rows_rewrite(doing, doing->sink, err));
    const bool gains = (double)told->bytes_after <= worth * (double)told->bytes_before;
    if (!gains && !work->shaped && !work->options->force && !narrows(doing)) {
        sink_drop(doing);
        return file_leave(doing, HW_OPTIMIZE_KEPT, err);
    }
    HW_TRY(source_same(doing, err));
    HW_TRY(doing->sink->ops->finish(doing->sink, err));
    told->outcome = HW_OPTIMIZE_REWRITTEN;
    return HW_OK;
}

/* Marks the elements of columns that keep their types, with all below them. */
static enum hw_status kept_find(struct doing *doing, const bool **out_kept, struct hw_error *err) {
    const struct hw_optimize_options *options = doing->work->options;
    const size_t count = doing->file.meta.elements_count;
    struct hw_element_tree tree;
    bool *kept = hw_arena_alloc(&doing->object->arena, count * sizeof(*kept));
    if (!kept) {
        return hw_fail_nomem(err, count * sizeof(*kept));
    }
    memset(kept, 0, count * sizeof(*kept));
    HW_TRY(hw_element_tree_make(&doing->file.meta, &doing->object->arena, &tree, err));
    for (size_t i = 0; i < options->keep_count; i++) {
        size_t element;
        HW_TRY(hw_column_name_find(&tree, options->keep[i], "--keep", &element, err));
        memset(kept + element, true, (tree.ends[element] - element) * sizeof(*kept));
    }
    *out_kept = kept;
    return HW_OK;
}

/* Returns whether the types of a file are those of a table, which says so in its metadata. */
static bool has_table_types(const struct hw_parquet_meta *meta) {
    bool has = false;
    for (size_t i = 0; i < meta->pairs_count; i++) {
        has |= hw_view_equal(meta->pairs[i].key, HW_VIEW("iceberg.schema"));
    }
    return has;
}

static enum hw_status decisions_make(struct doing *doing, const struct hw_narrowing **out_narrowings,
                                     struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    const size_t count = doing->file.schema.leaves_count;
    struct hw_arena *arena = &doing->object->arena;
    const bool *kept = NULL;
    HW_TRY(work->options->keep_count > 0 ? kept_find(doing, &kept, err) : HW_OK);
    if (!work->survey || has_table_types(&doing->file.meta)) {
        return HW_OK;
    }
    struct hw_narrowing *narrowings = hw_arena_alloc(arena, (count + 1) * sizeof(*narrowings));
    if (!narrowings) {
        return hw_fail_nomem(err, count * sizeof(*narrowings));
    }
    HW_TRY(hw_optimize_survey_decide(work->survey, &doing->file, kept, arena, &doing->decisions, err));
    for (size_t i = 0; i < count; i++) {
        narrowings[i] = doing->decisions[i].narrowing;
    }
    *out_narrowings = narrowings;
    return HW_OK;
}

static bool narrows(const struct doing *doing) {
    bool any = false;
    for (size_t i = 0; doing->decisions && i < doing->file.schema.leaves_count; i++) {
        any |= doing->decisions[i].narrowing.to != HW_NARROW_NONE;
    }
    return any;
}

static enum hw_status plan_make(struct doing *doing, struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    const struct hw_read_file *file = &doing->file;
    const struct hw_narrowing *narrowings = NULL;
    HW_TRY(decisions_make(doing, &narrowings, err));
    const struct hw_file_plan_options plan = {
        .columns = &work->options->columns,
        .group_rows = work->options->row_group_rows,
        .group_bytes = work->options->row_group_bytes,
        .narrowings = narrowings,
        .mask = work->options->mask,
        .mask_count = work->options->mask_count,
        .storage = work->options->encodings != HW_ENCODINGS_COMPAT,
        .digest = work->digest,
    };
    HW_TRY(hw_file_plan_make(&doing->plan, &file, 1, &plan, err));
    return hw_optimize_notes(&file->meta, &doing->plan.pairs, &doing->object->arena, &doing->object->told, err);
}

/* ------ the sink */

/* Opens the sink at the place, or at the file that a link there leads to. */
static enum hw_status sink_place(struct doing *doing, const struct hw_sink_options *options, struct hw_error *err) {
    const struct hw_optimize_target *target = doing->work->target;
    const struct hw_optimize_place *place = &doing->object->place;
    struct hw_location location = {0};
    if (!place->linked) {
        return target->store->ops->sink_open(target->store, place->key, options, &doing->sink, err);
    }
    enum hw_status status = hw_location_parse(place->linked, target->options, &location, err);
    if (status == HW_OK && !doing->linked) {
        status = hw_store_open(&location, target->options, &doing->linked, err);
    }
    if (status == HW_OK) {
        status = doing->linked->ops->sink_open(doing->linked, location.key, options, &doing->sink, err);
    }
    hw_location_release(&location);
    return status;
}

static enum hw_status sink_open(struct doing *doing, struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    const bool in_place = doing->object->place.in_place;
    struct hw_sink_options options = {
        .size_hint = doing->source->size,
        .create_only = !in_place && work->options->overwrite == HW_OVERWRITE_FAIL,
        .if_match = in_place && doing->source->etag[0] != '\0' ? doing->source->etag : NULL,
        .content_type = "application/vnd.apache.parquet",
        .write = &work->target->kept.outputs,
    };
    HW_TRY(in_place ? hw_optimize_kept_load(&doing->kept, doing->object->store, doing->object->key, &options, err)
                    : HW_OK);
    return sink_place(doing, &options, err);
}

static enum hw_status rows_rewrite(struct doing *doing, struct hw_sink *sink, struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    struct hw_optimize_object *object = doing->object;
    struct hw_parquet_options write = work->write;
    write.pairs = doing->plan.pairs.pairs;
    const struct hw_file_rewrite rewrite = {
        .cuts = &doing->plan.cuts,
        .tree = &doing->plan.tree,
        .columns = doing->plan.columns,
        .options = &write,
        .crew = doing->crew,
        .memory_bytes = (size_t)doing->memory_bytes,
        .page_bytes_max = work->options->page_bytes_max,
        .sink = sink,
        .cancelled = work->options->source_store.cancelled,
        .ctx = work->options->source_store.cancelled_ctx,
    };
    const size_t bytes = doing->plan.tree.count * sizeof(*doing->columns);
    doing->columns = hw_arena_alloc(&object->arena, bytes);
    if (!doing->columns) {
        return hw_fail_nomem(err, bytes);
    }
    HW_TRY(hw_file_rewrite(&rewrite, doing->columns, &object->told.bytes_after, err));
    object->told.row_groups_after = hw_row_cuts_count(&doing->plan.cuts);
    object->told.proved = true;
    const struct hw_optimize_columns_of of = {
        .file = &doing->file,
        .plan = &doing->plan,
        .made = doing->columns,
        .decisions = doing->decisions,
        .codec = write.codec,
    };
    object->told.columns_count = doing->plan.tree.count;
    return hw_optimize_columns_tell(&of, &object->arena, &object->told.columns, err);
}

/* ------ a dry run */

static enum hw_status nothing_write(struct hw_sink *sink, const void *data, size_t bytes, struct hw_error *err) {
    (void)data;
    (void)err;
    sink->written += bytes;
    return HW_OK;
}

/* What would be written is made, and goes nowhere. */
static enum hw_status plan_tell(struct doing *doing, struct hw_error *err) {
    static const struct hw_sink_ops nothing_ops = {.size = sizeof(nothing_ops), .write = nothing_write};
    struct hw_sink nothing = {.ops = &nothing_ops, .etag = ""};
    HW_TRY(rows_rewrite(doing, &nothing, err));
    doing->object->told.outcome = HW_OPTIMIZE_PLANNED;
    return HW_OK;
}

/* ------ leaving it alone */

static enum hw_status bytes_copy(struct doing *doing, struct hw_error *err);

/* In place nothing is touched; elsewhere the output is a copy, so that all files are there. */
static enum hw_status file_leave(struct doing *doing, enum hw_optimize_outcome outcome, struct hw_error *err) {
    struct hw_optimized *told = &doing->object->told;
    const struct hw_optimize_place *place = &doing->object->place;
    told->outcome = outcome;
    told->bytes_after = told->bytes_before;
    told->row_groups_after = told->row_groups_before;
    told->columns = NULL;
    told->columns_count = 0;
    told->notes_count = 0;
    if (place->in_place || !place->output || doing->work->options->dry_run) {
        return HW_OK;
    }
    HW_TRY(sink_open(doing, err));
    HW_TRY(bytes_copy(doing, err));
    HW_TRY(source_same(doing, err));
    return doing->sink->ops->finish(doing->sink, err);
}

static enum hw_status bytes_copy(struct doing *doing, struct hw_error *err) {
    struct hw_source *source = doing->source;
    const size_t part = (size_t)hw_clamp(source->size, 1, COPY_BYTES);
    HW_AUTO(hw_buf) bytes = {0};
    HW_TRY(hw_buf_resize(&bytes, part, err));
    hw_source_in_order(source);
    for (uint64_t at = 0; at < source->size; at += part) {
        const size_t step = (size_t)hw_clamp(source->size - at, 0, part);
        HW_TRY(source->ops->read_at(source, at, bytes.data, step, err));
        HW_TRY(doing->sink->ops->write(doing->sink, bytes.data, step, err));
    }
    return HW_OK;
}
