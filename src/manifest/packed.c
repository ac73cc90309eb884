/* SPDX-License-Identifier: Apache-2.0 */
#include "manifest/packed.h"

#include <stdio.h>

#include "codec/checksum.h"
#include "codec/checksum_sha256.h"
#include "codec/compression.h"
#include "codec/unpack.h"
#include "core/alloc.h"
#include "core/bytes_text.h"
#include "core/io.h"
#include "core/json_write.h"
#include "core/temp_file.h"
#include "manifest/manifest_read.h"
#include "manifest/manifest_write.h"

enum { FRAME_BYTES = 1 << 20, COPY_BYTES = 256 << 10 };

void hw_manifest_packed_release(struct hw_manifest_packed *packed) {
    if (packed->open) {
        hw_io()->close(packed->fd);
    }
    *packed = (struct hw_manifest_packed){0};
}

/* ------ packing */

struct packer {
    struct hw_manifest_packed *packed;
    struct hw_compressor *compressor;
    struct hw_sha256 sha;
    struct hw_buf lines; /* of the next frame */
    struct hw_buf frame;
};

/* Every frame stands for itself, so what comes out rests on the lines alone. */
static enum hw_status frame_write(struct packer *packer, struct hw_error *err) {
    size_t bytes;
    if (packer->lines.size == 0) {
        return HW_OK;
    }
    HW_TRY(hw_buf_resize(&packer->frame, hw_compressor_bound(packer->compressor, packer->lines.size), err));
    HW_TRY(hw_compressor_run(packer->compressor, packer->lines.data, packer->lines.size, packer->frame.data,
                             packer->frame.size, &bytes, err));
    HW_TRY(hw_temp_file_told(hw_io_write_all(packer->packed->fd, packer->frame.data, bytes, err), err));
    hw_sha256_update(&packer->sha, packer->frame.data, bytes);
    packer->packed->ref.bytes += bytes;
    hw_buf_clear(&packer->lines);
    return HW_OK;
}

static enum hw_status entries_pack(struct packer *packer, struct hw_manifest_merge *merge, struct hw_error *err) {
    const struct hw_manifest_entry *entry;
    for (;;) {
        HW_TRY(hw_manifest_merge_next(merge, &entry, err));
        if (!entry) {
            return frame_write(packer, err);
        }
        struct hw_json_writer json = {.out = &packer->lines, .style = HW_JSON_COMPACT};
        hw_manifest_entry_write(&json, entry);
        HW_TRY(hw_json_end_text(&json, err));
        packer->packed->ref.count++;
        if (packer->lines.size >= FRAME_BYTES) {
            HW_TRY(frame_write(packer, err));
        }
    }
}

enum hw_status hw_manifest_pack(struct hw_manifest_merge *merge, struct hw_manifest_packed *packed,
                                struct hw_error *err) {
    struct packer packer = {.packed = packed};
    char hex[HW_SHA256_HEX_BYTES];
    HW_TRY(hw_temp_file_open(&packed->fd, err));
    packed->open = true;
    HW_TRY(hw_compressor_new(HW_CODEC_ZSTD, HW_LEVEL_DEFAULT, &packer.compressor, err));
    enum hw_status status = hw_sha256_init(&packer.sha) ? HW_OK : hw_fail_nomem(err, sizeof(packer.sha));
    if (status == HW_OK) {
        status = entries_pack(&packer, merge, err);
        hw_sha256_finish(&packer.sha, packed->ref.sha256);
    }
    hw_sha256_release(&packer.sha);
    hw_compressor_free(packer.compressor);
    hw_buf_release(&packer.lines);
    hw_buf_release(&packer.frame);
    hw_hex(packed->ref.sha256, sizeof(packed->ref.sha256), hex);
    snprintf(packed->ref.name, sizeof(packed->ref.name), HW_MANIFEST_REF_FORMAT, hex);
    return status;
}

