/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZIP, whose directory libzip reads from a source. It believes the directory's counts and sizes
 * when it allocates; so the count is looked at before it sees the archive, and what it may read to
 * open one has a limit. Members are stored or deflated; their bytes do not pass through libzip,
 * which inflates a quarter as fast as ISA-L.
 */
#include "codec/unpack_zip.h"

#include <zip.h>

#include "codec/checksum.h"
#include "codec/inflate.h"
#include "core/alloc.h"
#include "core/buf.h"
#include "core/count.h"
#include "core/limits.h"

/* APPNOTE 4.3.14 to 4.3.16. */
enum {
    END_BYTES = 22,
    COMMENT_BYTES_MAX = 65535,
    END64_LOCATOR_BYTES = 20,
    END64_LOCATOR_AT_OFFSET = 8,
    END64_BYTES = 56,
    END64_AT_COUNT = 32,
    END_SIGNATURE = 0x06054b50,
    END64_LOCATOR_SIGNATURE = 0x07064b50,
    END64_SIGNATURE = 0x06064b50,
    TAIL_BYTES_MAX = END64_LOCATOR_BYTES + END_BYTES + COMMENT_BYTES_MAX,
};

struct hw_zip {
    struct hw_packed packed;
    zip_t *archive;
    struct hw_zip_member *members;
    zip_uint64_t *indexes; /* of the members in libzip's directory */
    size_t count;
    uint64_t unread; /* bytes that libzip may still ask for while it opens the archive */
    bool opening;
    bool member_open;
    struct hw_error fault; /* of the source, HW_OK for none: libzip cannot carry it */
    zip_error_t zip_error;
};

struct zip_stream {
    struct hw_stream base;
    struct hw_zip *zip;
    const struct hw_zip_member *member;
    bool deflated;
    struct inflate_state inflate;
    uint64_t unpacked; /* bytes so far, and their CRC */
    uint32_t crc32;
    bool failed;
};

static enum hw_status count_check(struct hw_zip *zip, struct hw_error *err);
static enum hw_status end64_check(struct hw_zip *zip, uint64_t offset, struct hw_error *err);
static enum hw_status archive_open(struct hw_zip *zip, struct hw_error *err);
static enum hw_status members_list(struct hw_zip *zip, struct hw_error *err);
static enum hw_status member_add(struct hw_zip *zip, zip_uint64_t index, uint64_t *packed_bytes, struct hw_error *err);
static zip_int64_t source_serve(void *ctx, void *data, zip_uint64_t bytes, zip_source_cmd_t command);
static zip_int64_t source_read(struct hw_zip *zip, void *data, uint64_t bytes);
static zip_int64_t source_seek(struct hw_zip *zip, void *data, uint64_t bytes);
static zip_int64_t source_stat(struct hw_zip *zip, void *data, uint64_t bytes);
static enum hw_status member_find(struct hw_zip *zip, size_t index, bool *out_deflated, struct hw_error *err);
static enum hw_status method_check(const zip_stat_t *stat, struct hw_error *err);
static enum hw_status data_find(struct hw_zip *zip, size_t index, uint64_t packed_bytes, uint64_t *out_at,
                                struct hw_error *err);
static enum hw_status member_stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                         struct hw_error *err);
static enum hw_status member_read(struct zip_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err);
static enum hw_status member_unpack(struct zip_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                    bool *out_end, struct hw_error *err);
static void member_stream_close(struct hw_stream *base);
static void member_name(struct hw_zip *zip, const struct hw_zip_member *member, struct hw_error *err);
static enum hw_status zip_fail(struct hw_zip *zip, zip_error_t *zip_error, struct hw_error *err);

static const struct hw_stream_ops member_stream_ops = {member_stream_read, member_stream_close};

enum hw_status hw_zip_open(struct hw_source *source, struct hw_zip **out_zip, struct hw_error *err) {
    return hw_zip_open_blocks(source, 0, out_zip, err);
}

