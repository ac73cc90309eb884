/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/meta_parser.h"

#include "core/limits.h"

/* The bytes that the arena is asked for at once, and the alignment of the arrays in them. */
enum { SLAB_BYTES = 64 << 10, ALIGNMENT = 8 };

static const struct hw_thrift_needs pair_needs = {
    .name = "KeyValue",
    .ids = HW_THRIFT_ID(1),
    .names = (const char *const[]){[1] = "key"},
};

static void *take(struct hw_meta_parser *parser, size_t bytes);
static uint8_t *arena_take(struct hw_meta_parser *parser, size_t bytes);

void hw_meta_parser_init(struct hw_meta_parser *parser, hw_view footer, uint64_t at, struct hw_arena *arena,
                         struct hw_error *err) {
    *parser = (struct hw_meta_parser){
        .arena = arena,
        .memory_left = HW_PARQUET_META_RATIO_MAX * (uint64_t)footer.size + SLAB_BYTES,
    };
    hw_thrift_reader_init(&parser->in, footer, at, err);
}

void *hw_meta_array(struct hw_meta_parser *parser, const struct hw_thrift_field *field, size_t element_bytes,
                    struct hw_thrift_list *out_list) {
    size_t bytes;
    if (!hw_thrift_read_list(&parser->in, field, out_list)) {
        return NULL;
    }
    if (!hw_mul(out_list->count, element_bytes, &bytes) || !hw_add(bytes, (size_t)ALIGNMENT, &bytes)) {
        bytes = SIZE_MAX;
    }
    return take(parser, bytes / ALIGNMENT * ALIGNMENT);
}

const void *hw_meta_structs_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                                 size_t element_bytes, hw_meta_read_fn *read, size_t *out_count) {
    struct hw_thrift_list list;
    char *array = hw_meta_array(parser, field, element_bytes, &list);
    for (size_t i = 0; array && i < list.count && hw_thrift_get_struct(&parser->in, &list); i++) {
        read(parser, array + i * element_bytes);
    }
    *out_count = array ? list.count : 0;
    return array;
}

/* KeyValue */
static void pair_read(struct hw_meta_parser *parser, void *out) {
    struct hw_thrift_reader *in = &parser->in;
    struct hw_parquet_pair *pair = out;
    struct hw_thrift_field member;
    uint32_t seen = 0;
    *pair = (struct hw_parquet_pair){0};
    while (hw_thrift_field(in, &member)) {
        if (member.id == 1) {
            seen |= hw_thrift_seen(&member, hw_thrift_read_binary(in, &member, &pair->key));
        } else if (member.id == 2) {
            pair->has_value |= hw_thrift_read_binary(in, &member, &pair->value);
        } else {
            hw_thrift_skip(in, &member);
        }
    }
    hw_thrift_need(in, &pair_needs, seen);
}

void hw_meta_pairs_read(struct hw_meta_parser *parser, const struct hw_thrift_field *field,
                        const struct hw_parquet_pair **out_pairs, size_t *out_count) {
    *out_pairs = hw_meta_structs_read(parser, field, sizeof(**out_pairs), pair_read, out_count);
}

/* Returns a piece of the slab. NULL after a failure. */
static void *take(struct hw_meta_parser *parser, size_t bytes) {
    if (bytes >= SLAB_BYTES / 4) {
        return arena_take(parser, bytes);
    }
    if (bytes > parser->slab_left) {
        size_t slab_bytes = hw_min_size(SLAB_BYTES, (size_t)parser->memory_left);
        parser->slab = arena_take(parser, hw_max_size(bytes, slab_bytes));
        parser->slab_left = parser->slab ? hw_max_size(bytes, slab_bytes) : 0;
    }
    uint8_t *at = parser->slab;
    if (at) {
        parser->slab += bytes;
        parser->slab_left -= bytes;
    }
    return at;
}

static uint8_t *arena_take(struct hw_meta_parser *parser, size_t bytes) {
    if (bytes > parser->memory_left) {
        hw_thrift_reader_fail(&parser->in, HW_ELIMIT,
                              "its lists ask for more memory than any footer of its size needs");
        return NULL;
    }
    uint8_t *at = hw_arena_alloc(parser->arena, bytes);
    if (!at) {
        hw_thrift_reader_fail(&parser->in, HW_ENOMEM, "out of memory");
        return NULL;
    }
    parser->memory_left -= bytes;
    return at;
}
