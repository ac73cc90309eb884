/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/file_head.h"

#include "avro/input.h"
#include "core/limits.h"
#include "core/utf8.h"

static const char *const codec_names[HW_AVRO_CODECS] = {
    [HW_AVRO_CODEC_NULL] = "null",           [HW_AVRO_CODEC_DEFLATE] = "deflate", [HW_AVRO_CODEC_SNAPPY] = "snappy",
    [HW_AVRO_CODEC_ZSTANDARD] = "zstandard", [HW_AVRO_CODEC_BZIP2] = "bzip2",     [HW_AVRO_CODEC_XZ] = "xz",
};

static const uint8_t magic[HW_AVRO_MAGIC_BYTES] = {'O', 'b', 'j', 1};

const char *hw_avro_codec_name(enum hw_avro_codec codec) {
    return codec_names[codec];
}

bool hw_avro_magic(const void *data, size_t bytes) {
    return bytes >= sizeof(magic) && memcmp(data, magic, sizeof(magic)) == 0;
}

static enum hw_status magic_read(struct hw_packed *input, struct hw_error *err);
static enum hw_status metadata_read(struct hw_avro_head *head, struct hw_packed *input, struct hw_error *err);
static enum hw_status schema_find(struct hw_avro_head *head, struct hw_error *err);
static enum hw_status codec_find(struct hw_avro_head *head, struct hw_error *err);

enum hw_status hw_avro_head_read(struct hw_avro_head *head, struct hw_packed *input, struct hw_error *err) {
    head->part = HW_AVRO_HEAD_FRAME;
    HW_TRY(magic_read(input, err));
    HW_TRY(metadata_read(head, input, err));
    HW_TRY(hw_avro_input_bytes(input, "the sync marker of the header", head->sync, sizeof(head->sync), err));
    head->bytes = hw_packed_offset(input);
    head->part = HW_AVRO_HEAD_CODEC;
    HW_TRY(codec_find(head, err));
    head->part = HW_AVRO_HEAD_SCHEMA;
    return schema_find(head, err);
}

void hw_avro_head_release(struct hw_avro_head *head) {
    hw_avro_schema_tree_release(&head->schema);
    hw_arena_release(&head->arena);
    *head = (struct hw_avro_head){0};
}

static enum hw_status magic_read(struct hw_packed *input, struct hw_error *err) {
    HW_TRY(hw_packed_peek(input, sizeof(magic), err));
    const size_t left = hw_packed_left(input);
    if (left >= sizeof(magic) && memcmp(hw_packed_next(input), magic, 3) == 0 && hw_packed_next(input)[3] == 0) {
        return hw_fail_at(err, HW_EUNSUPPORTED, 0, "the file is of a version of Avro before 1.3, which nobody reads");
    }
    if (left == 0 || !hw_avro_magic(hw_packed_next(input), left)) {
        return hw_fail_at(err, HW_EDATA, 0, "the file does not begin as Avro files do (Obj and a byte of 1)");
    }
    input->at += sizeof(magic);
    return HW_OK;
}

/* ------ metadata: a map of bytes */

struct pairs_reader {
    struct hw_avro_head *head;
    struct hw_packed *input;
    struct hw_error *err;
    /* struct hw_key_value */
    struct hw_buf pairs;
};

static enum hw_status blocks_read(struct pairs_reader *reader);

static enum hw_status metadata_read(struct hw_avro_head *head, struct hw_packed *input, struct hw_error *err) {
    struct pairs_reader reader = {head, input, err, {0}};
    enum hw_status status = blocks_read(&reader);
    struct hw_key_value *pairs = NULL;
    if (status == HW_OK) {
        pairs = hw_arena_alloc(&head->arena, reader.pairs.size);
        status = pairs ? HW_OK : hw_fail_nomem(err, reader.pairs.size);
    }
    if (status == HW_OK) {
        if (reader.pairs.size > 0) {
            memcpy(pairs, reader.pairs.data, reader.pairs.size);
        }
        head->metadata = pairs;
        head->metadata_count = reader.pairs.size / sizeof(*pairs);
    }
    hw_buf_release(&reader.pairs);
    return status;
}

static enum hw_status pair_read(struct pairs_reader *reader);

