/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compresses the pages of one column chunk. The first data page of an encoding is the sample of
 * those that follow, unless one is longer by more than half: it is a sample once more. A dictionary
 * is its own.
 */
#ifndef HW_PARQUET_PAGE_PACK_H
#define HW_PARQUET_PAGE_PACK_H

#include "parquet/effort.h"
#include "parquet/trial.h"

/* The effort that data pages of `encoding` get, once there was one with values. Starts zeroed. */
struct hw_page_packer {
    bool chosen;
    enum hw_encoding encoding;
    /* The bytes of the page that was the sample. */
    size_t page_bytes;
    struct hw_effort effort;
};

struct hw_page_pack_job {
    const struct hw_parquet_options *options;
    const struct hw_leaf *leaf;
    enum hw_encoding encoding;
    /* True of a dictionary page. */
    bool dictionary;
    /* The number of values in the page. */
    size_t values;
    /* The bytes of the chunk's dictionary, in PLAIN encoding. */
    size_t keys_bytes;
};

/*
 * Tells whether the pages of a chunk are compressed by this choice. Those before the first value
 * are if there is a codec.
 */
bool hw_page_packs(const struct hw_choice *choice, const struct hw_scratch *scratch);
/*
 * Compresses the page in `page` of `scratch` to `packed`, where hw_page_packs says so. Where the
 * choice has left open whether the chunk is compressed, the first page with values decides it by
 * what it saves.
 */
HW_NODISCARD enum hw_status hw_page_pack(struct hw_page_packer *packer, const struct hw_page_pack_job *job,
                                         struct hw_choice *choice, struct hw_scratch *scratch, struct hw_error *err);

#endif
