/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/texts.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/checksum.h"
#include "core/alloc.h"
#include "core/limits.h"
#include "pipeline/sample.h"

void hw_texts_init(struct hw_texts *texts, struct hw_origin *origins, size_t count,
                   const struct hw_convert_options *options, bool typed) {
    *texts = (struct hw_texts){.options = options, .origins = origins, .origins_count = count, .typed = typed};
    texts->shared.failed = SIZE_MAX;
    pthread_mutex_init(&texts->shared.lock, NULL);
}

void hw_texts_release(struct hw_texts *texts) {
    if (!texts->options) {
        return;
    }
    hw_buf_release(&texts->shared.found);
    hw_buf_release(&texts->shared.profiles);
    hw_buf_release(&texts->shared.shapes);
    hw_intern_release(&texts->shared.names);
    hw_intern_release(&texts->shared.sets);
    hw_arena_release(&texts->arena);
    pthread_mutex_destroy(&texts->shared.lock);
    *texts = (struct hw_texts){0};
}

bool hw_texts_claim(struct hw_texts *texts, size_t *out_origin) {
    pthread_mutex_lock(&texts->shared.lock);
    bool claimed = texts->shared.next < texts->origins_count && texts->shared.status == HW_OK;
    if (claimed) {
        *out_origin = texts->shared.next++;
        texts->shared.busy++;
    }
    pthread_mutex_unlock(&texts->shared.lock);
    return claimed;
}

bool hw_texts_over(struct hw_texts *texts) {
    pthread_mutex_lock(&texts->shared.lock);
    bool left = texts->shared.next < texts->origins_count && texts->shared.status == HW_OK;
    bool over = !left && texts->shared.busy == 0;
    pthread_mutex_unlock(&texts->shared.lock);
    return over;
}

static enum hw_status origin_look(struct hw_texts *texts, size_t origin, struct hw_input *input, struct hw_error *err);

static void origin_keep(struct hw_texts *texts, struct hw_origin *origin, const struct hw_source *source);

void hw_texts_look(struct hw_texts *texts, size_t origin) {
    const struct hw_convert_options *options = texts->options;
    struct hw_error err = HW_ERROR_INIT;
    enum hw_status status = HW_OK;
    struct hw_input input;
    if (options->cancelled && options->cancelled(options->ctx)) {
        status = hw_fail(&err, HW_ECANCELLED, "stopped before it was done");
    } else {
        status = hw_origin_take(&texts->origins[origin], options, texts->pinned, &input, &err);
    }
    if (status == HW_OK) {
        status = origin_look(texts, origin, &input, &err);
        origin_keep(texts, &texts->origins[origin], input.source);
        hw_origin_give(&texts->origins[origin], &input);
    }
    hw_error_object(&err, texts->origins[origin].object->name);
    pthread_mutex_lock(&texts->shared.lock);
    texts->shared.busy--;
    if (status != HW_OK && origin < texts->shared.failed) {
        texts->shared.failed = origin;
        texts->shared.status = status;
        texts->shared.error = err;
    }
    pthread_mutex_unlock(&texts->shared.lock);
}

/*
 * A small remote object is in memory once it was looked at, and holds no descriptor: as long as there is memory for it, it stays, so that it
 * need not come across the network again.
 */
static void origin_keep(struct hw_texts *texts, struct hw_origin *origin, const struct hw_source *source) {
    const uint64_t kept_max = texts->kept_bytes_max;
    if (!source->remote || !texts->pinned || source->size > texts->options->source_store.part_bytes) {
        return;
    }
    pthread_mutex_lock(&texts->shared.lock);
    origin->kept = source->size <= kept_max && texts->shared.kept_bytes <= kept_max - source->size;
    texts->shared.kept_bytes += origin->kept ? source->size : 0;
    pthread_mutex_unlock(&texts->shared.lock);
    hw_origin_expect(origin, origin->kept ? 1 : 0);
}

/* "a.zip#b.csv", in the arena. */
static enum hw_status member_name(struct hw_texts *texts, const struct hw_origin *origin, const struct hw_input *input,
                                  const char **out_name, struct hw_error *err) {
    const char *name = hw_zip_member(input->zip, input->member)->name;
    size_t bytes = strlen(origin->object->name) + strlen(name) + 2;
    pthread_mutex_lock(&texts->shared.lock);
    char *text = hw_arena_alloc(&texts->arena, bytes);
    pthread_mutex_unlock(&texts->shared.lock);
    if (!text) {
        return hw_fail_nomem(err, bytes);
    }
    snprintf(text, bytes, "%s#%s", origin->object->name, name);
    *out_name = text;
    return HW_OK;
}

