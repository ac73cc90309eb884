/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_object.h"

#include "core/io_ops.h"
#include "pipeline/same_output.h"
#include "store/source_end.h"

/* A file has to become so much smaller, or it is left alone. */
static const double worth = 0.99;
/* What is copied at once of a file that is left alone. */
#define COPY_BYTES HW_MIB(1)

/* A file in work. */
struct doing {
    struct hw_optimize_object *object;
    const struct hw_optimize_work *work;
    struct hw_source *source;
    struct hw_read_file file;
    const struct hw_read_file *files[1]; /* that file */
    struct hw_optimize_output output;
    /* Entries of manifests that tell of what the source is, or was before an earlier call. */
    struct hw_optimize_listed *listed;
};

static enum hw_status source_open(struct doing *doing, struct hw_error *err);
static enum hw_status listed_find(struct doing *doing, struct hw_error *err);
static enum hw_status file_make(struct doing *doing, struct hw_error *err);
static enum hw_status file_leave(struct doing *doing, enum hw_optimize_outcome outcome, struct hw_error *err);
static void doing_release(struct doing *doing);

static enum hw_status object_do(struct doing *doing, struct hw_error *err) {
    struct hw_optimized *told = &doing->object->told;
    bool skipped = false;
    HW_TRY(hw_optimize_place_taken(doing->work->target, &doing->object->place, doing->work->options->overwrite,
                                   &skipped, err));
    if (skipped) {
        told->outcome = HW_OPTIMIZE_SKIPPED;
        return HW_OK;
    }
    HW_TRY(source_open(doing, err));
    HW_TRY(listed_find(doing, err));
    if (hw_optimize_is_done(&doing->file.meta, doing->work->digest) && !doing->work->options->force) {
        return file_leave(doing, HW_OPTIMIZE_ALREADY, err);
    }
    return file_make(doing, err);
}

enum hw_status hw_optimize_object_run(struct hw_optimize_object *object, const struct hw_optimize_work *work,
                                      struct hw_crew *crew, uint64_t memory_bytes, struct hw_error *err) {
    struct doing doing = {.object = object, .work = work};
    doing.files[0] = &doing.file;
    doing.output = (struct hw_optimize_output){
        .work = work,
        .crew = crew,
        .memory_bytes = memory_bytes,
        .place = &object->place,
        .files = doing.files,
        .files_count = COUNT_OF(doing.files),
        .source_store = object->store,
        .source_key = object->key,
        .arena = &object->arena,
        .told = &object->told,
    };
    object->told = (struct hw_optimized){.source = object->place.source, .output = object->place.output};
    const enum hw_status status = object_do(&doing, err);
    doing_release(&doing);
    return status;
}

void hw_optimize_object_release(struct hw_optimize_object *object) {
    hw_arena_release(&object->arena);
}

static void doing_release(struct doing *doing) {
    hw_optimize_output_release(&doing->output);
    hw_read_file_release(&doing->file);
    if (doing->source) {
        doing->source->ops->close(doing->source);
    }
}

/* ------ the source */

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

/* ------ manifests */

/*
 * Finds whether an entry tells of the source: of its bytes, wherever they lie, or of the file that
 * it says it was made of: a call has replaced that one, and was killed before it could say so.
 */
static enum hw_status entry_compare(struct doing *doing, const struct hw_manifest_entry *entry, bool *out_same,
                                    struct hw_error *err) {
    const bool in_place = doing->object->place.in_place;
    HW_TRY(in_place ? hw_same_source(doing->source, entry, true, out_same, err)
                    : hw_same_bytes(doing->source, entry, out_same, err));
    *out_same = *out_same || (in_place && hw_optimize_is_from(&doing->file.meta, entry->crc64nvme));
    return HW_OK;
}

/* Entries that tell of another file are left alone: whoever relies on them finds that out. */
static enum hw_status listed_find(struct doing *doing, struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    const struct hw_optimize_place *place = &doing->object->place;
    struct hw_optimize_listed *found;
    if (!work->manifests || !place->output || work->options->dry_run) {
        return HW_OK;
    }
    HW_TRY(hw_optimize_manifests_listed(work->manifests, work->target, place, &doing->object->arena, &found, err));
    while (found) {
        struct hw_optimize_listed *next = found->next;
        bool same;
        HW_TRY(entry_compare(doing, &found->entry, &same, err));
        if (same) {
            found->next = doing->listed;
            doing->listed = found;
        }
        found = next;
    }
    return HW_OK;
}

