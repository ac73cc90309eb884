/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the footer at the end of a file and reads its bytes (README.md of the format). */
#ifndef HW_PARQUET_FILE_TAIL_H
#define HW_PARQUET_FILE_TAIL_H

#include <hawser/io.h>

#include "core/buf.h"

/*
 * So many bytes at the end of a file are read at once. Most footers are in them, and often the
 * indexes of pages before them too.
 */
#define HW_PARQUET_TAIL_BYTES HW_KIB(64)

/* The magic at both ends of a file, and the length of the footer before the one at the end. */
enum { HW_PARQUET_MAGIC_BYTES = 4, HW_PARQUET_LENGTH_BYTES = 4 };
/* The least bytes of a file: both magics, and the length. */
enum { HW_PARQUET_FILE_BYTES_MIN = 12 };

/* The end of a file. Start it zeroed. */
struct hw_parquet_tail {
    /* All bytes of the file from byte `at` on. */
    struct hw_buf bytes;
    uint64_t at;
    /* The footer, which lies in them: its offset in the file. */
    uint64_t footer_at;
    uint32_t footer_bytes;
};

/* The kinds of files that a magic tells. */
enum hw_parquet_magic { HW_PARQUET_MAGIC_NONE, HW_PARQUET_MAGIC_PLAIN, HW_PARQUET_MAGIC_ENCRYPTED };
/* Returns what the first HW_PARQUET_MAGIC_BYTES bytes at `data` are: "PAR1", "PARE" or neither. */
enum hw_parquet_magic hw_parquet_magic(const void *data);

/*
 * Reads the end of a file: one read, and a second one where the footer is longer than that.
 *
 * HW_EDATA where the file is too small, does not end with "PAR1", or tells a length that goes
 * beyond its beginning. HW_ELIMIT for a footer of more than HW_PARQUET_FOOTER_BYTES_MAX.
 * HW_EUNSUPPORTED for an encrypted footer, with the name of the algorithm.
 */
HW_NODISCARD enum hw_status hw_parquet_tail_read(struct hw_parquet_tail *tail, struct hw_source *source,
                                                 struct hw_error *err);
void hw_parquet_tail_release(struct hw_parquet_tail *tail);

/* Returns the Thrift bytes of the footer. */
hw_view hw_parquet_tail_footer(const struct hw_parquet_tail *tail);

#endif
