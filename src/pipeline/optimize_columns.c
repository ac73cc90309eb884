/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/optimize_columns.h"

#include "parquet/arrow_zones.h"
#include "parquet/fact_name.h"
#include "parquet/meta.h"
#include "table/type.h"

enum { TYPE_BYTES = 64, PATH_BYTES = 512 };

/* Facts of a column, of all of its chunks. */
struct facts {
    uint64_t bytes;
    unsigned encodings; /* bits 1 << encoding */
    unsigned codecs;    /* bits 1 << number in CompressionCodec */
};

static struct facts facts_before(const struct hw_row_cuts *cuts, size_t column);
static struct facts facts_after(const struct hw_rewritten_column *made, enum hw_codec codec, uint64_t groups);
static enum hw_status zones_find(const struct hw_read_file *file, struct hw_arena *arena, const bool **out_zoned,
                                 struct hw_error *err);
static enum hw_status column_tell(const struct hw_optimize_columns_of *of, size_t number, const bool *zoned,
                                  struct hw_arena *arena, struct hw_optimized_column *out, struct hw_error *err);

enum hw_status hw_optimize_columns_tell(const struct hw_optimize_columns_of *of, struct hw_arena *arena,
                                        const struct hw_optimized_column **out_columns, struct hw_error *err) {
    const size_t count = of->plan->tree.count;
    struct hw_optimized_column *columns = hw_arena_alloc(arena, count * sizeof(*columns));
    const bool *zoned = NULL;
    if (!columns) {
        return hw_fail_nomem(err, count * sizeof(*columns));
    }
    HW_TRY(zones_find(of->file, arena, &zoned, err));
    for (size_t i = 0; i < count; i++) {
        HW_TRY(column_tell(of, i, zoned, arena, &columns[i], err));
    }
    *out_columns = columns;
    return HW_OK;
}

/* ------ facts */

/* RLE is that of levels, and says nothing of the values but where they are booleans. */
static unsigned value_encodings(const struct hw_parquet_chunk *chunk) {
    unsigned bits = 0;
    for (size_t i = 0; i < chunk->encodings_count; i++) {
        const int32_t encoding = chunk->encodings[i];
        const bool levels = encoding == HW_ENCODING_BIT_PACKED ||
                            (encoding == HW_ENCODING_RLE && chunk->physical != HW_PHYSICAL_BOOLEAN);
        bits |= encoding >= 0 && encoding < HW_ENCODING_COUNT && !levels ? 1u << encoding : 0;
    }
    return bits;
}

/* Of a row group of which only some rows are written, its bytes count as their part of its rows. */
static struct facts facts_before(const struct hw_row_cuts *cuts, size_t column) {
    const struct hw_rewrite_rows *runs = (const struct hw_rewrite_rows *)(const void *)cuts->runs.data;
    const size_t count = cuts->runs.size / sizeof(*runs);
    struct facts facts = {0};
    double bytes = 0;
    for (size_t i = 0; i < count; i++) {
        const struct hw_parquet_group *group = &runs[i].file->meta.groups[runs[i].group];
        if (column < group->chunks_count) {
            const struct hw_parquet_chunk *chunk = &group->chunks[column];
            const double part = (double)runs[i].count / (double)group->rows;
            bytes += chunk->compressed > 0 ? (double)chunk->compressed * part : 0;
            facts.encodings |= value_encodings(chunk);
            facts.codecs |= chunk->codec >= 0 && chunk->codec < HW_PAGE_CODEC_COUNT ? 1u << chunk->codec : 0;
        }
    }
    facts.bytes = (uint64_t)(bytes + 0.5);
    return facts;
}

static struct facts facts_after(const struct hw_rewritten_column *made, enum hw_codec codec, uint64_t groups) {
    struct facts facts = {.bytes = made->stored_bytes};
    for (size_t i = 0; i < HW_ENCODING_COUNT; i++) {
        facts.encodings |= made->pages_encoded[i] > 0 ? 1u << i : 0;
    }
    facts.codecs |= made->packed_chunks > 0 ? 1u << hw_page_codec_number(codec) : 0;
    facts.codecs |= made->packed_chunks < groups ? 1u << HW_PAGE_CODEC_NONE : 0;
    return facts;
}

/* ------ texts */

/* Joins the names of bits with commas. NULL when out of memory. */
static const char *names_join(unsigned bits, const char *(*name_of)(int32_t), struct hw_arena *arena) {
    const char *text = "";
    for (int32_t i = 0; text && bits >> i != 0; i++) {
        const char *name = (bits >> i & 1) != 0 ? name_of(i) : NULL;
        if (name) {
            text = hw_arena_join(arena, text, text[0] != '\0' ? "," : "", name);
        }
    }
    return text;
}

