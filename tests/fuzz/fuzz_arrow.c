/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables as another library could hand them over, made of the input's bytes: whatever they say of
 * themselves, they are refused, or taken, written as Parquet and Avro and handed out again. Buffers
 * are exactly as long as their array says, so that nothing behind them can be read; only what no
 * one can check, the bytes of texts, is always there.
 */
#include <hawser/arrow.h>

#include "avro/writer.h"
#include "core/arena.h"
#include "fuzz/fuzz.h"
#include "parquet/writer.h"
#include "support/memory_io.h"
#include "table/arrow_format.h"

enum { NODES_MAX = 24, LENGTH_MAX = 40, TEXT_BYTES = 64, CHILDREN_MAX = 3 };

static const char *const formats[] = {
    "n",   "b",   "c",   "C",   "s",    "S",     "i",         "I",          "l",        "L",   "e",    "f",
    "g",   "z",   "Z",   "u",   "U",    "d:9,2", "d:18,0,64", "d:76,3,256", "d:4,1,32", "w:3", "w:16", "tdD",
    "tdm", "tts", "ttm", "ttu", "ttn",  "tss:",  "tsu:UTC",   "tsn:X",      "tDs",      "tiM", "tiD",  "tin",
    "+l",  "+L",  "+s",  "+m",  "+w:2", "+s",    "+l",        "+m",         "+w:0",     "vu",  "?",    "+s",
};

/* What is left of the input, and what has been made of it. */
struct maker {
    const uint8_t *data;
    size_t size;
    void *blocks[NODES_MAX * 12];
    size_t blocks_count;
    size_t nodes;
    int released;
};

static void *block_new(struct maker *maker, size_t bytes) {
    void *block = calloc(1, bytes > 0 ? bytes : 1);
    FUZZ_CHECK(block && maker->blocks_count < COUNT_OF(maker->blocks));
    maker->blocks[maker->blocks_count++] = block;
    return block;
}

static uint8_t next(struct maker *maker) {
    return fuzz_byte(&maker->data, &maker->size);
}

static void *bytes_new(struct maker *maker, size_t bytes, unsigned mask) {
    uint8_t *block = block_new(maker, bytes);
    for (size_t i = 0; i < bytes; i++) {
        block[i] = (uint8_t)(next(maker) & mask);
    }
    return block;
}

/* Mostly rising, sometimes anything from -2 on; never beyond the bytes that a text has. */
static void *offsets_new(struct maker *maker, size_t count, bool large) {
    int64_t *wide = block_new(maker, count * sizeof(int64_t));
    int32_t *narrow = block_new(maker, count * sizeof(int32_t));
    int64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = next(maker);
        at = byte < 240 ? at + byte % 4 : (int64_t)(byte - 242);
        at = at < TEXT_BYTES ? at : TEXT_BYTES;
        wide[i] = at;
        narrow[i] = (int32_t)at;
    }
    return large ? (void *)wide : narrow;
}

static void schema_release(struct ArrowSchema *schema) {
    schema->release = NULL;
}

static void array_release(struct ArrowArray *array) {
    ++*(int *)array->private_data;
    array->release = NULL;
}

static void buffers_make(struct maker *maker, struct ArrowArray *array, struct hw_type type) {
    const size_t slots = (size_t)(array->length + array->offset);
    const void **buffers = block_new(maker, 3 * sizeof(*buffers));
    array->buffers = buffers;
    array->n_buffers = hw_arrow_buffers(type.kind) + (next(maker) == 77);
    if (next(maker) % 3 != 0) {
        buffers[0] = bytes_new(maker, (slots + 7) / 8, 0xff);
    }
    if (hw_kind_is_bytes(type.kind) || type.kind == HW_KIND_LIST || type.kind == HW_KIND_LARGE_LIST ||
        type.kind == HW_KIND_MAP) {
        buffers[1] = offsets_new(maker, slots + 1, hw_kind_is_large(type.kind));
        buffers[2] = bytes_new(maker, TEXT_BYTES, next(maker) % 4 == 0 ? 0xff : 0x7f);
    } else if (hw_arrow_buffers(type.kind) == 2) {
        size_t bytes = type.kind == HW_KIND_BOOL ? (slots + 7) / 8 : slots * hw_type_bytes(type);
        buffers[1] = bytes_new(maker, bytes, next(maker) % 2 == 0 ? 0xff : 0x03);
    }
}