/* A negative count says that the bytes of the block stand behind it ("Maps"). */
static enum hw_status blocks_read(struct pairs_reader *reader) {
    for (;;) {
        int64_t count = 0;
        int64_t bytes = 0;
        HW_TRY(hw_avro_input_long(reader->input, "the metadata of the header", &count, reader->err));
        if (count < 0) {
            HW_TRY(hw_avro_input_long(reader->input, "the metadata of the header", &bytes, reader->err));
        }
        if (count == 0) {
            return HW_OK;
        }
        /* Each pair takes bytes, so the limit of the header bounds the loop. */
        for (uint64_t i = count < 0 ? 0 - (uint64_t)count : (uint64_t)count; i > 0; i--) {
            HW_TRY(pair_read(reader));
        }
    }
}

static enum hw_status text_read(struct pairs_reader *reader, const char **out_text, size_t *out_bytes);

static enum hw_status pair_read(struct pairs_reader *reader) {
    struct hw_key_value pair = {0};
    size_t key_bytes = 0;
    const uint64_t offset = hw_packed_offset(reader->input);
    HW_TRY(text_read(reader, &pair.key, &key_bytes));
    if (!hw_utf8_all(pair.key, key_bytes) || strlen(pair.key) != key_bytes) {
        return hw_fail_at(reader->err, HW_EDATA, offset, "a key of the header's metadata is no text");
    }
    HW_TRY(text_read(reader, &pair.value, &pair.value_bytes));
    return hw_buf_append(&reader->pairs, &pair, sizeof(pair), reader->err);
}

static enum hw_status text_read(struct pairs_reader *reader, const char **out_text, size_t *out_bytes) {
    const uint64_t offset = hw_packed_offset(reader->input);
    HW_AUTO(hw_buf) text = {0};
    int64_t bytes = 0;
    HW_TRY(hw_avro_input_long(reader->input, "the metadata of the header", &bytes, reader->err));
    if (bytes < 0) {
        return hw_fail_at(reader->err, HW_EDATA, offset, "a text of %" PRId64 " bytes in the header's metadata", bytes);
    }
    if (offset > HW_AVRO_HEAD_BYTES_MAX || (uint64_t)bytes > HW_AVRO_HEAD_BYTES_MAX - offset) {
        return hw_fail_at(reader->err, HW_ELIMIT, offset, "the header has more than %" PRIu64 " MiB",
                          HW_AVRO_HEAD_BYTES_MAX >> 20);
    }
    HW_TRY(hw_avro_input_buf(reader->input, "the metadata of the header", &text, (size_t)bytes, reader->err));
    char *copy = hw_arena_strndup(&reader->head->arena, hw_buf_view(&text).data, text.size);
    if (!copy) {
        return hw_fail_nomem(reader->err, text.size);
    }
    *out_text = copy;
    *out_bytes = text.size;
    return HW_OK;
}

/* ------ Avro's own keys */

static const struct hw_key_value *pair_find(const struct hw_avro_head *head, const char *key) {
    for (size_t i = 0; i < head->metadata_count; i++) {
        if (strcmp(head->metadata[i].key, key) == 0) {
            return &head->metadata[i];
        }
    }
    return NULL;
}

static enum hw_status schema_find(struct hw_avro_head *head, struct hw_error *err) {
    const struct hw_key_value *pair = pair_find(head, "avro.schema");
    if (!pair) {
        return hw_fail(err, HW_EDATA, "the header has no avro.schema");
    }
    head->schema_text = (hw_view){pair->value, pair->value_bytes};
    return hw_avro_schema_read(&head->schema, head->schema_text, err);
}

/* Where there is no codec it is null. */
static enum hw_status codec_find(struct hw_avro_head *head, struct hw_error *err) {
    const struct hw_key_value *pair = pair_find(head, "avro.codec");
    char quoted[HW_QUOTE_BYTES];
    const hw_view name = pair ? (hw_view){pair->value, pair->value_bytes} : HW_VIEW("null");
    for (int codec = 0; codec < HW_AVRO_CODECS; codec++) {
        if (hw_view_equal(name, hw_view_of(codec_names[codec]))) {
            head->codec = (enum hw_avro_codec)codec;
            return HW_OK;
        }
    }
    return hw_fail(err, HW_EUNSUPPORTED, "the codec %s is not known",
                   hw_quote(name.data, name.size, quoted, sizeof(quoted)));
}