static struct hw_type type_after(const struct hw_narrowing *narrowing, struct hw_type before) {
    switch (narrowing->to) {
    case HW_NARROW_FLOAT:
        return (struct hw_type){.kind = HW_KIND_FLOAT};
    case HW_NARROW_INT32:
        return (struct hw_type){.kind = HW_KIND_INT32};
    case HW_NARROW_UINT32:
        return (struct hw_type){.kind = HW_KIND_UINT32};
    case HW_NARROW_MICROS:
        return (struct hw_type){.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_MICROS};
    case HW_NARROW_NANOS:
        return (struct hw_type){.kind = HW_KIND_TIMESTAMP, .unit = HW_UNIT_NANOS};
    case HW_NARROW_DECIMAL:
        return (struct hw_type){
            .kind = HW_KIND_DECIMAL, .precision = (uint8_t)narrowing->precision, .scale = (uint8_t)narrowing->scale};
    default:
        return before;
    }
}

/* INT96 has no type of its own, whatever it is read as. */
static const char *type_text(const struct hw_read_leaf *leaf, const struct hw_narrowing *narrowing,
                             struct hw_arena *arena) {
    char text[TYPE_BYTES];
    if (leaf->physical == HW_PHYSICAL_INT96 && narrowing->to == HW_NARROW_NONE) {
        return "int96";
    }
    hw_type_format(type_after(narrowing, leaf->field->type), text, sizeof(text));
    return hw_arena_strdup(arena, text);
}

/* Where nothing was asked for, it is told what could be. */
static const char *reason_of(const struct hw_optimize_columns_of *of, size_t number, const bool *zoned,
                             struct hw_arena *arena) {
    static const struct hw_narrow_choice exact = {.exact = true, .int96 = true};
    const struct hw_narrow_survey *survey = of->made ? &of->made[number].survey : NULL;
    const size_t leaf = of->plan->columns[number].write->column;
    const char *decided = of->decisions ? of->decisions[leaf].reason : "";
    if (decided[0] != '\0' || !survey || survey->values == 0 || hw_narrow_decide(survey, &exact).to == HW_NARROW_NONE) {
        return decided;
    }
    const bool int96 = survey->leaf->physical == HW_PHYSICAL_INT96;
    if (int96 && zoned[leaf]) {
        return "";
    }
    const char *reason = hw_narrow_reason(survey, &exact, arena);
    return reason ? hw_arena_join(arena, reason, ": ", int96 ? "--int96 timestamp" : "--downcast exact",
                                  " would make it so")
                  : NULL;
}

/* Finds the leaves with a time zone, which no INT96 loses; NULL where none is of INT96. */
static enum hw_status zones_find(const struct hw_read_file *file, struct hw_arena *arena, const bool **out_zoned,
                                 struct hw_error *err) {
    const size_t count = file->schema.leaves_count;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        any |= file->schema.leaves[i].physical == HW_PHYSICAL_INT96;
    }
    if (!any) {
        return HW_OK;
    }
    bool *zoned = hw_arena_alloc(arena, count * sizeof(*zoned));
    HW_TRY(zoned ? hw_arrow_zones_find(&file->meta, count, zoned, err) : hw_fail_nomem(err, count));
    *out_zoned = zoned;
    return HW_OK;
}

static enum hw_status column_tell(const struct hw_optimize_columns_of *of, size_t number, const bool *zoned,
                                  struct hw_arena *arena, struct hw_optimized_column *out, struct hw_error *err) {
    const struct hw_leaf *leaf = of->plan->columns[number].write;
    const struct hw_read_leaf *read = &of->file->schema.leaves[leaf->column];
    const struct facts before = facts_before(&of->plan->cuts, read->column);
    const uint64_t groups = hw_row_cuts_count(&of->plan->cuts);
    const struct facts after = of->made ? facts_after(&of->made[number], of->codec, groups) : before;
    char path[PATH_BYTES];
    *out = (struct hw_optimized_column){
        .name = hw_arena_strdup(arena, hw_leaf_path(leaf, path, sizeof(path))),
        .type_before = type_text(read, &(struct hw_narrowing){0}, arena),
        .type_after = type_text(read, &of->plan->columns[number].leaves->narrowing, arena),
        .encodings_before = names_join(before.encodings, hw_encoding_name, arena),
        .encodings_after = names_join(after.encodings, hw_encoding_name, arena),
        .codec_before = names_join(before.codecs, hw_page_codec_name, arena),
        .codec_after = names_join(after.codecs, hw_page_codec_name, arena),
        .bytes_before = before.bytes,
        .bytes_after = after.bytes,
        .reason = reason_of(of, number, zoned, arena),
    };
    const bool all = out->name && out->reason && out->type_before && out->type_after && out->encodings_before &&
                     out->encodings_after && out->codec_before && out->codec_after;
    return all ? HW_OK : hw_fail_nomem(err, sizeof(path));
}