/* All of the origin's texts that are asked for: one at least. */
static enum hw_status origin_look(struct hw_texts *texts, size_t origin, struct hw_input *input, struct hw_error *err) {
    const struct hw_origin *from = &texts->origins[origin];
    size_t wanted;
    HW_TRY(hw_origin_wanted(input, &texts->options->csv, &wanted, err));
    for (size_t i = 0; i < from->members; i++) {
        const char *name = from->object->name;
        if (!hw_origin_wants(input, i, &texts->options->csv)) {
            continue;
        }
        input->member = i;
        if (wanted > 1) {
            HW_TRY(member_name(texts, from, input, &name, err));
        }
        enum hw_status status = hw_texts_add(texts, origin, input, name, err);
        if (status != HW_OK) {
            hw_error_object(err, name);
            return status;
        }
    }
    return HW_OK;
}

static enum hw_status text_keep_locked(struct hw_texts *texts, struct hw_text *text, const struct hw_schema *schema,
                                       const struct hw_csv_profile *profiles, struct hw_error *err);

/* Thousands of texts need not show as much each as a few. */
static struct hw_sample_options sample_options(const struct hw_texts *texts) {
    const size_t all_bytes = HW_MIB(32);
    const size_t bytes = all_bytes / texts->origins_count;
    return (struct hw_sample_options){
        .bytes = bytes < HW_SAMPLE_BYTES ? hw_max_size(bytes, HW_SAMPLE_BYTES_MIN) : 0,
        .layout_only = texts->typed,
        .record_bytes_max = texts->record_bytes_max,
    };
}

/*
 * A text that can be cut is compared with the checksum that the store keeps of it; all else has checksums of its own,
 * or is decoded from bytes that nobody sums.
 */
static enum hw_status checksum_ask(struct hw_text *text, const struct hw_convert_options *options,
                                   struct hw_source *source, struct hw_error *err) {
    uint8_t block[4096];
    size_t bytes;
    if (!text->cuttable || text->proved_by != HW_CHECKSUM_NONE || !source->ops->checksum || options->dry_run) {
        return HW_OK;
    }
    HW_TRY(source->ops->checksum(source, &text->checksum, err));
    for (uint64_t at = 0; text->checksum.kind != HW_CHECKSUM_NONE && at < text->body_offset; at += bytes) {
        bytes = hw_min_size(sizeof(block), (size_t)(text->body_offset - at));
        HW_TRY(source->ops->read_at(source, at, block, bytes, err));
        text->head_sum = hw_checksum_add(text->checksum.kind, text->head_sum, block, bytes);
    }
    return HW_OK;
}

void hw_text_begin(struct hw_text *text) {
    text->done = (struct hw_text_part){.bytes = text->body_offset, .sum = text->head_sum};
}

void hw_text_add(struct hw_text *text, const struct hw_text_part *part) {
    text->done.rows += part->rows;
    text->done.bytes += part->bytes;
    text->done.sum = hw_checksum_combine(text->checksum.kind, text->done.sum, part->sum, part->bytes);
}

enum hw_status hw_text_prove(const struct hw_text *text, struct hw_error *err) {
    const struct hw_checksum got = {text->checksum.kind, text->done.sum};
    char texts[2][HW_CHECKSUM_TEXT_BYTES];
    if (got.kind == HW_CHECKSUM_NONE || (text->done.bytes == text->bytes && got.value == text->checksum.value)) {
        return HW_OK;
    }
    hw_error_set(err, HW_ECHECKSUM,
                 "the %" PRIu64 " of %" PRIu64 " bytes that were read have the %s %s, the store has %s of the object: "
                 "they were damaged on their way, or where it lies",
                 text->done.bytes, text->bytes, hw_checksum_name(got.kind), hw_checksum_text(&got, texts[0]),
                 hw_checksum_text(&text->checksum, texts[1]));
    hw_error_object(err, text->name);
    return HW_ECHECKSUM;
}

enum hw_status hw_texts_add(struct hw_texts *texts, size_t origin, const struct hw_input *input, const char *name,
                            struct hw_error *err) {
    HW_AUTO(hw_arena) arena = {0};
    const struct hw_sample_options sample = sample_options(texts);
    struct hw_csv_profile *profiles;
    struct hw_csv_layout layout;
    HW_TRY(hw_sample_layout(input, &texts->options->csv, &sample, &arena, &layout, &profiles, err));
    struct hw_text text = {
        .origin = &texts->origins[origin],
        .member = input->member,
        .name = name,
        .dialect = layout.dialect,
        .body_offset = layout.body_offset,
        .body_lines = layout.body_lines,
        .bytes = input->cuttable ? input->source->size : 0,
        .window_bytes = input->window_bytes,
        .cuttable = input->cuttable,
        .proved_by = input->source->proved_by,
    };
    HW_TRY(checksum_ask(&text, texts->options, input->source, err));
    hw_text_begin(&text);
    pthread_mutex_lock(&texts->shared.lock);
    enum hw_status status = text_keep_locked(texts, &text, &layout.schema, profiles, err);
    pthread_mutex_unlock(&texts->shared.lock);
    hw_free(profiles);
    return status;
}

