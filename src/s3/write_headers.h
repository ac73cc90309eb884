/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers that describe an object where it is written: PutObject, CreateMultipartUpload and
 * CopyObject have the same. Pure functions.
 */
#ifndef HW_S3_WRITE_HEADERS_H
#define HW_S3_WRITE_HEADERS_H

#include <hawser/s3.h>

#include "s3/headers.h"

/* The most bytes that S3 lets names and values of user metadata have together. */
enum { HW_S3_METADATA_BYTES_MAX = 2048 };

/*
 * Makes the headers of `options`; NULL makes none. `out_headers` is zeroed or holds earlier ones,
 * which are released. HW_EUSAGE names the option that no request can hold, or that contradicts
 * another one. The kind of checksum is none of the headers.
 */
HW_NODISCARD enum hw_status hw_s3_write_headers_make(const struct hw_write_options *options,
                                                     struct hw_s3_headers *out_headers, struct hw_error *err);

/*
 * Returns the kind of checksum that objects are written with: that of the options, or
 * HW_CHECKSUM_CRC64NVME.
 */
enum hw_checksum_kind hw_s3_write_checksum(const struct hw_write_options *options);

#endif
