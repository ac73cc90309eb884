/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are secret, or beside secrets: they are overwritten before their memory is freed. */
#ifndef HW_AWS_SECRET_H
#define HW_AWS_SECRET_H

#include "core/buf.h"

/* A text that is wiped: HW_AUTO(hw_secret) token = {0}; */
struct hw_secret {
    struct hw_buf text;
};
void hw_secret_release(struct hw_secret *secret);

/* Overwrites all that the buffer has ever held since it last grew, then frees it. */
void hw_secret_buf_release(struct hw_buf *buf);

/*
 * Reads a file, at most `bytes_max` bytes, into a buffer that is empty, and ends the text with a
 * NUL that does not count. It reads into memory that does not grow, so that no copy is left behind.
 * HW_ENOTFOUND where there is no file of the name, or a folder, HW_ELIMIT where it is longer; the
 * error names the file.
 */
HW_NODISCARD enum hw_status hw_secret_file_read(const char *path, size_t bytes_max, struct hw_buf *out,
                                                struct hw_error *err);
/*
 * Puts `text` in the place of a file as a whole: a file beside it, which only its owner may read,
 * gets its name when it is on the disk. On failure the file is as it was.
 */
HW_NODISCARD enum hw_status hw_secret_file_replace(const char *path, hw_view text, struct hw_error *err);

#endif