static enum hw_status name_keep_locked(struct hw_texts *texts, const char *name, const struct hw_csv_profile *profile,
                                       uint32_t *out_number, struct hw_error *err);
static enum hw_status shape_keep_locked(struct hw_texts *texts, const uint32_t *numbers, size_t count,
                                        struct hw_shape **out_shape, struct hw_error *err);

static enum hw_status text_keep_locked(struct hw_texts *texts, struct hw_text *text, const struct hw_schema *schema,
                                       const struct hw_csv_profile *profiles, struct hw_error *err) {
    uint32_t *numbers = hw_realloc_array(NULL, schema->count, sizeof(*numbers));
    enum hw_status status = numbers ? HW_OK : hw_fail_nomem(err, schema->count * sizeof(*numbers));
    for (size_t i = 0; status == HW_OK && i < schema->count; i++) {
        status = name_keep_locked(texts, schema->fields[i].name, &profiles[i], &numbers[i], err);
    }
    if (status == HW_OK) {
        status = shape_keep_locked(texts, numbers, schema->count, &text->shape, err);
    }
    hw_free(numbers);
    return status == HW_OK ? hw_buf_append(&texts->shared.found, text, sizeof(*text), err) : status;
}

/* The column of this name has had such values, too. */
static enum hw_status name_keep_locked(struct hw_texts *texts, const char *name, const struct hw_csv_profile *profile,
                                       uint32_t *out_number, struct hw_error *err) {
    struct hw_buf *profiles = &texts->shared.profiles;
    HW_TRY(hw_intern_number(&texts->shared.names, &texts->arena, hw_view_of(name), out_number, err));
    if (texts->shared.names.count > HW_CSV_COLUMNS_MAX) {
        return hw_fail(err, HW_ELIMIT, "all sources together have more than %u columns", HW_CSV_COLUMNS_MAX);
    }
    if (*out_number * sizeof(*profile) == profiles->size) {
        const struct hw_csv_profile none = HW_CSV_PROFILE_INIT;
        HW_TRY(hw_buf_append(profiles, &none, sizeof(none), err));
    }
    struct hw_csv_profile *all = (struct hw_csv_profile *)(void *)profiles->data;
    hw_csv_profile_merge(&all[*out_number], profile);
    return HW_OK;
}

static enum hw_status shape_keep_locked(struct hw_texts *texts, const uint32_t *numbers, size_t count,
                                        struct hw_shape **out_shape, struct hw_error *err) {
    struct hw_buf *shapes = &texts->shared.shapes;
    const hw_view set = {(const char *)numbers, count * sizeof(*numbers)};
    uint32_t number;
    HW_TRY(hw_intern_number(&texts->shared.sets, &texts->arena, set, &number, err));
    if (number * sizeof(struct hw_shape *) == shapes->size) {
        struct hw_shape *shape = hw_arena_alloc(&texts->arena, sizeof(*shape));
        uint32_t *places = hw_arena_alloc(&texts->arena, set.size);
        if (!shape || !places) {
            return hw_fail_nomem(err, set.size);
        }
        memcpy(places, numbers, set.size);
        *shape = (struct hw_shape){.places = places, .count = count};
        HW_TRY(hw_buf_append(shapes, &shape, sizeof(shape), err)); /* allowed: a pointer */
    }
    *out_shape = ((struct hw_shape **)(void *)shapes->data)[number];
    return HW_OK;
}

static int text_compare(const void *a, const void *b) {
    const struct hw_text *first = a;
    const struct hw_text *second = b;
    if (first->origin != second->origin) {
        return first->origin < second->origin ? -1 : 1;
    }
    return first->member < second->member ? -1 : first->member > second->member;
}

static enum hw_status columns_order(struct hw_texts *texts, uint32_t *places, struct hw_schema *out_schema,
                                    struct hw_error *err);

