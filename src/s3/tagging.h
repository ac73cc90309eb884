/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tags of an object as one text, "name=value&name2=value2", percent-encoded, which is the form of
 * the header x-amz-tagging; and as the XML of the operations on tags. Pure functions; buffers are
 * untouched on failure.
 */
#ifndef HW_S3_TAGGING_H
#define HW_S3_TAGGING_H

#include "core/buf.h"
#include "net/http_response.h"

/* The limits of S3: tags of an object, and characters of a name and of a value. */
enum { HW_S3_TAGS_MAX = 10, HW_S3_TAG_NAME_CHARS_MAX = 128, HW_S3_TAG_VALUE_CHARS_MAX = 256 };

/*
 * Appends the tags that a user wrote, encoded, and ends them with NUL. An escape "%XX" is taken for
 * its byte; a '+' is a '+'. HW_EUSAGE says which tag is wrong: without a name or '=', too long,
 * there twice, beyond the tenth, with a control byte, or with a name that begins with "aws:".
 */
HW_NODISCARD enum hw_status hw_s3_tagging_encode(const char *text, struct hw_buf *out, struct hw_error *err);
/* Appends the XML of PutObjectTagging. `tagging` is what hw_s3_tagging_encode makes. */
HW_NODISCARD enum hw_status hw_s3_tagging_write(const char *tagging, struct hw_buf *out, struct hw_error *err);
/* Appends the tags of a reply to GetObjectTagging, and ends them with NUL. */
HW_NODISCARD enum hw_status hw_s3_tagging_read(const struct hw_http_response *response, struct hw_buf *out,
                                               struct hw_error *err);

#endif
