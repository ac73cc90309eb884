/* SPDX-License-Identifier: Apache-2.0 */
#include "avro/block_unpack.h"

#include <stdlib.h>

#include "codec/compression.h"
#include "core/limits.h"
#include "support/rows.h"

/* A text packed by zlib, libbz2, liblzma, the zstd command, and for snappy by hand. */
#define TEXT "hello hello hello hello"
#define DEFLATED "\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01"
#define BZIP2                                                                                                  \
    "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x02\xf8\xb0\xbd\x00\x00\x03\x91\x00\x40\x00\x02\x44\xa0\x00\x30" \
    "\xcd\x00\x54\x86\x96\x71\x9b\x38\xa3\xc5\xdc\x91\x4e\x14\x24\x00\xbe\x2c\x2f\x40"
#define XZ_HEAD                                                                                                \
    "\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x00" \
    "\x16\x00\x0b\x5d\x00\x34\x19\x49\xee\x8d\xe9\x56\x0a\xb5\xe0\x00\x00\x00\x89\x43\xdb\xea\x03\x34\xe4\xd0"
#define XZ XZ_HEAD "\x00\x01\x27\x17\x89\x82\x90\x79\x1f\xb6\xf3\x7d\x01\x00\x00\x00\x00\x04\x59\x5a"
#define SNAPPY "\x17\x14\x68\x65\x6c\x6c\x6f\x20\x1d\x06\x09\x06"
#define ZSTD_HEAD "\x28\xb5\x2f\xfd\x04\x58\x65\x00\x00\x30\x68\x65\x6c\x6c\x6f\x20\x01\x00\x99\x4b\x11"
#define ZSTD ZSTD_HEAD "\x17\x5e\xae\x0d"

static const struct {
    const char *name;
    enum hw_avro_codec codec;
    hw_view packed;
} rows[] = {
    {"null", HW_AVRO_CODEC_NULL, HW_VIEW_INIT(TEXT)},
    {"deflate", HW_AVRO_CODEC_DEFLATE, HW_VIEW_INIT(DEFLATED)},
    /* As fastavro writes it: zlib's format without the first two bytes and the last one. */
    {"deflate of fastavro", HW_AVRO_CODEC_DEFLATE, HW_VIEW_INIT(DEFLATED "\x68\x03\x08")},
    {"snappy", HW_AVRO_CODEC_SNAPPY, HW_VIEW_INIT(SNAPPY "\x8d\x3d\x51\xe3")},
    {"zstandard", HW_AVRO_CODEC_ZSTANDARD, HW_VIEW_INIT(ZSTD)},
    {"bzip2", HW_AVRO_CODEC_BZIP2, HW_VIEW_INIT(BZIP2)},
    {"xz", HW_AVRO_CODEC_XZ, HW_VIEW_INIT(XZ)},
};

static enum hw_status unpack(struct hw_avro_unpacker *unpacker, enum hw_avro_codec codec, hw_view packed,
                             hw_view *out_bytes, struct hw_error *err) {
    static struct hw_avro_stored block;
    block.count = 1;
    hw_buf_clear(&block.data);
    assert_int_equal(hw_buf_append(&block.data, packed.data, packed.size, NULL), HW_OK);
    assert_int_equal(hw_buf_reserve(&block.data, HW_AVRO_BLOCK_ROOM, NULL), HW_OK);
    enum hw_status status = hw_avro_unpack(unpacker, codec, &block, out_bytes, err);
    if (codec != HW_AVRO_CODEC_NULL) {
        hw_avro_stored_release(&block);
    }
    return status;
}

static void blocks_are_unpacked(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_unpacker) unpacker = {0};
        for (int again = 0; again < 2; again++) {
            hw_view bytes;
            assert_ok(unpack(&unpacker, rows[i].codec, rows[i].packed, &bytes, &err), err);
            assert_row_bytes(rows[i].name, bytes.data, bytes.size, TEXT, strlen(TEXT));
        }
    }
}

