/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_notes.h"

static const char *pair_note(const struct hw_pair_left_out *pair, struct hw_arena *arena);
static size_t sorting_told(const struct hw_read_file *const *files, size_t count);

enum { LOST_MAX = 3 };

enum hw_status hw_optimize_notes(const struct hw_read_file *const *files, size_t files_count,
                                 const struct hw_file_plan *plan, struct hw_arena *arena, struct hw_optimized *told,
                                 struct hw_error *err) {
    const struct hw_edited_pairs *pairs = &plan->pairs;
    const struct {
        bool lost;
        const char *note;
    } lost[LOST_MAX] = {
        {!plan->sorts && sorting_told(files, files_count) > told->sorted_count,
         "not all row groups of the output are sorted as the source says that it is"},
        {plan->blooms_lost, "bloom filters of BOOLEAN and INT96 columns and of intervals are left out"},
        {plan->chunk_pairs_lost,
         "metadata of column chunks is left out where it does not hold for all values of a chunk"},
    };
    const size_t most = pairs->left_out_count + LOST_MAX;
    const char **notes = hw_arena_alloc(arena, most * sizeof(*notes));
    size_t count = 0;
    if (!notes) {
        return hw_fail_nomem(err, most * sizeof(*notes));
    }
    for (size_t i = 0; i < pairs->left_out_count; i++) {
        notes[count] = pair_note(&pairs->left_out[i], arena);
        if (!notes[count++]) {
            return hw_fail_nomem(err, pairs->left_out[i].key.size);
        }
    }
    for (size_t i = 0; i < COUNT_OF(lost); i++) {
        if (lost[i].lost) {
            notes[count++] = lost[i].note;
        }
    }
    told->notes = notes;
    told->notes_count = count;
    return HW_OK;
}

static const char *pair_note(const struct hw_pair_left_out *pair, struct hw_arena *arena) {
    char key[HW_QUOTE_BYTES];
    hw_quote(pair->key.data, pair->key.size, key, sizeof(key));
    return hw_arena_join(arena, "the metadata ", key, " is left out: ", pair->reason);
}

/* Returns the most columns by which a row group says that it is sorted. */
static size_t sorting_told(const struct hw_read_file *const *files, size_t count) {
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        const struct hw_parquet_meta *meta = &files[i]->meta;
        for (size_t group = 0; group < meta->groups_count; group++) {
            most = hw_max_size(most, meta->groups[group].sorting_count);
        }
    }
    return most;
}
