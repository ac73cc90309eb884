/* SPDX-License-Identifier: Apache-2.0 */
/* ZIP archives (APPNOTE 6.3.9): the members that are files, in directory order, each a stream. */
#ifndef HW_CODEC_UNPACK_ZIP_H
#define HW_CODEC_UNPACK_ZIP_H

#include <hawser/io.h>

#include "core/error.h"
#include "core/stream.h"

/* An open archive. One thread at a time. */
struct hw_zip;

struct hw_zip_member {
    const char *name; /* UTF-8, as the directory has it; hostile until checked */
    uint64_t size;    /* unpacked bytes, as the directory claims */
    uint32_t crc32;   /* of the unpacked bytes, as the directory claims */
};

/*
 * Reads the directory of an archive. `source` is borrowed until hw_zip_close. HW_EDATA where it is
 * no archive, HW_ELIMIT where it has more than HW_ZIP_MEMBERS_MAX members or a directory of more
 * than HW_ZIP_DIRECTORY_BYTES_MAX.
 */
HW_NODISCARD enum hw_status hw_zip_open(struct hw_source *source, struct hw_zip **out_zip, struct hw_error *err);
/* Does the same and reads the source in blocks of `block_bytes`; 0: as suits the source. */
HW_NODISCARD enum hw_status hw_zip_open_blocks(struct hw_source *source, size_t block_bytes, struct hw_zip **out_zip,
                                               struct hw_error *err);
size_t hw_zip_count(const struct hw_zip *zip);
/* Returns a member, which lives as long as the archive; `index` is below the count. */
const struct hw_zip_member *hw_zip_member(const struct hw_zip *zip, size_t index);
/*
 * Opens a member that is stored or deflated. HW_EDATA where it is encrypted or packed otherwise.
 * One member is open at a time, and is closed before the archive. Size and CRC are checked before
 * its last bytes are given out.
 */
HW_NODISCARD enum hw_status hw_zip_member_open(struct hw_zip *zip, size_t index, struct hw_stream **out_stream,
                                               struct hw_error *err);
/* Closes the archive; NULL is no archive. The source stays open. */
void hw_zip_close(struct hw_zip *zip);

#endif
