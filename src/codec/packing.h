/* SPDX-License-Identifier: Apache-2.0 */
/* The packings that inputs may have, and the first bytes by which each is known. */
#ifndef HW_CODEC_PACKING_H
#define HW_CODEC_PACKING_H

#include "core/base.h"

enum hw_packing {
    HW_PACKING_NONE,
    HW_PACKING_GZIP,
    HW_PACKING_ZSTD,
    HW_PACKING_ZIP,
    HW_PACKING_BZIP2,
    HW_PACKING_XZ,
    HW_PACKING_LZ4,
};

enum {
    /* These bytes of an object show its packing. */
    HW_PACKING_MAGIC_BYTES = 10,
    /*
     * These show also what memory the first frame or block asks for: zstd has a header of 18 bytes
     * at most (RFC 8878 3.1.1), xz one of 12 for the stream and 1,024 for the block (3.1).
     */
    HW_PACKING_HEAD_BYTES = 12 + 1024,
};

/*
 * Returns what the first bytes of an object show; HW_PACKING_MAGIC_BYTES of them suffice, and an
 * object may have fewer. A skippable frame, which zstd and lz4 have both, counts as zstd.
 */
enum hw_packing hw_packing_detect(const void *data, size_t bytes);
/*
 * Returns whether a member of the packing begins with these bytes; or may begin with them, where
 * they are fewer than its magic has.
 */
bool hw_packing_begins(enum hw_packing packing, const void *data, size_t bytes);
/* Returns the name for messages: "gzip", "none". */
const char *hw_packing_name(enum hw_packing packing);

#endif
