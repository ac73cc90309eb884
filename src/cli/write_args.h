/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options that say how objects on S3 are kept, for every command that writes some, and how
 * those are read that are not open to all.
 */
#ifndef HW_CLI_WRITE_ARGS_H
#define HW_CLI_WRITE_ARGS_H

#include <hawser/s3.h>

#include "cli/option.h"

/* A field that one option fills by itself is in `write`. */
struct hw_write_args {
    struct hw_write_options write;
    struct hw_option_list metadata;
    unsigned request_payer;
    /* The files that hold keys of SSE-C: of what is written, and of what is read. */
    const char *sse_c_path;
    const char *sse_c_source_path;
};

/* Both groups are for a struct hw_write_args. A command that only reads has the second one. */
extern const struct hw_option_group hw_write_option_group;
extern const struct hw_option_group hw_read_option_group;

/*
 * Makes the library's options. HW_EUSAGE names an entry of metadata without '=', or says that --sse
 * and --sse-c contradict each other. Texts are borrowed from `args`, or live in `arena`.
 */
HW_NODISCARD enum hw_status hw_write_args_options(const struct hw_write_args *args, struct hw_arena *arena,
                                                  struct hw_write_options *out_options, struct hw_error *err);

/* The room for a key in base64, with what stands around it. */
enum { HW_WRITE_KEY_BYTES = 128 };

/* Options of the requests to the buckets of both sides. It must not move while a store uses it. */
struct hw_write_access {
    struct hw_s3_access source;
    struct hw_s3_access target;
    char source_key[HW_WRITE_KEY_BYTES];
    char target_key[HW_WRITE_KEY_BYTES];
};
/*
 * Reads the keys from their files. HW_EUSAGE where a file is longer than a key can be; errors of
 * reading name the option and the file, and never what is in it.
 */
HW_NODISCARD enum hw_status hw_write_args_access(const struct hw_write_args *args, struct hw_write_access *out_access,
                                                 struct hw_error *err);
/* Overwrites the keys. */
void hw_write_access_release(struct hw_write_access *access);

#endif
