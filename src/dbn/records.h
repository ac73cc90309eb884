/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The records of a DBN file, out of its decoded bytes: first the metadata, then runs of records
 * that follow each other and have one type and size. Every header is checked before its record is
 * handed out.
 */
#ifndef HW_DBN_RECORDS_H
#define HW_DBN_RECORDS_H

#include "core/buf.h"
#include "core/stream.h"
#include "dbn/metadata.h"

/* The facts of a fragment, which has no metadata to tell them. */
struct hw_dbn_fragment {
    enum hw_dbn_schema schema;
    unsigned version;
    bool ts_out;
};

/* A file that is being read. Start it zeroed; release it on failure too. One thread at a time. */
struct hw_dbn_records {
    struct hw_stream *stream; /* borrowed */
    struct hw_arena arena;
    /* The prelude and the metadata as they are in the file; empty for a fragment. */
    struct hw_buf head;
    /* A fragment has only its version, schema and ts_out. */
    struct hw_dbn_metadata metadata;
    /* Decoded bytes, those before `at` are done. */
    struct hw_buf block;
    size_t at;
    bool ended;
    /* The offset of the block in the decoded bytes. */
    uint64_t block_offset;
    /* The number of the next record. */
    uint64_t number;
};

/* Records that follow each other. The bytes stay until the next call. */
struct hw_dbn_run {
    const uint8_t *bytes;
    size_t stride; /* bytes from one record to the next, ts_out included */
    size_t count;
    uint8_t rtype;
    /* No version knows the type, so that nothing but the size of its records is known. */
    bool unknown;
    uint64_t number; /* of the first record in the file, from 0 */
    uint64_t offset; /* of the first record in the decoded bytes */
};

/*
 * Opens a file whose decoded bytes come from `stream`, which is borrowed. `fragment` NULL: it has
 * metadata. HW_EDATA with `fault` as hw_dbn_prelude_read and hw_dbn_metadata_read have it, also
 * where the file ends before ("dbn.magic", "dbn.metadata_length"); HW_ELIMIT, HW_ENOMEM, and what
 * the stream tells.
 */
HW_NODISCARD enum hw_status hw_dbn_records_open(struct hw_dbn_records *records, struct hw_stream *stream,
                                                const struct hw_dbn_fragment *fragment, struct hw_dbn_fault *fault,
                                                struct hw_error *err);
void hw_dbn_records_release(struct hw_dbn_records *records);

/*
 * Hands out the next run, of about a MiB at most; a count of 0 is the end. Types that are no rows
 * come too (HW_DBN_RTYPE_ERROR and its like). HW_EDATA with `fault` for the record number
 * `records->number`: a length below that of a header ("dbn.record_length"), another size than its
 * type has ("dbn.record_size"), a type that the schema does not have ("dbn.record_type"), or an end
 * within a record ("dbn.record_cut"). Runs before it were handed out already.
 */
HW_NODISCARD enum hw_status hw_dbn_records_next(struct hw_dbn_records *records, struct hw_dbn_run *out_run,
                                                struct hw_dbn_fault *fault, struct hw_error *err);

#endif