enum hw_status hw_manifest_packed_copy(const struct hw_manifest_packed *packed, struct hw_sink *sink,
                                       struct hw_error *err) {
    uint8_t *block = hw_alloc(COPY_BYTES);
    enum hw_status status = block ? HW_OK : hw_fail_nomem(err, COPY_BYTES);
    for (uint64_t at = 0; status == HW_OK && at < packed->ref.bytes;) {
        const size_t bytes = (size_t)hw_min_size(packed->ref.bytes - at, COPY_BYTES);
        status = hw_io_pread_all(packed->fd, block, bytes, at, err);
        if (status == HW_OK) {
            status = sink->ops->write(sink, block, bytes, err);
        }
        at += bytes;
    }
    hw_free(block);
    return status;
}

enum hw_status hw_manifest_packed_refer(const struct hw_manifest_packed *packed, struct hw_sink *sink,
                                        struct hw_error *err) {
    HW_AUTO(hw_buf) text = {0};
    struct hw_json_writer json = {.out = &text, .sink = sink};
    char hex[HW_SHA256_HEX_BYTES];
    hw_hex(packed->ref.sha256, sizeof(packed->ref.sha256), hex);
    hw_json_object_begin(&json, NULL);
    hw_json_number(&json, "hawser_manifest", HW_MANIFEST_VERSION_PACKED);
    hw_json_object_begin(&json, "files_ref");
    hw_json_text(&json, "path", packed->ref.name);
    hw_json_text(&json, "sha256", hex);
    hw_json_count(&json, "size", packed->ref.bytes);
    hw_json_count(&json, "objects", packed->ref.count);
    hw_json_object_end(&json);
    hw_json_object_end(&json);
    return hw_json_end_text(&json, err);
}

/* ------ unpacking */

/* A source whose bytes are summed as they are read, from its beginning to its end. */
struct summed_source {
    struct hw_source base;
    struct hw_source *from;
    struct hw_sha256 sha;
    uint64_t at;
};

static enum hw_status summed_read_at(struct hw_source *base, uint64_t offset, void *data, size_t bytes,
                                     struct hw_error *err) {
    struct summed_source *source = (struct summed_source *)base;
    HW_TRY(source->from->ops->read_at(source->from, offset, data, bytes, err));
    if (offset == source->at) {
        hw_sha256_update(&source->sha, data, bytes);
        source->at += bytes;
    }
    return HW_OK;
}

static enum hw_status entries_unpack(struct hw_source *source, struct hw_manifest *manifest, struct hw_error *err) {
    struct hw_stream *stream;
    HW_TRY(hw_unpack_open(source, HW_PACKING_ZSTD, NULL, &stream, err));
    enum hw_status status = hw_manifest_load_lines(stream, manifest, err);
    stream->ops->close(stream);
    return status;
}

enum hw_status hw_manifest_unpack(struct hw_source *source, struct hw_manifest *manifest, struct hw_error *err) {
    static const struct hw_source_ops ops = {.read_at = summed_read_at};
    struct summed_source summed = {.base = *source, .from = source};
    uint8_t digest[HW_SHA256_BYTES];
    summed.base.ops = &ops;
    if (!hw_sha256_init(&summed.sha)) {
        return hw_fail_nomem(err, sizeof(summed.sha));
    }
    enum hw_status status = entries_unpack(&summed.base, manifest, err);
    hw_sha256_finish(&summed.sha, digest);
    hw_sha256_release(&summed.sha);
    HW_TRY(status);
    const struct hw_manifest_ref *ref = &manifest->ref;
    const bool whole = summed.at == source->size && source->size == ref->bytes && manifest->put == ref->count;
    if (!whole || memcmp(digest, ref->sha256, sizeof(digest)) != 0) {
        return hw_fail(err, HW_EDATA, "it is not a manifest: its files in %s are not those that it names", ref->name);
    }
    return hw_manifest_seal(manifest, err);
}