enum hw_status hw_zip_open_blocks(struct hw_source *source, size_t block_bytes, struct hw_zip **out_zip,
                                  struct hw_error *err) {
    struct hw_zip *zip = hw_alloc_zero(1, sizeof(*zip));
    if (!zip) {
        return hw_fail_nomem(err, sizeof(*zip));
    }
    zip_error_init(&zip->zip_error);
    enum hw_status status = hw_packed_init(&zip->packed, source, block_bytes, err);
    if (status == HW_OK) {
        status = count_check(zip, err);
    }
    if (status == HW_OK) {
        status = archive_open(zip, err);
    }
    if (status == HW_OK) {
        status = members_list(zip, err);
    }
    if (status != HW_OK) {
        hw_error_object(err, source->name);
        hw_zip_close(zip);
        return status;
    }
    *out_zip = zip;
    return HW_OK;
}

/*
 * Only Zip64 can state more members than HW_ZIP_MEMBERS_MAX. The end record may stand anywhere in
 * the tail (its comment's length is not to be trusted), so every Zip64 locator before something
 * like an end record counts.
 */
static enum hw_status count_check(struct hw_zip *zip, struct hw_error *err) {
    HW_AUTO(hw_buf) tail = {0};
    uint64_t size = zip->packed.source->size;

    if (size < END_BYTES) {
        return hw_fail(err, HW_EDATA, "zip: a ZIP is longer than %s", HW_COUNT(size, "byte"));
    }
    HW_TRY(hw_buf_resize(&tail, size < TAIL_BYTES_MAX ? (size_t)size : TAIL_BYTES_MAX, err));
    hw_packed_seek(&zip->packed, size - tail.size);
    HW_TRY(hw_packed_read(&zip->packed, tail.data, tail.size, &tail.size, err));
    for (size_t at = 0; at + END64_LOCATOR_BYTES + END_BYTES <= tail.size; at++) {
        const uint8_t *locator = tail.data + at;
        if (hw_load_le32(locator) == END64_LOCATOR_SIGNATURE &&
            hw_load_le32(locator + END64_LOCATOR_BYTES) == END_SIGNATURE) {
            HW_TRY(end64_check(zip, hw_load_le64(locator + END64_LOCATOR_AT_OFFSET), err));
        }
    }
    return HW_OK;
}

static enum hw_status end64_check(struct hw_zip *zip, uint64_t offset, struct hw_error *err) {
    uint8_t end[END64_BYTES];
    uint64_t size = zip->packed.source->size;
    size_t got;

    if (size < sizeof(end) || offset > size - sizeof(end)) {
        return HW_OK; /* another archive's locator, or one that libzip will not believe either */
    }
    hw_packed_seek(&zip->packed, offset);
    HW_TRY(hw_packed_read(&zip->packed, end, sizeof(end), &got, err));
    uint64_t count = hw_load_le64(end + END64_AT_COUNT);
    if (hw_load_le32(end) == END64_SIGNATURE && count > HW_ZIP_MEMBERS_MAX) {
        return hw_fail_at(err, HW_ELIMIT, offset, "zip: %" PRIu64 " members are more than %u", count,
                          HW_ZIP_MEMBERS_MAX);
    }
    return HW_OK;
}

static enum hw_status archive_open(struct hw_zip *zip, struct hw_error *err) {
    zip_error_t zip_error;
    zip_error_init(&zip_error);

    zip->opening = true;
    zip->unread = HW_ZIP_DIRECTORY_BYTES_MAX + TAIL_BYTES_MAX;
    zip_source_t *source = zip_source_function_create(source_serve, zip, &zip_error);
    if (source) {
        zip->archive = zip_open_from_source(source, ZIP_RDONLY, &zip_error);
    }
    zip->opening = false;
    enum hw_status status = HW_OK;
    if (!zip->archive) {
        status = zip_fail(zip, &zip_error, err);
        zip_source_free(source);
    }
    zip_error_fini(&zip_error);
    return status;
}

static enum hw_status members_list(struct hw_zip *zip, struct hw_error *err) {
    zip_int64_t entries = zip_get_num_entries(zip->archive, 0);
    uint64_t packed_bytes = 0;

