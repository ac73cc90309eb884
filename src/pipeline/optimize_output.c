/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_output.h"

#include <stdio.h>

#include "core/io_ops.h"
#include "optimize/column_names.h"
#include "pipeline/optimize_columns.h"
#include "pipeline/optimize_notes.h"
#include "store/location.h"

void hw_optimize_output_drop(struct hw_optimize_output *output) {
    if (output->sink) {
        output->sink->ops->free(output->sink);
        output->sink = NULL;
        output->sum.sink = NULL;
    }
}

void hw_optimize_output_release(struct hw_optimize_output *output) {
    hw_optimize_output_drop(output);
    hw_file_sums_release(&output->sum.sums);
    hw_optimize_kept_release(&output->kept);
    hw_store_close(output->linked);
    hw_file_plan_release(&output->plan);
}

/* ------ what a file says of itself: the digest, and behind it, of which file it was made */

#define FROM_FORMAT ";from=%016" PRIx64
enum { FROM_BYTES = sizeof(";from=0123456789abcdef") };

/* Returns the value of our key; without data where a file has none. */
static hw_view own_value(const struct hw_parquet_meta *meta) {
    hw_view value = {0};
    for (size_t i = 0; !value.data && i < meta->pairs_count; i++) {
        const struct hw_parquet_pair *pair = &meta->pairs[i];
        value = hw_view_equal(pair->key, HW_VIEW(HW_OPTIMIZE_KEY)) ? pair->value : value;
    }
    return value;
}

bool hw_optimize_is_done(const struct hw_parquet_meta *meta, const char *digest) {
    const hw_view value = own_value(meta);
    const size_t bytes = strlen(digest);
    return value.data && hw_view_starts(value, hw_view_of(digest)) &&
           (value.size == bytes || value.data[bytes] == FROM_FORMAT[0]);
}

bool hw_optimize_is_from(const struct hw_parquet_meta *meta, uint64_t crc64nvme) {
    char from[FROM_BYTES];
    snprintf(from, sizeof(from), FROM_FORMAT, crc64nvme);
    return hw_view_ends(own_value(meta), hw_view_of(from));
}

static enum hw_status value_make(const struct hw_optimize_output *output, const char **out_value,
                                 struct hw_error *err) {
    char from[FROM_BYTES] = "";
    if (output->from_crc64nvme) {
        snprintf(from, sizeof(from), FROM_FORMAT, *output->from_crc64nvme);
    }
    *out_value = hw_arena_join(output->arena, output->work->digest, from);
    return *out_value ? HW_OK : hw_fail_nomem(err, sizeof(from));
}

/* ------ the plan */

static const struct hw_read_file *schema_file(const struct hw_optimize_output *output) {
    return output->like ? output->like : output->files[0];
}

static enum hw_status decisions_make(struct hw_optimize_output *output, const struct hw_narrowing **out_narrowings,
                                     struct hw_error *err);

enum hw_status hw_optimize_output_plan(struct hw_optimize_output *output, struct hw_error *err) {
    const struct hw_optimize_work *work = output->work;
    const struct hw_narrowing *narrowings = NULL;
    const char *value;
    HW_TRY(decisions_make(output, &narrowings, err));
    HW_TRY(value_make(output, &value, err));
    const struct hw_file_plan_options plan = {
        .columns = &work->options->columns,
        .group_rows = work->options->row_group_rows,
        .group_bytes = work->options->row_group_bytes,
        .rows = output->rows,
        .like = output->like,
        .optional = output->optional,
        .narrowings = narrowings,
        .mask = work->options->mask,
        .mask_count = work->options->mask_count,
        .bloom = work->options->bloom,
        .bloom_count = work->options->bloom_count,
        .sort = work->options->sort,
        .sort_count = work->options->sort_count,
        .storage = work->options->encodings != HW_ENCODINGS_COMPAT,
        .metadata = work->options->metadata,
        .names = output->names,
        .digest = value,
    };
    return hw_file_plan_make(&output->plan, output->files, output->files_count, &plan, err);
}