/* What our own compressor makes of a text that is larger than any first guess of its size. */
static void large_blocks_are_unpacked(void **state) {
    (void)state;
    enum { BYTES = 3 << 20 };
    static char text[BYTES];
    static char packed[BYTES];
    static const struct {
        enum hw_codec codec;
        enum hw_avro_codec avro;
    } codecs[] = {{HW_CODEC_ZSTD, HW_AVRO_CODEC_ZSTANDARD}, {HW_CODEC_DEFLATE, HW_AVRO_CODEC_DEFLATE}};
    for (size_t i = 0; i < BYTES; i++) {
        text[i] = (char)(i / 1000);
    }
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_unpacker) unpacker = {0};
        struct hw_compressor *compressor;
        size_t size = 0;
        hw_view bytes;
        assert_ok(hw_compressor_new(codecs[i].codec, HW_LEVEL_DEFAULT, &compressor, &err), err);
        assert_true(hw_compressor_bound(compressor, 2 << 20) <= BYTES);
        assert_ok(hw_compressor_run(compressor, text, 2 << 20, packed, BYTES, &size, &err), err);
        hw_compressor_free(compressor);
        assert_ok(unpack(&unpacker, codecs[i].avro, (hw_view){packed, size}, &bytes, &err), err);
        assert_row_bytes("text", bytes.data, bytes.size, text, 2 << 20);
    }
}

static const struct {
    const char *name;
    enum hw_avro_codec codec;
    hw_view packed;
    enum hw_status want;
    bool checksum;
    const char *says;
} faults[] = {
    {"deflate, cut", HW_AVRO_CODEC_DEFLATE, HW_VIEW_INIT("\xcb\x48\xcd"), HW_EDATA, false, "deflate"},
    {"deflate, none", HW_AVRO_CODEC_DEFLATE, HW_VIEW_INIT("\xff\xff\xff"), HW_EDATA, false, "deflate"},
    {"deflate, bytes behind it", HW_AVRO_CODEC_DEFLATE, HW_VIEW_INIT(DEFLATED "x"), HW_EDATA, false, "deflate"},
    {"deflate, another Adler-32", HW_AVRO_CODEC_DEFLATE, HW_VIEW_INIT(DEFLATED "\x68\x03\x09"), HW_EDATA, true,
     "deflate: the bytes behind its end are not those of its Adler-32"},
    {"snappy, no checksum", HW_AVRO_CODEC_SNAPPY, HW_VIEW_INIT("\x00\x00\x00"), HW_EDATA, false, "no checksum behind"},
    {"snappy, another checksum", HW_AVRO_CODEC_SNAPPY, HW_VIEW_INIT(SNAPPY "\x8d\x3d\x51\xe4"), HW_EDATA, true,
     "its CRC-32 is 0x8d3d51e3, the block says 0x8d3d51e4"},
    {"snappy, cut", HW_AVRO_CODEC_SNAPPY, HW_VIEW_INIT("\x17\x14\x68\x65\x6c\x6c\x8d\x3d\x51\xe3"), HW_EDATA, false,
     "snappy"},
    {"snappy, too large", HW_AVRO_CODEC_SNAPPY, HW_VIEW_INIT("\x81\x80\x80\x80\x01\x00\x00\x00\x00\x00"), HW_ELIMIT,
     false, "268435456 bytes"},
    {"zstd, cut", HW_AVRO_CODEC_ZSTANDARD, HW_VIEW_INIT(ZSTD_HEAD), HW_EDATA, false, "zstd"},
    {"zstd, another checksum", HW_AVRO_CODEC_ZSTANDARD, HW_VIEW_INIT(ZSTD_HEAD "\x17\x5e\xae\x0e"), HW_EDATA, false,
     "zstd"},
    {"zstd, nothing", HW_AVRO_CODEC_ZSTANDARD, HW_VIEW_INIT(""), HW_EDATA, false, "zstd"},
    {"bzip2, none", HW_AVRO_CODEC_BZIP2, HW_VIEW_INIT("hello"), HW_EDATA, false, "bzip2"},
    {"bzip2, bytes behind it", HW_AVRO_CODEC_BZIP2, HW_VIEW_INIT(BZIP2 "xy"), HW_EDATA, false,
     "bzip2: 2 bytes are left behind the end"},
    {"xz, cut", HW_AVRO_CODEC_XZ, HW_VIEW_INIT(XZ_HEAD), HW_EDATA, false, "xz: cut inside a stream"},
};

