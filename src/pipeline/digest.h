/* SPDX-License-Identifier: Apache-2.0 */
/* A digest of the options that shape an output: equal digests, equal source, equal output. */
#ifndef HW_PIPELINE_DIGEST_H
#define HW_PIPELINE_DIGEST_H

#include <hawser/convert.h>

#include "codec/checksum_sha256.h"
#include "core/error.h"
#include "csv/schema_file.h"

/* SHA-256 in hex. `given` is the schema of options->csv.schema_path, if any. */
HW_NODISCARD enum hw_status hw_options_digest(const struct hw_convert_options *options,
                                              const struct hw_schema_file *given, char out[HW_SHA256_HEX_BYTES],
                                              struct hw_error *err);

/* Room for a digest of options, '-' and 32 hex digits. */
enum { HW_SCHEMA_DIGEST_BYTES = HW_SHA256_HEX_BYTES + 33 };

/*
 * The same of outputs whose types are not decided by options and source alone: the digest of the
 * options, and behind a '-' one of columns and types.
 */
HW_NODISCARD enum hw_status hw_schema_digest(const char *options_digest, const struct hw_schema *schema,
                                             char out[HW_SCHEMA_DIGEST_BYTES], struct hw_error *err);

/* Returns whether two digests are of the same options and of other types. */
bool hw_digests_differ_in_types(const char *a, const char *b);

#endif
