/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault_server/blob.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * The block's size is a prime, so that a part that is put at the place of another one differs from
 * it.
 */
enum { SMALL_BYTES_MAX = 256 * 1024, PATTERN_BYTES = 1048573, READ_BYTES = 128 * 1024 };

enum blob_kind { BLOB_BYTES, BLOB_FILE, BLOB_MADE, BLOB_JOINED, BLOB_SLICE };

struct blob {
    enum blob_kind kind;
    atomic_int shares;
    uint64_t size;
    char *bytes;
    int fd;
    struct blob **children;
    uint64_t *starts; /* of the children */
    size_t children_count;
    uint64_t offset; /* of a slice in its only child */
};

static struct {
    const char *folder;
    int fd;
    char *bytes;
    uint8_t crc[DIGEST_BYTES_MAX];
} pattern;

static int file_without_name(const char *folder) {
    return folder ? open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : memfd_create("blob", MFD_CLOEXEC);
}

bool blob_prepare(const char *folder) {
    uint64_t state = 88172645463325252; /* xorshift64, of Marsaglia's paper */
    pattern.folder = folder;
    pattern.fd = file_without_name(folder);
    pattern.bytes = must_zero(PATTERN_BYTES);
    for (size_t i = 0; i < PATTERN_BYTES; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        pattern.bytes[i] = (char)(state >> 32);
    }
    digest_of(DIGEST_CRC64NVME, pattern.bytes, PATTERN_BYTES, pattern.crc);
    return pattern.fd >= 0 && write(pattern.fd, pattern.bytes, PATTERN_BYTES) == PATTERN_BYTES;
}

static struct blob *blob_new(enum blob_kind kind, uint64_t size) {
    struct blob *blob = must_zero(sizeof(*blob));
    blob->kind = kind;
    blob->size = size;
    blob->fd = -1;
    atomic_init(&blob->shares, 1);
    return blob;
}

struct blob *blob_of_bytes(const void *bytes, size_t size) {
    struct blob *blob = blob_new(BLOB_BYTES, size);
    blob->bytes = must_resize(NULL, size);
    if (size > 0) {
        memcpy(blob->bytes, bytes, size);
    }
    return blob;
}

struct blob *blob_made(uint64_t size) {
    return blob_new(BLOB_MADE, size);
}

struct blob *blob_joined(struct blob *const *blobs, size_t count) {
    struct blob *blob = blob_new(BLOB_JOINED, 0);
    bool made = count > 0;
    blob->children = must_zero((count + 1) * sizeof(*blob->children));
    blob->starts = must_zero((count + 1) * sizeof(*blob->starts));
    blob->children_count = count;
    for (size_t i = 0; i < count; i++) {
        blob->children[i] = blob_share(blobs[i]);
        blob->starts[i] = blob->size;
        blob->size += blobs[i]->size;
        made = made && blobs[i]->kind == BLOB_MADE;
    }
    if (made) { /* nobody knows its bytes, so they may be simpler ones */
        uint64_t size = blob->size;
        blob_drop(blob);
        return blob_made(size);
    }
    return blob;
}

struct blob *blob_slice(struct blob *whole, uint64_t offset, uint64_t size) {
    struct blob *blob = blob_new(BLOB_SLICE, size);
    blob->children = must_zero(sizeof(*blob->children));
    blob->children[0] = blob_share(whole);
    blob->children_count = 1;
    blob->offset = offset;
    return blob;
}

struct blob *blob_share(struct blob *blob) {
    atomic_fetch_add(&blob->shares, 1);
    return blob;
}

void blob_drop(struct blob *blob) {
    if (!blob || atomic_fetch_sub(&blob->shares, 1) > 1) {
        return;
    }
    for (size_t i = 0; i < blob->children_count; i++) {
        blob_drop(blob->children[i]);
    }
    if (blob->fd >= 0) {
        close(blob->fd);
    }
    free(blob->children);
    free(blob->starts);
    free(blob->bytes);
    free(blob);
}

uint64_t blob_size(const struct blob *blob) {
    return blob->size;
}

/* What a walk does with a run of bytes: they are at `bytes`, or in a file. */
struct run {
    const char *bytes;
    int fd;
    uint64_t offset;
    uint64_t size;
};
typedef bool run_fn(void *ctx, const struct run *run);

static bool walk(const struct blob *blob, uint64_t offset, uint64_t bytes, run_fn *take, void *ctx);

static bool walk_made(uint64_t offset, uint64_t bytes, run_fn *take, void *ctx) {
    while (bytes > 0) {
        uint64_t at = offset % PATTERN_BYTES;
        uint64_t size = bytes < PATTERN_BYTES - at ? bytes : PATTERN_BYTES - at;
        if (!take(ctx, &(struct run){.bytes = pattern.bytes + at, .fd = pattern.fd, .offset = at, .size = size})) {
            return false;
        }
        offset += size;
        bytes -= size;
    }
    return true;
}

static bool walk_joined(const struct blob *blob, uint64_t offset, uint64_t bytes, run_fn *take, void *ctx) {
    for (size_t i = 0; i < blob->children_count && bytes > 0; i++) {
        uint64_t end = blob->starts[i] + blob->children[i]->size;
        if (offset < end) {
            uint64_t size = bytes < end - offset ? bytes : end - offset;
            if (!walk(blob->children[i], offset - blob->starts[i], size, take, ctx)) {
                return false;
            }
            offset += size;
            bytes -= size;
        }
    }
    return true;
}