static void damaged_blocks_are_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_unpacker) unpacker = {0};
        hw_view bytes;
        assert_row_int(faults[i].name, unpack(&unpacker, faults[i].codec, faults[i].packed, &bytes, &err),
                       faults[i].want);
        assert_row_says(faults[i].name, err.message, faults[i].says);
        assert_row_int(faults[i].name, unpacker.checksum_differs, faults[i].checksum);
    }
}

/* 300 MiB of zeros: what every codec makes of them is small. */
static void unpacked_blocks_are_limited(void **state) {
    (void)state;
    enum { BYTES = 300 << 20 };
    static const struct {
        enum hw_codec codec;
        enum hw_avro_codec avro;
    } codecs[] = {{HW_CODEC_ZSTD, HW_AVRO_CODEC_ZSTANDARD}, {HW_CODEC_DEFLATE, HW_AVRO_CODEC_DEFLATE}};
    char *zeros = calloc(BYTES, 1);
    char *packed = malloc(BYTES + (1 << 20));
    assert_non_null(zeros);
    assert_non_null(packed);
    for (size_t i = 0; i < COUNT_OF(codecs); i++) {
        struct hw_error err = HW_ERROR_INIT;
        HW_AUTO(hw_avro_unpacker) unpacker = {0};
        struct hw_compressor *compressor;
        size_t size = 0;
        hw_view bytes;
        assert_ok(hw_compressor_new(codecs[i].codec, 1, &compressor, &err), err);
        assert_ok(
            hw_compressor_run(compressor, zeros, BYTES, packed, hw_compressor_bound(compressor, BYTES), &size, &err),
            err);
        hw_compressor_free(compressor);
        assert_true(size < HW_AVRO_BLOCK_BYTES_MAX);
        assert_int_equal(unpack(&unpacker, codecs[i].avro, (hw_view){packed, size}, &bytes, &err), HW_ELIMIT);
        assert_true(hw_avro_unpacker_held(&unpacker) <= HW_AVRO_UNPACKED_BYTES_MAX + HW_AVRO_BLOCK_ROOM);
    }
    free(zeros);
    free(packed);
}

/* 100 MiB of zeros: zstd needs fewer than a twenty-thousandth of them, and deflate does not. */
static void the_ratio_is_limited(void **state) {
    (void)state;
    enum { BYTES = 100 << 20 };
    struct hw_error err = HW_ERROR_INIT;
    HW_AUTO(hw_avro_unpacker) unpacker = {0};
    struct hw_compressor *compressor;
    char *zeros = calloc(BYTES, 1);
    char *packed = malloc(BYTES + (1 << 20));
    size_t size = 0;
    hw_view bytes;
    assert_non_null(zeros);
    assert_non_null(packed);
    assert_ok(hw_compressor_new(HW_CODEC_ZSTD, 3, &compressor, &err), err);
    assert_ok(hw_compressor_run(compressor, zeros, BYTES, packed, hw_compressor_bound(compressor, BYTES), &size, &err),
              err);
    hw_compressor_free(compressor);
    assert_true(size < BYTES / HW_UNPACK_RATIO_MAX);
    assert_int_equal(unpack(&unpacker, HW_AVRO_CODEC_ZSTANDARD, (hw_view){packed, size}, &bytes, &err), HW_ELIMIT);
    assert_non_null(strstr(err.message, "more than 20000 times as many"));
    free(zeros);
    free(packed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_unpacked),        cmocka_unit_test(large_blocks_are_unpacked),
        cmocka_unit_test(damaged_blocks_are_refused), cmocka_unit_test(unpacked_blocks_are_limited),
        cmocka_unit_test(the_ratio_is_limited),
    };
    return cmocka_run_group_tests_name("avro/block_unpack", tests, NULL, NULL);
}