static void listed_amend(struct doing *doing, const struct hw_optimize_made *made) {
    for (const struct hw_optimize_listed *listed = doing->listed; listed; listed = listed->next) {
        hw_optimize_manifests_amend(doing->work->manifests, listed, made);
    }
}

/* Gives the output its name. */
static enum hw_status output_finish(struct doing *doing, struct hw_error *err) {
    struct hw_optimize_output *output = &doing->output;
    struct hw_sink *sink = output->sink;
    HW_TRY(hw_store_source_same(doing->object->store, doing->object->key, doing->source, err));
    HW_TRY(sink->ops->finish(sink, err));
    if (doing->listed) {
        hw_file_sums_end(&output->sum.sums);
        const struct hw_optimize_made made = {&output->sum.sums, doing->file.rows, sink->etag, sink->mtime_us};
        listed_amend(doing, &made);
    }
    return HW_OK;
}

/* Corrects entries that do not tell of the file as it is: a call was killed, or it was touched. */
static enum hw_status listed_correct(struct doing *doing, struct hw_error *err) {
    struct hw_source *source = doing->source;
    struct hw_file_sums sums;
    bool all = true;
    for (const struct hw_optimize_listed *listed = doing->listed; listed; listed = listed->next) {
        bool same;
        HW_TRY(hw_same_source(source, &listed->entry, false, &same, err));
        all = all && same;
    }
    if (all) {
        return HW_OK;
    }
    HW_TRY(hw_file_sums_of(source, &sums, err));
    const struct hw_optimize_made made = {&sums, doing->file.rows, source->etag, source->mtime_us};
    listed_amend(doing, &made);
    return HW_OK;
}

/* ------ making the output */

static enum hw_status output_open(struct doing *doing, struct hw_error *err) {
    HW_TRY(hw_optimize_output_open(&doing->output, doing->source->size, err));
    return doing->listed ? hw_optimize_output_sum(&doing->output, err) : HW_OK;
}

static enum hw_status file_make(struct doing *doing, struct hw_error *err) {
    const struct hw_optimize_work *work = doing->work;
    struct hw_optimize_output *output = &doing->output;
    struct hw_optimized *told = &doing->object->told;
    const bool written = doing->object->place.output && !work->options->dry_run;
    output->from_crc64nvme = doing->listed ? &doing->listed->entry.crc64nvme : NULL;
    HW_TRY(hw_optimize_output_plan(output, err));
    HW_TRY(written ? output_open(doing, err) : HW_OK);
    HW_TRY(hw_optimize_output_write(output, err));
    told->outcome = HW_OPTIMIZE_PLANNED;
    const bool gains = (double)told->bytes_after <= worth * (double)told->bytes_before;
    if (!written) {
        return HW_OK;
    }
    if (!gains && !work->shaped && !work->options->force && !hw_optimize_output_narrows(output)) {
        hw_optimize_output_drop(output);
        return file_leave(doing, HW_OPTIMIZE_KEPT, err);
    }
    HW_TRY(output_finish(doing, err));
    told->outcome = HW_OPTIMIZE_REWRITTEN;
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
    if (!place->output || doing->work->options->dry_run) {
        return HW_OK;
    }
    if (place->in_place) {
        return outcome == HW_OPTIMIZE_ALREADY ? listed_correct(doing, err) : HW_OK;
    }
    HW_TRY(output_open(doing, err));
    HW_TRY(bytes_copy(doing, err));
    return output_finish(doing, err);
}

static enum hw_status bytes_copy(struct doing *doing, struct hw_error *err) {
    struct hw_source *source = doing->source;
    struct hw_sink *sink = hw_optimize_output_way(&doing->output);
    const size_t part = (size_t)hw_clamp(source->size, 1, COPY_BYTES);
    HW_AUTO(hw_buf) bytes = {0};
    HW_TRY(hw_buf_resize(&bytes, part, err));
    hw_source_in_order(source);
    for (uint64_t at = 0; at < source->size; at += part) {
        const size_t step = (size_t)hw_clamp(source->size - at, 0, part);
        HW_TRY(source->ops->read_at(source, at, bytes.data, step, err));
        HW_TRY(sink->ops->write(sink, bytes.data, step, err));
    }
    return HW_OK;
}
