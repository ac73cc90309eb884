/* SPDX-License-Identifier: Apache-2.0 */
/* Looks whether an Avro file is what it says of itself. */
#ifndef HW_AVRO_FILE_CHECK_H
#define HW_AVRO_FILE_CHECK_H

#include <hawser/verify.h>

#include "codec/packed.h"

/* The sums of a check. */
struct hw_avro_checked {
    uint64_t blocks;
    /* The items that the blocks say they have. */
    uint64_t rows;
    /* Blocks in which nothing proves the bytes. */
    uint64_t unproved;
    /* Bytes of the file that were read. */
    uint64_t bytes;
};

/*
 * Checks the file that the input begins with, and tells `found` of all that is wrong, in the order
 * of the file. A finding's `page` is the number of a block. The codes are
 *
 *   avro.header, avro.codec, avro.schema       nothing more can be checked
 *   avro.block, avro.sync                      of a block, behind which nothing can be checked
 *   avro.checksum, avro.decompress             of a block; those behind it are looked at
 *   avro.value                                 of a value; the rest of its block is not looked at
 *   avro.unproved                              an info: blocks have nothing that proves their bytes
 *
 * HW_VERIFY_FOOTER looks at the header alone, HW_VERIFY_PAGES unpacks all blocks, and
 * HW_VERIFY_VALUES decodes them. HW_OK means that the file was looked at, whatever was found.
 * HW_EUNSUPPORTED is a codec that is not known, which is a finding too, or a record that contains
 * itself; other failures are those of reading, and that of `found`.
 */
HW_NODISCARD enum hw_status hw_avro_file_check(struct hw_packed *input, enum hw_verify_level level,
                                               hw_finding_fn *found, void *ctx, struct hw_avro_checked *out_checked,
                                               struct hw_error *err);

#endif