static bool walk(const struct blob *blob, uint64_t offset, uint64_t bytes, run_fn *take, void *ctx) {
    switch (blob->kind) {
    case BLOB_MADE:
        return walk_made(offset, bytes, take, ctx);
    case BLOB_JOINED:
        return walk_joined(blob, offset, bytes, take, ctx);
    case BLOB_SLICE:
        return walk(blob->children[0], offset + blob->offset, bytes, take, ctx);
    case BLOB_FILE:
        return bytes == 0 || take(ctx, &(struct run){.fd = blob->fd, .offset = offset, .size = bytes});
    case BLOB_BYTES:
        break;
    }
    return bytes == 0 || take(ctx, &(struct run){.bytes = blob->bytes + offset, .fd = -1, .size = bytes});
}

static bool run_copy(void *ctx, const struct run *run) {
    char **out = ctx;
    uint64_t done = 0;
    if (run->bytes) {
        memcpy(*out, run->bytes, run->size);
        done = run->size;
    }
    while (done < run->size) {
        ssize_t got = pread(run->fd, *out + done, run->size - done, (off_t)(run->offset + done));
        if (got <= 0) {
            abort();
        }
        done += (uint64_t)got;
    }
    *out += run->size;
    return true;
}

void blob_read(const struct blob *blob, uint64_t offset, void *out, size_t bytes) {
    char *to = out;
    walk(blob, offset, bytes, run_copy, &to);
}

static bool run_send(void *ctx, const struct run *run) {
    return run->fd >= 0 ? wire_send_file(ctx, run->fd, run->offset, run->size)
                        : wire_send(ctx, run->bytes, run->size, false);
}

bool blob_send(const struct blob *blob, struct wire *wire, uint64_t offset, uint64_t bytes) {
    return walk(blob, offset, bytes, run_send, wire);
}

/* The CRC of a made blob follows from that of its block, without a look at its bytes. */
static void made_digest(uint64_t size, uint8_t out[DIGEST_BYTES_MAX]) {
    uint8_t tail[DIGEST_BYTES_MAX], block[DIGEST_BYTES_MAX];
    uint64_t block_bytes = PATTERN_BYTES;
    digest_of(DIGEST_CRC64NVME, "", 0, out);
    memcpy(block, pattern.crc, sizeof(block));
    for (uint64_t left = size / PATTERN_BYTES; left; left >>= 1) {
        if (left & 1) {
            digest_join(DIGEST_CRC64NVME, out, block, block_bytes);
        }
        uint8_t same[DIGEST_BYTES_MAX];
        memcpy(same, block, sizeof(same));
        digest_join(DIGEST_CRC64NVME, block, same, block_bytes);
        block_bytes *= 2;
    }
    digest_of(DIGEST_CRC64NVME, pattern.bytes, size % PATTERN_BYTES, tail);
    digest_join(DIGEST_CRC64NVME, out, tail, size % PATTERN_BYTES);
}

static bool run_digest(void *ctx, const struct run *run) {
    char piece[READ_BYTES];
    if (run->bytes) {
        digest_add(ctx, run->bytes, run->size);
        return true;
    }
    for (uint64_t done = 0; done < run->size;) {
        ssize_t got = pread(run->fd, piece, run->size - done < sizeof(piece) ? run->size - done : sizeof(piece),
                            (off_t)(run->offset + done));
        if (got <= 0) {
            abort();
        }
        digest_add(ctx, piece, (size_t)got);
        done += (uint64_t)got;
    }
    return true;
}

void blob_digest(const struct blob *blob, enum digest_kind kind, uint8_t out[DIGEST_BYTES_MAX]) {
    struct digest digest;
    if (blob->kind == BLOB_MADE && kind == DIGEST_CRC64NVME) {
        made_digest(blob->size, out);
        return;
    }
    digest_begin(&digest, kind);
    walk(blob, 0, blob->size, run_digest, &digest);
    digest_end(&digest, out);
}

static bool write_all(int fd, const char *data, size_t bytes) {
    while (bytes > 0) {
        ssize_t written = write(fd, data, bytes);
        if (written <= 0) {
            return false;
        }
        data += written;
        bytes -= (size_t)written;
    }
    return true;
}

bool blob_writer_add(struct blob_writer *writer, const void *data, size_t bytes) {
    writer->size += bytes;
    if (writer->forgets) {
        return true;
    }
    if (!writer->fd && writer->small.size + bytes <= SMALL_BYTES_MAX) {
        text_add(&writer->small, data, bytes);
        return true;
    }
    if (!writer->fd) {
        writer->fd = file_without_name(pattern.folder);
        if (writer->fd < 0 || !write_all(writer->fd, text_of(&writer->small), writer->small.size)) {
            return false;
        }
        text_release(&writer->small);
    }
    return write_all(writer->fd, data, bytes);
}

struct blob *blob_writer_end(struct blob_writer *writer) {
    struct blob *blob = NULL;
    if (writer->forgets) {
        blob = blob_made(writer->size);
    } else if (writer->fd > 0) {
        blob = blob_new(BLOB_FILE, writer->size);
        blob->fd = writer->fd;
        writer->fd = 0;
    } else {
        blob = blob_of_bytes(text_of(&writer->small), writer->small.size);
    }
    blob_writer_release(writer);
    return blob;
}

void blob_writer_release(struct blob_writer *writer) {
    if (writer->fd > 0) {
        close(writer->fd);
    }
    text_release(&writer->small);
    *writer = (struct blob_writer){0};
}