/* A node and all below it; a child is usually as long as its parent needs. */
static void node_make(struct maker *maker, struct ArrowSchema *schema, struct ArrowArray *array, size_t length) {
    const char *format = formats[maker->nodes == 0 ? 38 : next(maker) % COUNT_OF(formats)];
    struct hw_type type = {.kind = HW_KIND_NULL};
    HW_AUTO(hw_arena) arena = {0};
    uint8_t choice = next(maker);
    (void)!hw_arrow_format_read(format, &arena, &type, NULL);
    bool list = type.kind == HW_KIND_LIST || type.kind == HW_KIND_LARGE_LIST || type.kind == HW_KIND_MAP;
    size_t children = type.kind == HW_KIND_STRUCT ? 1 + choice % CHILDREN_MAX : hw_kind_is_flat(type.kind) ? 0 : 1;
    children = maker->nodes + children >= NODES_MAX ? 0 : children;
    maker->nodes += children + (maker->nodes == 0); /* those to come are counted before they are made */
    *schema = (struct ArrowSchema){.format = format, .name = "x", .flags = choice & 7, .release = schema_release};
    *array = (struct ArrowArray){.length = (int64_t)(choice == 200 ? length / 2 : length),
                                 .offset = choice % 5 == 0 ? choice % 11 : 0,
                                 .null_count = choice == 201 ? 1 : -1,
                                 .release = array_release,
                                 .private_data = &maker->released};
    buffers_make(maker, array, type);
    schema->children = block_new(maker, CHILDREN_MAX * sizeof(*schema->children));
    array->children = block_new(maker, CHILDREN_MAX * sizeof(*array->children));
    size_t below = (size_t)(array->length + array->offset);
    below = list ? TEXT_BYTES : type.kind == HW_KIND_FIXED_LIST ? below * type.width : below;
    for (size_t i = 0; i < children; i++) {
        schema->children[i] = block_new(maker, sizeof(*schema));
        array->children[i] = block_new(maker, sizeof(*array));
        node_make(maker, schema->children[i], array->children[i], below);
    }
    schema->n_children = array->n_children = (int64_t)children;
    if (hw_kind_is_integer(type.kind) && choice % 4 == 1 && maker->nodes + 1 < NODES_MAX) {
        maker->nodes++;
        schema->dictionary = block_new(maker, sizeof(*schema));
        array->dictionary = block_new(maker, sizeof(*array));
        node_make(maker, schema->dictionary, array->dictionary, 4);
    }
}

static bool is_refusal(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT || status == HW_EUNSUPPORTED;
}

static enum hw_status rows_write(struct hw_table_writer *writer, const struct hw_batch *batch) {
    struct hw_encoder *encoder;
    struct hw_encoded *encoded;
    HW_TRY(writer->ops->encoder_new(writer, &encoder, NULL));
    enum hw_status status = encoder->ops->add(encoder, batch, NULL);
    if (status == HW_OK) {
        FUZZ_CHECK(encoder->ops->take(encoder, &encoded, NULL) == HW_OK);
        FUZZ_CHECK(writer->ops->append(writer, encoded, NULL) == HW_OK);
        FUZZ_CHECK(writer->ops->finish(writer, NULL) == HW_OK && writer->rows == batch->rows);
    }
    encoder->ops->free(encoder);
    return status;
}

static void batch_write(const struct hw_batch *batch) {
    const struct hw_parquet_options parquet = {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT, .page_rows = 7};
    const struct hw_avro_options avro = {.codec = HW_CODEC_NONE, .level = HW_LEVEL_DEFAULT};
    for (int i = 0; i < 2; i++) {
        struct memory_sink sink = memory_sink(0);
        struct hw_table_writer *writer;
        enum hw_status status = i == 0 ? hw_parquet_writer_new(batch->schema, &parquet, &sink.base, &writer, NULL)
                                       : hw_avro_writer_new(batch->schema, &avro, &sink.base, &writer, NULL);
        if (status == HW_OK) {
            status = rows_write(writer, batch);
            writer->ops->free(writer);
        }
        FUZZ_CHECK(status == HW_OK || is_refusal(status));
        hw_buf_release(&sink.bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct maker maker = {.data = data, .size = size};
    struct ArrowSchema schema, out_schema;
    struct ArrowArray array, out;
    struct hw_batch batch;
    node_make(&maker, &schema, &array, next(&maker) % LENGTH_MAX);
    enum hw_status status = hw_arrow_batch_import(&schema, &array, &batch, NULL);
    FUZZ_CHECK((status == HW_OK) == (array.release == NULL) && (status == HW_OK || is_refusal(status)));
    if (status == HW_OK) {
        batch_write(&batch);
        FUZZ_CHECK(hw_arrow_schema_export(batch.schema, &out_schema, NULL) == HW_OK);
        FUZZ_CHECK(hw_arrow_batch_export(&batch, &out, NULL) == HW_OK);
        hw_batch_release(&batch);
        FUZZ_CHECK(maker.released == 0);
        /* What was taken once is taken again. */
        FUZZ_CHECK(hw_arrow_batch_import(&out_schema, &out, &batch, NULL) == HW_OK);
        out_schema.release(&out_schema);
        hw_batch_release(&batch);
        FUZZ_CHECK(maker.released == 1);
    }
    for (size_t i = 0; i < maker.blocks_count; i++) {
        free(maker.blocks[i]);
    }
    return 0;
}