    if (entries > (zip_int64_t)HW_ZIP_MEMBERS_MAX) {
        return hw_fail(err, HW_ELIMIT, "zip: %" PRId64 " members are more than %u", (int64_t)entries,
                       HW_ZIP_MEMBERS_MAX);
    }
    zip->members = hw_alloc_zero((size_t)entries, sizeof(*zip->members));
    zip->indexes = hw_alloc_zero((size_t)entries, sizeof(*zip->indexes));
    if (!zip->members || !zip->indexes) {
        return hw_fail_nomem(err, (size_t)entries * sizeof(*zip->members));
    }
    for (zip_int64_t i = 0; i < entries; i++) {
        HW_TRY(member_add(zip, (zip_uint64_t)i, &packed_bytes, err));
    }
    /*
     * More than the archive has: members share bytes, which is how a small archive makes a flood.
     */
    if (packed_bytes > zip->packed.source->size) {
        return hw_fail(err, HW_EDATA, "zip: the members share bytes: they have %" PRIu64 ", the archive %" PRIu64,
                       packed_bytes, zip->packed.source->size);
    }
    return HW_OK;
}

static enum hw_status member_add(struct hw_zip *zip, zip_uint64_t index, uint64_t *packed_bytes, struct hw_error *err) {
    const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_CRC;
    zip_stat_t stat;

    if (zip_stat_index(zip->archive, index, 0, &stat) != 0) {
        return zip_fail(zip, zip_get_error(zip->archive), err);
    }
    if ((stat.valid & needed) != needed || !hw_add(*packed_bytes, stat.comp_size, packed_bytes)) {
        return hw_fail(err, HW_EDATA, "zip: the directory's entry %" PRIu64 " is not complete", (uint64_t)index);
    }
    size_t name_bytes = strlen(stat.name);
    if (name_bytes > 0 && stat.name[name_bytes - 1] == '/') {
        return HW_OK; /* a directory */
    }
    zip->indexes[zip->count] = index;
    zip->members[zip->count++] = (struct hw_zip_member){stat.name, stat.size, stat.crc};
    return HW_OK;
}

size_t hw_zip_count(const struct hw_zip *zip) {
    return zip->count;
}

const struct hw_zip_member *hw_zip_member(const struct hw_zip *zip, size_t index) {
    assert(index < zip->count);
    return &zip->members[index];
}

void hw_zip_close(struct hw_zip *zip) {
    if (!zip) {
        return;
    }
    assert(!zip->member_open);
    if (zip->archive) {
        zip_discard(zip->archive);
    }
    zip_error_fini(&zip->zip_error);
    hw_packed_release(&zip->packed);
    hw_free(zip->members);
    hw_free(zip->indexes);
    hw_free(zip);
}

