/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/file_check.h"

#include <stdio.h>

#include "avro/block_unpack.h"
#include "avro/decode.h"
#include "avro/table_schema.h"
#include "core/count.h"
#include "core/limits.h"

/* A batch is only made to be thrown away. */
#define BATCH_BYTES HW_MIB(1)
enum { BATCH_ROWS = 65536, ZSTD_DESCRIPTOR = 4, ZSTD_CHECKSUM_BIT = 1 << 2, XZ_FLAGS = 7, XZ_CHECK_BITS = 0x0f };

struct check {
    enum hw_verify_level level;
    hw_finding_fn *found;
    void *ctx;
    struct hw_error *err;
    struct hw_packed *input;
    struct hw_avro_head head;
    struct hw_avro_block_reader blocks;
    struct hw_avro_stored block;
    struct hw_avro_unpacker unpacker;
    struct hw_arena arena;
    struct hw_schema schema;
    struct hw_avro_program program;
    struct hw_avro_decoder *decoder;
    struct hw_avro_checked checked;
};

static enum hw_status head_check(struct check *check, bool *out_more);
static enum hw_status decoder_make(struct check *check);
static enum hw_status blocks_check(struct check *check);
static enum hw_status unproved_tell(struct check *check);

static enum hw_status check_run(struct check *check) {
    bool more = true;
    HW_TRY(head_check(check, &more));
    if (!more || check->level == HW_VERIFY_FOOTER) {
        return HW_OK;
    }
    HW_TRY(decoder_make(check));
    HW_TRY(blocks_check(check));
    return unproved_tell(check);
}

enum hw_status hw_avro_file_check(struct hw_packed *input, enum hw_verify_level level, hw_finding_fn *found, void *ctx,
                                  struct hw_avro_checked *out_checked, struct hw_error *err) {
    struct check check = {.level = level, .found = found, .ctx = ctx, .err = err, .input = input};
    const enum hw_status status = check_run(&check);
    hw_avro_decoder_free(check.decoder);
    hw_avro_program_release(&check.program);
    hw_arena_release(&check.arena);
    hw_avro_unpacker_release(&check.unpacker);
    hw_avro_stored_release(&check.block);
    hw_avro_head_release(&check.head);
    check.checked.bytes = hw_packed_offset(input);
    *out_checked = check.checked;
    return status;
}

/* A failure that says that the file is wrong is a finding; others are those of the check. */
static bool is_finding(enum hw_status status) {
    return status == HW_EDATA || status == HW_ELIMIT;
}

static enum hw_status error_tell(struct check *check, enum hw_verify_level level, const char *code, int64_t block,
                                 const struct hw_error *error) {
    const struct hw_finding finding = {
        .level = level,
        .severity = HW_SEVERITY_ERROR,
        .code = code,
        .message = error->message,
        .row_group = -1,
        .column = error->column[0] ? error->column : NULL,
        .page = block,
        .offset = error->offset,
    };
    return check->found(check->ctx, &finding, check->err);
}

/* ------ header */

static enum hw_status head_check(struct check *check, bool *out_more) {
    static const char *const codes[] = {
        [HW_AVRO_HEAD_FRAME] = "avro.header",
        [HW_AVRO_HEAD_SCHEMA] = "avro.schema",
        [HW_AVRO_HEAD_CODEC] = "avro.codec",
    };
    struct hw_error fault = HW_ERROR_INIT;
    const enum hw_status status = hw_avro_head_read(&check->head, check->input, &fault);
    const bool codec = status == HW_EUNSUPPORTED && check->head.part == HW_AVRO_HEAD_CODEC;
    *out_more = status == HW_OK;
    if (is_finding(status) || codec) {
        HW_TRY(error_tell(check, HW_VERIFY_FOOTER, codes[check->head.part], -1, &fault));
    }
    return status == HW_OK || is_finding(status) ? HW_OK : hw_error_pass(check->err, status, &fault);
}

static enum hw_status decoder_make(struct check *check) {
    const struct hw_avro_type *root = check->head.schema.root;
    const struct hw_avro_batch_size size = {BATCH_ROWS, BATCH_BYTES};
    check->blocks = (struct hw_avro_block_reader){.head = &check->head, .input = check->input};
    HW_TRY(hw_avro_table_schema(root, &check->arena, &check->schema, check->err));
    HW_TRY(hw_avro_program_make(&check->program, root, root, &check->schema, check->err));
    return hw_avro_decoder_new(&check->program, size, &check->decoder, check->err);
}

