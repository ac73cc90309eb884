/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/outcome.h"

#include "core/clock.h"

/* Fills in the reasons that occurred, and returns how many there are. */
static size_t rejects_tell(const struct hw_table_reader *reader,
                           struct hw_convert_reject rejects[HW_REJECT_REASONS_MAX]) {
    size_t count = 0;
    for (size_t i = 0; i < reader->reject_reasons_count; i++) {
        if (reader->rejected_by[i] > 0) {
            rejects[count++] = (struct hw_convert_reject){reader->reject_reasons[i], reader->rejected_by[i]};
        }
    }
    return count;
}

static size_t inputs_count(const struct hw_outcome *known) {
    const struct hw_table_reader *reader = known->conversion->reader;
    if (!known->merged) {
        return 0;
    }
    const size_t inputs = reader ? reader->ops->inputs_count(reader) : 0;
    return inputs > 0 ? inputs : known->objects_count;
}

/* NULL when out of memory, too: then the count alone tells of them. */
static const struct hw_convert_source *sources_tell(const struct hw_outcome *known) {
    const struct hw_table_reader *reader = known->conversion->reader;
    const size_t count = reader->ops->inputs_count(reader);
    struct hw_convert_source *sources = hw_arena_alloc(known->arena, count * sizeof(*sources));
    for (size_t i = 0; sources && i < count; i++) {
        const struct hw_table_input input = reader->ops->input(reader, i);
        sources[i] = (struct hw_convert_source){input.name, input.bytes, input.rows};
    }
    return sources;
}

/*
 * Names the files of a format as far as they are known before they are made: else as a pattern.
 * NULL: no memory.
 */
static const char *planned_path(const struct hw_run_context *run, const struct hw_outcome *known,
                                const struct hw_output_names *names) {
    const struct hw_plan *plan = run->plan;
    const struct hw_convert_options *options = run->options;
    const char *folder = plan->target_pipe ? "" : names->folder;
    for (size_t i = 0; folder && i < options->partition_by_count; i++) {
        folder = hw_arena_join(known->arena, folder, options->partition_by[i], "=*/");
    }
    const char *number = known->output_plan->many ? "-*" : "";
    const char *stem = hw_arena_join(known->arena, plan->target_pipe ? "" : names->stem, number, names->extension);
    return folder && stem ? hw_arena_join(known->arena, plan->target->root, folder, stem) : NULL;
}

/* Tells what would be written; nothing where memory is out, which only the names suffer from. */
static void planned_tell(const struct hw_run_context *run, const struct hw_outcome *known,
                         struct hw_convert_object *object) {
    const struct hw_output_plan *output_plan = known->output_plan;
    struct hw_convert_output *outputs = hw_arena_alloc(known->arena, output_plan->count * sizeof(*outputs));
    for (size_t i = 0; outputs && i < output_plan->count; i++) {
        outputs[i] = (struct hw_convert_output){.path = planned_path(run, known, &output_plan->names[i]),
                                                .format = output_plan->formats[i]->name,
                                                .sha256 = "",
                                                .crc64nvme = "",
                                                .etag = ""};
        outputs = outputs[i].path ? outputs : NULL;
    }
    object->outputs = outputs;
    object->outputs_count = outputs ? output_plan->count : 0;
}

/* Returns what all inputs from across a network were compared with. NULL: there is none. */
static const char *checksum_tell(const struct hw_table_reader *reader) {
    const char *told = NULL;
    for (size_t i = 0; i < reader->ops->inputs_count(reader); i++) {
        const char *name = reader->ops->input(reader, i).checksum;
        if (!name) {
            continue;
        }
        if (strcmp(name, "none") == 0) {
            return name; /* one input without makes the whole one without */
        }
        told = !told || strcmp(told, name) == 0 ? name : "mixed";
    }
    return told;
}

/* What an object's outcome points to. */
struct facts {
    struct hw_convert_reject rejects[HW_REJECT_REASONS_MAX];
    struct hw_note notes[HW_NOTE_KIND_COUNT];
};

/* Fills in the notes that there are, and returns their number. */
static size_t notes_tell(const struct hw_table_reader *reader, struct hw_note notes[HW_NOTE_KIND_COUNT]) {
    size_t count = 0;
    for (size_t i = 0; reader->notes && i < HW_NOTE_KIND_COUNT; i++) {
        if (reader->notes->of[i].texts > 0) {
            notes[count++] = reader->notes->of[i];
        }
    }
    return count;
}

static uint64_t bytes_left_out(const struct hw_table_reader *reader) {
    const size_t count = reader->ops->inputs_count(reader);
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += reader->ops->input(reader, i).garbage_bytes;
    }
    return bytes;
}

/* Tells what the conversion has come to. */
static void conversion_tell(const struct hw_conversion *conversion, struct hw_convert_object *object,
                            struct facts *facts) {
    const struct hw_table_reader *reader = conversion->reader;
    object->rows_in = reader->records;
    object->rows_out = reader->rows;
    object->rejected = reader->rejected;
    object->columns = reader->schema->count;
    /* As long as a survey lasts, nobody knows what the types will be. */
    object->schema = reader->schema->count > 0 && !conversion->survey ? reader->schema : NULL;
    object->restarted = conversion->pass > 1;
    object->bytes_left_out = bytes_left_out(reader);
    object->limited = reader->limited;
    object->rejects = facts->rejects;
    object->rejects_count = rejects_tell(reader, facts->rejects);
    object->notes = facts->notes;
    object->notes_count = notes_tell(reader, facts->notes);
}

/* Tells what was made of the table. */
static void converted_tell(const struct hw_outcome *known, struct hw_convert_object *object) {
    object->source_checksum = checksum_tell(known->conversion->reader);
    object->outputs = known->files->outputs;
    object->outputs_count = known->files->count;
    object->sources = known->merged ? sources_tell(known) : NULL;
    object->column_facts = known->column_facts;
}

/* NULL where there is no such file, or no memory. */
static const char *rejects_path_tell(const struct hw_outcome *known) {
    const struct hw_output_plan *output_plan = known->output_plan;
    return known->conversion->rejects.published
               ? hw_arena_join(known->arena, output_plan->store->root, output_plan->rejects_key)
               : NULL;
}

void hw_outcome_tell(const struct hw_run_context *run, const struct hw_outcome *known, enum hw_convert_outcome outcome,
                     const struct hw_error *error) {
    struct facts facts;
    struct hw_convert_object object = {
        .source = known->name,
        .outcome = outcome,
        .reason = outcome == HW_CONVERT_FAILED ? HW_REASON_UNKNOWN : known->output_plan->reason,
        .sources_count = inputs_count(known),
        .source_bytes = known->source_bytes,
        .seconds = (double)(hw_clock_monotonic_us() - known->started_us) / 1e6,
        .error = error,
    };
    if (known->conversion->reader) {
        conversion_tell(known->conversion, &object, &facts);
        object.rejects_path = rejects_path_tell(known);
    }
    if (known->conversion->reader && outcome == HW_CONVERTED) {
        converted_tell(known, &object);
    }
    if (outcome == HW_PLANNED) {
        planned_tell(run, known, &object);
    }
    run->done(run->ctx, &object, known->files);
}