enum hw_status hw_texts_order(struct hw_texts *texts, struct hw_schema *out_schema,
                              struct hw_csv_profile **out_profiles, struct hw_error *err) {
    const size_t columns = texts->shared.names.count;
    const struct hw_csv_profile *by_name = (const struct hw_csv_profile *)(const void *)texts->shared.profiles.data;
    if (texts->shared.status != HW_OK) {
        return hw_error_pass(err, texts->shared.status, &texts->shared.error);
    }
    texts->items = (struct hw_text *)(void *)texts->shared.found.data;
    texts->count = texts->shared.found.size / sizeof(*texts->items);
    qsort(texts->items, texts->count, sizeof(*texts->items), text_compare);

    uint32_t *places = hw_realloc_array(NULL, columns, sizeof(*places)); /* of every name in the table */
    struct hw_csv_profile *profiles = hw_realloc_array(NULL, columns, sizeof(*profiles));
    enum hw_status status = places && profiles ? columns_order(texts, places, out_schema, err)
                                               : hw_fail_nomem(err, columns * sizeof(*profiles));
    for (size_t i = 0; status == HW_OK && i < columns; i++) {
        profiles[places[i]] = by_name[i];
    }
    hw_free(places);
    if (status != HW_OK) {
        hw_free(profiles);
        return status;
    }
    *out_profiles = profiles;
    return HW_OK;
}

/* From numbers of names to places in the table. */
static enum hw_status columns_order(struct hw_texts *texts, uint32_t *places, struct hw_schema *out_schema,
                                    struct hw_error *err) {
    const size_t columns = texts->shared.names.count;
    struct hw_shape *const *shapes = (struct hw_shape **)(void *)texts->shared.shapes.data;
    struct hw_field *fields = hw_arena_alloc(&texts->arena, columns * sizeof(*fields));
    size_t placed = 0;
    if (!fields) {
        return hw_fail_nomem(err, columns * sizeof(*fields));
    }
    memset(places, 0xff, columns * sizeof(*places));
    for (size_t i = 0; placed < columns && i < texts->count; i++) {
        const struct hw_shape *shape = texts->items[i].shape;
        for (size_t k = 0; k < shape->count; k++) {
            uint32_t number = shape->places[k];
            if (places[number] == UINT32_MAX) {
                fields[placed] = (struct hw_field){.name = texts->shared.names.keys[number].data};
                places[number] = (uint32_t)placed++;
            }
        }
    }
    for (size_t i = 0; i < texts->shared.sets.count; i++) {
        shapes[i]->whole = shapes[i]->count == columns;
        for (size_t k = 0; k < shapes[i]->count; k++) {
            shapes[i]->places[k] = places[shapes[i]->places[k]];
            shapes[i]->whole &= shapes[i]->places[k] == k;
        }
    }
    *out_schema = (struct hw_schema){.fields = fields, .count = columns};
    return HW_OK;
}

static enum hw_status shape_own(struct hw_shape *shape, bool constrained, struct hw_arena *arena, struct hw_error *err);

enum hw_status hw_texts_settle(struct hw_texts *texts, const struct hw_schema *schema,
                               const struct hw_csv_constraints *constraints, struct hw_error *err) {
    struct hw_shape *const *shapes = (struct hw_shape **)(void *)texts->shared.shapes.data;
    for (size_t i = 0; i < texts->shared.sets.count; i++) {
        struct hw_shape *shape = shapes[i];
        if (shape->whole) {
            shape->schema = schema;
            shape->constraints = constraints;
            continue;
        }
        HW_TRY(shape_own(shape, constraints->columns != NULL, &texts->arena, err));
        for (size_t k = 0; k < shape->count; k++) {
            shape->own_schema.fields[k] = schema->fields[shape->places[k]];
            if (shape->own_columns) {
                shape->own_columns[k] = constraints->columns[shape->places[k]];
            }
        }
        shape->own_constraints = (struct hw_csv_constraints){shape->own_columns, constraints->unique};
    }
    return HW_OK;
}

/* Room for types and constraints of its own. */
static enum hw_status shape_own(struct hw_shape *shape, bool constrained, struct hw_arena *arena,
                                struct hw_error *err) {
    shape->schema = &shape->own_schema;
    shape->constraints = &shape->own_constraints;
    if (shape->own_schema.fields) {
        return HW_OK;
    }
    struct hw_field *fields = hw_arena_alloc(arena, shape->count * sizeof(*fields));
    struct hw_csv_constraint *columns = constrained ? hw_arena_alloc(arena, shape->count * sizeof(*columns)) : NULL;
    if (!fields || (constrained && !columns)) {
        return hw_fail_nomem(err, shape->count * sizeof(*columns));
    }
    shape->own_schema = (struct hw_schema){.fields = fields, .count = shape->count};
    shape->own_columns = columns;
    return HW_OK;
}