/* ------ blocks */

static enum hw_status block_check(struct check *check);

static enum hw_status blocks_check(struct check *check) {
    for (;;) {
        struct hw_error fault = HW_ERROR_INIT;
        bool more = false;
        const enum hw_status status = hw_avro_block_next(&check->blocks, &check->block, &more, &fault);
        if (is_finding(status)) {
            const char *code = check->blocks.sync_differs ? "avro.sync" : "avro.block";
            return error_tell(check, HW_VERIFY_PAGES, code, (int64_t)check->block.number, &fault);
        }
        if (status != HW_OK) {
            return hw_error_pass(check->err, status, &fault);
        }
        if (!more) {
            return HW_OK;
        }
        check->checked.blocks++;
        check->checked.rows += check->block.count;
        HW_TRY(block_check(check));
    }
}

/* Returns whether something in the block proves its bytes, once it is unpacked. */
static bool block_proves(const struct check *check) {
    const struct hw_buf *data = &check->block.data;
    switch (check->head.codec) {
    case HW_AVRO_CODEC_NULL:
        return data->size == 0;
    case HW_AVRO_CODEC_DEFLATE:
        return check->unpacker.trailed;
    case HW_AVRO_CODEC_ZSTANDARD:
        return data->size > ZSTD_DESCRIPTOR && (data->data[ZSTD_DESCRIPTOR] & ZSTD_CHECKSUM_BIT) != 0;
    case HW_AVRO_CODEC_XZ:
        return data->size > XZ_FLAGS && (data->data[XZ_FLAGS] & XZ_CHECK_BITS) != 0;
    default:
        return true;
    }
}

static enum hw_status items_decode(struct check *check, struct hw_error *fault);

/* Unpacks a block, and decodes it where values are looked at. */
static enum hw_status block_check(struct check *check) {
    struct hw_error fault = HW_ERROR_INIT;
    hw_view bytes = {0};
    const char *code = "avro.decompress";
    enum hw_verify_level level = HW_VERIFY_PAGES;
    enum hw_status status = hw_avro_unpack(&check->unpacker, check->head.codec, &check->block, &bytes, &fault);
    if (status == HW_OK) {
        code = "avro.block";
        check->checked.unproved += !block_proves(check);
        status = hw_avro_decoder_begin(check->decoder, bytes, check->block.count, &fault);
    } else if (check->unpacker.checksum_differs) {
        code = "avro.checksum";
    }
    if (status == HW_OK && check->level == HW_VERIFY_VALUES) {
        code = "avro.value";
        level = HW_VERIFY_VALUES;
        status = items_decode(check, &fault);
    }
    if (status != HW_OK) {
        hw_avro_block_error(&check->block, check->head.codec, &fault);
    }
    if (is_finding(status)) {
        return error_tell(check, level, code, (int64_t)check->block.number, &fault);
    }
    return status == HW_OK ? HW_OK : hw_error_pass(check->err, status, &fault);
}

static enum hw_status items_decode(struct check *check, struct hw_error *fault) {
    enum hw_status status = HW_OK;
    bool full = true;
    while (status == HW_OK && full) {
        status = hw_avro_decoder_run(check->decoder, &full, fault);
        hw_avro_decoder_clear(check->decoder, HW_AVRO_UNPACKED_BYTES_MAX);
    }
    return status;
}

static enum hw_status unproved_tell(struct check *check) {
    char message[128];
    if (check->checked.unproved == 0) {
        return HW_OK;
    }
    snprintf(message, sizeof(message), "%s of %" PRIu64 " %s nothing that proves the bytes (codec %s)",
             HW_COUNT(check->checked.unproved, "block"), check->checked.blocks,
             hw_plural(check->checked.unproved, "has", "have"), hw_avro_codec_name(check->head.codec));
    const struct hw_finding finding = {
        .level = HW_VERIFY_PAGES,
        .severity = HW_SEVERITY_INFO,
        .code = "avro.unproved",
        .message = message,
        .row_group = -1,
        .page = -1,
        .offset = -1,
    };
    return check->found(check->ctx, &finding, check->err);
}
