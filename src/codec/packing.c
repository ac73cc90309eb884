/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/packing.h"

/* No byte of a magic is compared by its upper half only. */
enum { NO_HALF = HW_PACKING_MAGIC_BYTES };

struct magic_row {
    enum hw_packing packing;
    size_t bytes;
    size_t half; /* the place of the byte of which only the upper half is compared */
    const char *magic;
};

/*
 * gzip: RFC 1952, 2.3.1. zstd: RFC 8878, 3.1.1, and 3.1.2 for skippable frames. ZIP: APPNOTE 4.3.7
 * a local file header, 4.3.16 one without members, 8.5.3 the mark of a split one. bzip2: the level,
 * then the mark of a block or that of the end. xz: The .xz File Format, 2.1.1.1. lz4: LZ4 Frame
 * Format, general structure.
 */
static const struct magic_row magic_rows[] = {
    {HW_PACKING_GZIP, 2, NO_HALF, "\x1f\x8b"},
    {HW_PACKING_ZSTD, 4, NO_HALF, "\x28\xb5\x2f\xfd"},
    {HW_PACKING_ZSTD, 4, 0, "\x50\x2a\x4d\x18"},
    {HW_PACKING_ZIP, 4, NO_HALF, "PK\3\4"},
    {HW_PACKING_ZIP, 4, NO_HALF, "PK\5\6"},
    {HW_PACKING_ZIP, 4, NO_HALF, "PK\7\x08"},
    {HW_PACKING_BZIP2, 10, 3, "BZh0\x31\x41\x59\x26\x53\x59"},
    {HW_PACKING_BZIP2, 10, 3, "BZh0\x17\x72\x45\x38\x50\x90"},
    {HW_PACKING_XZ, 6, NO_HALF, "\xfd\x37\x7a\x58\x5a\x00"},
    {HW_PACKING_LZ4, 4, NO_HALF, "\x04\x22\x4d\x18"},
};

static bool magic_fits(const struct magic_row *row, const uint8_t *data, size_t bytes) {
    for (size_t i = 0; i < bytes && i < row->bytes; i++) {
        const unsigned mask = i == row->half ? 0xf0 : 0xff;
        if ((data[i] & mask) != ((uint8_t)row->magic[i] & mask)) {
            return false;
        }
    }
    return true;
}

enum hw_packing hw_packing_detect(const void *data, size_t bytes) {
    for (size_t i = 0; i < COUNT_OF(magic_rows); i++) {
        if (bytes >= magic_rows[i].bytes && magic_fits(&magic_rows[i], data, bytes)) {
            return magic_rows[i].packing;
        }
    }
    return HW_PACKING_NONE;
}

bool hw_packing_begins(enum hw_packing packing, const void *data, size_t bytes) {
    bool begins = false;
    for (size_t i = 0; i < COUNT_OF(magic_rows); i++) {
        begins |= magic_rows[i].packing == packing && magic_fits(&magic_rows[i], data, bytes);
    }
    return begins;
}

const char *hw_packing_name(enum hw_packing packing) {
    static const char *const names[] = {
        [HW_PACKING_NONE] = "none",   [HW_PACKING_GZIP] = "gzip", [HW_PACKING_ZSTD] = "zstd", [HW_PACKING_ZIP] = "zip",
        [HW_PACKING_BZIP2] = "bzip2", [HW_PACKING_XZ] = "xz",     [HW_PACKING_LZ4] = "lz4",
    };
    assert((unsigned)packing < COUNT_OF(names));
    return names[packing];
}
