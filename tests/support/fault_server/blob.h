/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of an object or a part: in memory, in a file without a name, joined of others, or made
 * up on the fly. They never change and are shared by counting.
 */
#ifndef FAULT_SERVER_BLOB_H
#define FAULT_SERVER_BLOB_H

#include "support/fault_server/digest.h"
#include "support/fault_server/text.h"
#include "support/fault_server/wire.h"

struct blob;

/* Prepares what blobs share. Large ones become files in `folder`, or memory where it is NULL. */
bool blob_prepare(const char *folder);

struct blob *blob_of_bytes(const void *bytes, size_t size);
/* Bytes that nobody stored: a block of about a megabyte, again and again. */
struct blob *blob_made(uint64_t size);
/* Joins blobs, of which it keeps its own shares. */
struct blob *blob_joined(struct blob *const *blobs, size_t count);
/* A part of another one. */
struct blob *blob_slice(struct blob *blob, uint64_t offset, uint64_t size);
struct blob *blob_share(struct blob *blob);
/* Gives up a share; NULL is none. */
void blob_drop(struct blob *blob);

uint64_t blob_size(const struct blob *blob);
/* Copies a part of it, which must lie within. */
void blob_read(const struct blob *blob, uint64_t offset, void *out, size_t bytes);
bool blob_send(const struct blob *blob, struct wire *wire, uint64_t offset, uint64_t bytes);
void blob_digest(const struct blob *blob, enum digest_kind kind, uint8_t out[DIGEST_BYTES_MAX]);

/* Gathers a blob. */
struct blob_writer {
    bool forgets; /* the bytes are counted only, and the blob is a made one */
    struct text small;
    int fd; /* once it is large; 0: not yet */
    uint64_t size;
};

/* False where the file cannot be written. */
bool blob_writer_add(struct blob_writer *writer, const void *data, size_t bytes);
/* Ends it. The writer is empty afterwards. */
struct blob *blob_writer_end(struct blob_writer *writer);
void blob_writer_release(struct blob_writer *writer);

#endif