/* Marks the elements of columns that keep their types, with all below them. */
static enum hw_status kept_find(struct hw_optimize_output *output, const bool **out_kept, struct hw_error *err) {
    const struct hw_optimize_options *options = output->work->options;
    const struct hw_parquet_meta *meta = &schema_file(output)->meta;
    struct hw_element_tree tree;
    bool *kept = hw_arena_alloc(output->arena, meta->elements_count * sizeof(*kept));
    if (!kept) {
        return hw_fail_nomem(err, meta->elements_count * sizeof(*kept));
    }
    memset(kept, 0, meta->elements_count * sizeof(*kept));
    HW_TRY(hw_element_tree_make(meta, output->arena, &tree, err));
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

static enum hw_status decisions_make(struct hw_optimize_output *output, const struct hw_narrowing **out_narrowings,
                                     struct hw_error *err) {
    const struct hw_optimize_work *work = output->work;
    const struct hw_read_file *file = schema_file(output);
    const size_t count = file->schema.leaves_count;
    const bool *kept = NULL;
    bool table_types = has_table_types(&file->meta);
    HW_TRY(work->options->keep_count > 0 ? kept_find(output, &kept, err) : HW_OK);
    for (size_t i = 0; i < output->files_count; i++) {
        table_types |= has_table_types(&output->files[i]->meta);
    }
    if (!work->survey || table_types) {
        return HW_OK;
    }
    struct hw_narrowing *narrowings = hw_arena_alloc(output->arena, (count + 1) * sizeof(*narrowings));
    if (!narrowings) {
        return hw_fail_nomem(err, count * sizeof(*narrowings));
    }
    HW_TRY(hw_optimize_survey_decide(work->survey, file, kept, output->arena, &output->decisions, err));
    for (size_t i = 0; i < count; i++) {
        narrowings[i] = output->decisions[i].narrowing;
    }
    *out_narrowings = narrowings;
    return HW_OK;
}

bool hw_optimize_output_narrows(const struct hw_optimize_output *output) {
    bool any = false;
    for (size_t i = 0; output->decisions && i < schema_file(output)->schema.leaves_count; i++) {
        any |= output->decisions[i].narrowing.to != HW_NARROW_NONE;
    }
    return any;
}

/* ------ the sink */

/* Opens the sink at the place, or at the file that a link there leads to. */
static enum hw_status sink_place(struct hw_optimize_output *output, const struct hw_sink_options *options,
                                 struct hw_error *err) {
    const struct hw_optimize_target *target = output->work->target;
    const struct hw_optimize_place *place = output->place;
    struct hw_location location = {0};
    if (!place->linked) {
        return target->store->ops->sink_open(target->store, place->key, options, &output->sink, err);
    }
    enum hw_status status = hw_location_parse(place->linked, target->options, &location, err);
    if (status == HW_OK && !output->linked) {
        status = hw_store_open(&location, target->options, &output->linked, err);
    }
    if (status == HW_OK) {
        status = output->linked->ops->sink_open(output->linked, location.key, options, &output->sink, err);
    }
    hw_location_release(&location);
    return status;
}

enum hw_status hw_optimize_output_open(struct hw_optimize_output *output, uint64_t size_hint, struct hw_error *err) {
    const struct hw_optimize_work *work = output->work;
    const struct hw_source *source = output->files[0]->source;
    const bool in_place = output->place->in_place;
    struct hw_sink_options options = {
        .size_hint = size_hint,
        .create_only = !in_place && work->options->overwrite == HW_OVERWRITE_FAIL,
        .if_match = in_place && source->etag[0] != '\0' ? source->etag : NULL,
        .content_type = "application/vnd.apache.parquet",
        .one_of_many = output->one_of_many,
        .write = &work->target->kept.outputs,
    };
    HW_TRY(in_place ? hw_optimize_kept_load(&output->kept, output->source_store, output->source_key, &options, err)
                    : HW_OK);
    return sink_place(output, &options, err);
}

enum hw_status hw_optimize_output_sum(struct hw_optimize_output *output, struct hw_error *err) {
    hw_file_sums_release(&output->sum.sums);
    return hw_sum_sink_begin(&output->sum, output->sink, err);
}

struct hw_sink *hw_optimize_output_way(struct hw_optimize_output *output) {
    const bool summed = output->sink && output->sum.sink == output->sink;
    return summed ? &output->sum.base : output->sink;
}

/* ------ the rows */

static enum hw_status columns_tell(struct hw_optimize_output *output, const struct hw_parquet_options *write,
                                   struct hw_error *err);
static enum hw_status sorted_tell(struct hw_optimize_output *output, struct hw_error *err);

static enum hw_status nothing_write(struct hw_sink *sink, const void *data, size_t bytes, struct hw_error *err) {
    (void)data;
    (void)err;
    sink->written += bytes;
    return HW_OK;
}

enum hw_status hw_optimize_output_write(struct hw_optimize_output *output, struct hw_error *err) {
    static const struct hw_sink_ops nothing_ops = {.size = sizeof(nothing_ops), .write = nothing_write};
    struct hw_sink nothing = {.ops = &nothing_ops, .etag = ""};
    const struct hw_optimize_work *work = output->work;
    struct hw_parquet_options write = work->write;
    const char *folder = NULL;
    write.pairs = output->plan.pairs.pairs;
    /* The folder of an output that nobody writes may not be there. */
    HW_TRY(output->sink ? hw_optimize_place_folder(work->target, output->place, output->arena, &folder, err) : HW_OK);
    const struct hw_file_rewrite rewrite = {
        .cuts = &output->plan.cuts,
        .tree = &output->plan.tree,
        .columns = output->plan.columns,
        .options = &write,
        .crew = output->crew,
        .memory_bytes = (size_t)output->memory_bytes,
        .page_bytes_max = work->options->page_bytes_max,
        .sink = output->sink ? hw_optimize_output_way(output) : &nothing,
        .keys = output->plan.sort,
        .keys_count = output->plan.sort_count,
        .sorts = output->plan.sorts,
        .folder = folder,
        .cancelled = work->options->source_store.cancelled,
        .ctx = work->options->source_store.cancelled_ctx,
    };
    const size_t bytes = output->plan.tree.count * sizeof(*output->columns);
    output->columns = hw_arena_alloc(output->arena, bytes);
    if (!output->columns) {
        return hw_fail_nomem(err, bytes);
    }
    HW_TRY(hw_file_rewrite(&rewrite, output->columns, &output->told->bytes_after, err));
    HW_TRY(columns_tell(output, &write, err));
    HW_TRY(sorted_tell(output, err));
    return hw_optimize_notes(output->files, output->files_count, &output->plan, output->arena, output->told, err);
}

static enum hw_status columns_tell(struct hw_optimize_output *output, const struct hw_parquet_options *write,
                                   struct hw_error *err) {
    struct hw_optimized *told = output->told;
    const struct hw_optimize_columns_of of = {
        .file = schema_file(output),
        .plan = &output->plan,
        .made = output->columns,
        .decisions = output->decisions,
        .codec = write->codec,
    };
    told->row_groups_after = hw_row_cuts_count(&output->plan.cuts);
    told->proved = true;
    told->columns_count = output->plan.tree.count;
    return hw_optimize_columns_tell(&of, output->arena, &told->columns, err);
}

/* Tells the columns by which all row groups are sorted. */
static enum hw_status sorted_tell(struct hw_optimize_output *output, struct hw_error *err) {
    const struct hw_file_plan *plan = &output->plan;
    const uint64_t groups = hw_row_cuts_count(&plan->cuts);
    const char **sorted = hw_arena_alloc(output->arena, plan->sort_count * sizeof(*sorted));
    size_t count = 0;
    if (!sorted) {
        return hw_fail_nomem(err, plan->sort_count * sizeof(*sorted));
    }
    for (; count < plan->sort_count && output->columns[plan->sort[count].leaf].groups_sorted == groups; count++) {
        const struct hw_sort_column *column = &plan->sort[count];
        const char *name = output->told->columns[column->leaf].name;
        sorted[count] = column->key.descending ? hw_arena_join(output->arena, name, ":desc") : name;
        if (!sorted[count]) {
            return hw_fail_nomem(err, sizeof(":desc"));
        }
    }
    output->told->sorted = sorted;
    output->told->sorted_count = count;
    return HW_OK;
}