/* What libzip asks of a source; -1 for a failure, whose reason it asks for next. */
static zip_int64_t source_serve(void *ctx, void *data, zip_uint64_t bytes, zip_source_cmd_t command) {
    struct hw_zip *zip = ctx;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        hw_packed_seek(&zip->packed, 0);
        return 0;
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_READ:
        return source_read(zip, data, bytes);
    case ZIP_SOURCE_SEEK:
        return source_seek(zip, data, bytes);
    case ZIP_SOURCE_TELL:
        return (zip_int64_t)hw_packed_offset(&zip->packed);
    case ZIP_SOURCE_STAT:
        return source_stat(zip, data, bytes);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&zip->zip_error, data, bytes);
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                              ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
                                              ZIP_SOURCE_SUPPORTS, -1);
    default:
        zip_error_set(&zip->zip_error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

static zip_int64_t source_read(struct hw_zip *zip, void *data, uint64_t bytes) {
    size_t got = 0;
    enum hw_status status;

    if (zip->opening && bytes > zip->unread) {
        status = hw_fail(&zip->fault, HW_ELIMIT, "zip: the directory has more than %" PRIu64 " MiB",
                         HW_ZIP_DIRECTORY_BYTES_MAX >> 20);
    } else {
        status = hw_packed_read(&zip->packed, data, bytes, &got, &zip->fault);
    }
    if (status != HW_OK) {
        zip_error_set(&zip->zip_error, ZIP_ER_READ, 0);
        return -1;
    }
    zip->unread -= zip->opening ? got : 0;
    return (zip_int64_t)got;
}

static zip_int64_t source_seek(struct hw_zip *zip, void *data, uint64_t bytes) {
    zip_int64_t offset = zip_source_seek_compute_offset(hw_packed_offset(&zip->packed), zip->packed.source->size, data,
                                                        bytes, &zip->zip_error);
    if (offset < 0) {
        return -1;
    }
    hw_packed_seek(&zip->packed, (uint64_t)offset);
    return 0;
}

static zip_int64_t source_stat(struct hw_zip *zip, void *data, uint64_t bytes) {
    zip_stat_t *stat = data;
    if (bytes < sizeof(*stat)) {
        zip_error_set(&zip->zip_error, ZIP_ER_INVAL, 0);
        return -1;
    }
    zip_stat_init(stat);
    stat->size = zip->packed.source->size;
    stat->valid = ZIP_STAT_SIZE;
    return sizeof(*stat);
}

enum hw_status hw_zip_member_open(struct hw_zip *zip, size_t index, struct hw_stream **out_stream,
                                  struct hw_error *err) {
    assert(index < zip->count && !zip->member_open);
    const struct hw_zip_member *member = &zip->members[index];

    struct zip_stream *stream = hw_alloc_zero(1, sizeof(*stream));
    if (!stream) {
        return hw_fail_nomem(err, sizeof(*stream));
    }
    enum hw_status status = member_find(zip, index, &stream->deflated, err);
    if (status != HW_OK) {
        hw_free(stream);
        member_name(zip, member, err);
        return status;
    }
    stream->base.ops = &member_stream_ops;
    stream->zip = zip;
    stream->member = member;
    isal_inflate_init(&stream->inflate);
    zip->member_open = true;
    *out_stream = &stream->base;
    return HW_OK;
}

/* Makes the packed bytes those of the member. */
static enum hw_status member_find(struct hw_zip *zip, size_t index, bool *out_deflated, struct hw_error *err) {
    zip_stat_t stat;
    uint64_t at = 0;

    if (zip_stat_index(zip->archive, zip->indexes[index], 0, &stat) != 0) {
        return zip_fail(zip, zip_get_error(zip->archive), err);
    }
    HW_TRY(method_check(&stat, err));
    HW_TRY(data_find(zip, index, stat.comp_size, &at, err));
    uint64_t archive_bytes = zip->packed.source->size;
    if (stat.comp_size > archive_bytes - at) {
        return hw_fail_at(err, HW_EDATA, at, "zip: a member of %s reaches beyond the archive's end",
                          HW_COUNT(stat.comp_size, "byte"));
    }
    hw_packed_seek(&zip->packed, at);
    hw_packed_end_at(&zip->packed, at + stat.comp_size);
    *out_deflated = stat.comp_method == ZIP_CM_DEFLATE;
    return HW_OK;
}

static enum hw_status method_check(const zip_stat_t *stat, struct hw_error *err) {
    if (!(stat->valid & ZIP_STAT_ENCRYPTION_METHOD) || stat->encryption_method != ZIP_EM_NONE) {
        return hw_fail(err, HW_EDATA, "zip: encrypted");
    }
    if (!(stat->valid & ZIP_STAT_COMP_METHOD) ||
        (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)) {
        return hw_fail(err, HW_EDATA, "zip: packed by method %u, known are 0 (stored) and 8 (deflate)",
                       (unsigned)stat->comp_method);
    }
    return HW_OK;
}

/*
 * libzip knows where a member's data begins but does not tell; so it has to read the first byte
 * there.
 */
static enum hw_status data_find(struct hw_zip *zip, size_t index, uint64_t packed_bytes, uint64_t *out_at,
                                struct hw_error *err) {
    uint8_t first;
    zip_file_t *file = zip_fopen_index(zip->archive, zip->indexes[index], ZIP_FL_COMPRESSED);
    if (!file) {
        return zip_fail(zip, zip_get_error(zip->archive), err);
    }
    zip_int64_t got = packed_bytes > 0 ? zip_fread(file, &first, 1) : 0;
    if (got < 0) {
        enum hw_status status = zip_fail(zip, zip_file_get_error(file), err);
        zip_fclose(file);
        return status;
    }
    zip_fclose(file);
    *out_at = hw_packed_offset(&zip->packed) - (uint64_t)got;
    return HW_OK;
}

static enum hw_status member_stream_read(struct hw_stream *base, void *data, size_t bytes, size_t *out_bytes,
                                         struct hw_error *err) {
    struct zip_stream *stream = (struct zip_stream *)base;

    if (stream->failed) {
        return hw_fail(err, HW_EFAILED, "the unpacked stream has failed before");
    }
    enum hw_status status = member_read(stream, data, bytes, out_bytes, err);
    if (status != HW_OK) {
        stream->failed = true;
        member_name(stream->zip, stream->member, err);
    }
    return status;
}

/*
 * The directory's size bounds what a lie can yield; it and the CRC are compared before the last
 * bytes are given out.
 */
static enum hw_status member_read(struct zip_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                  struct hw_error *err) {
    const struct hw_zip_member *member = stream->member;
    uint64_t offset;
    size_t got;
    bool end;

    HW_TRY(member_unpack(stream, data, bytes, &got, &end, err));
    offset = hw_packed_offset(&stream->zip->packed);
    stream->unpacked += got;
    stream->crc32 = hw_crc32(stream->crc32, data, got);
    bool more = stream->unpacked > member->size;
    if (more || (end && stream->unpacked < member->size)) {
        return hw_fail_at(err, HW_EDATA, offset, "zip: %s bytes than the %" PRIu64 " that the directory states",
                          more ? "more" : "fewer", member->size);
    }
    if (end && stream->crc32 != member->crc32) {
        return hw_fail_at(err, HW_EDATA, offset, "zip: CRC error: %08x, the directory states %08x", stream->crc32,
                          member->crc32);
    }
    *out_bytes = got;
    return HW_OK;
}

static enum hw_status member_unpack(struct zip_stream *stream, void *data, size_t bytes, size_t *out_bytes,
                                    bool *out_end, struct hw_error *err) {
    struct hw_packed *packed = &stream->zip->packed;

    if (!stream->deflated) {
        HW_TRY(hw_packed_read(packed, data, bytes, out_bytes, err));
        *out_end = hw_packed_offset(packed) == packed->end;
        return HW_OK;
    }
    uint32_t room = hw_inflate_room(&stream->inflate, data, bytes);
    HW_TRY(hw_inflate_run(&stream->inflate, packed, "zip", out_end, err));
    *out_bytes = room - stream->inflate.avail_out;
    return HW_OK;
}

static void member_stream_close(struct hw_stream *base) {
    struct zip_stream *stream = (struct zip_stream *)base;
    struct hw_packed *packed = &stream->zip->packed;
    hw_packed_end_at(packed, packed->source->size);
    stream->zip->member_open = false;
    hw_free(stream);
}

/* Says in the error which member and which archive it is about. */
static void member_name(struct hw_zip *zip, const struct hw_zip_member *member, struct hw_error *err) {
    char quoted[HW_QUOTE_BYTES];
    hw_error_prefix(err, "member %s", hw_quote(member->name, strlen(member->name), quoted, sizeof(quoted)));
    hw_error_object(err, zip->packed.source->name);
}

/* The source's own fault where it had one; else what libzip found. */
static enum hw_status zip_fail(struct hw_zip *zip, zip_error_t *zip_error, struct hw_error *err) {
    if (zip->fault.status != HW_OK) {
        return hw_error_pass(err, zip->fault.status, &zip->fault);
    }
    if (zip_error_code_zip(zip_error) == ZIP_ER_MEMORY) {
        return hw_fail(err, HW_ENOMEM, "out of memory in libzip");
    }
    return hw_fail_at(err, HW_EDATA, hw_packed_offset(&zip->packed), "zip: %s", zip_error_strerror(zip_error));
}
