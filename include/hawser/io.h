/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sources and sinks: how a codec or a format sees an object, whatever store holds it. A program
 * that brings a store of its own (hawser/store.h) implements them.
 */
#ifndef HAWSER_IO_H
#define HAWSER_IO_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hw_source;
struct hw_sink;

/** Checksums that a store keeps of an object. */
enum hw_checksum_kind {
    HW_CHECKSUM_NONE,
    HW_CHECKSUM_CRC64NVME,
    HW_CHECKSUM_CRC32C,
    HW_CHECKSUM_CRC32,
    HW_CHECKSUM_SHA1,
    HW_CHECKSUM_SHA256,
    HW_CHECKSUM_MD5,
    HW_CHECKSUM_KINDS /**< Their number; later versions may have more. */
};

enum { HW_CHECKSUM_DIGEST_BYTES = 32 };

/** A checksum. The members that its kind does not use are zero. */
struct hw_checksum {
    enum hw_checksum_kind kind;
    uint64_t value;                           /**< The sum of a CRC. */
    uint8_t digest[HW_CHECKSUM_DIGEST_BYTES]; /**< MD5, SHA-1 or SHA-256, from its first byte. */
    /**
     * 0: it is of the object's bytes. Else it is of the checksums of so many parts, one after the
     * other, as S3 has it of objects that came in parts (COMPOSITE).
     */
    uint32_t parts;
};

/**
 * A source: bytes of one object that can be read at any offset. It is pinned to one version: bytes
 * of two versions are never mixed, a read after the object has changed fails with HW_ECHANGED.
 */
struct hw_source_ops {
    size_t size; /**< sizeof(struct hw_source_ops). 0 stands for that of version 0.1. */
    /**
     * Reads exactly `bytes` bytes from `offset` into `data`. Reaching beyond `size` is a caller's
     * bug and fails with HW_EIO. Safe to call from several threads at once.
     */
    enum hw_status (*read_at)(struct hw_source *source, uint64_t offset, void *data, size_t bytes,
                              struct hw_error *err);
    /** Releases the source. */
    void (*close)(struct hw_source *source);
    /**
     * The checksum of the whole object that the store keeps, which may be none. It may take a
     * request. NULL: the store keeps none.
     */
    enum hw_status (*checksum)(struct hw_source *source, struct hw_checksum *out_checksum, struct hw_error *err);
    /**
     * Says that reads follow each other from here on, so that a store may fetch what comes next
     * before it is asked for. NULL: that makes no difference.
     */
    void (*in_order)(struct hw_source *source);
    /**
     * The address of the object where it is another one than was named, because a server has sent
     * us there; else NULL. It lives as long as the source and holds no secret. NULL: there is none.
     */
    const char *(*moved)(struct hw_source *source);
    /**
     * Says that these bytes will be read soon, once and from the first of them on, so that a store
     * may fetch them before. They take memory until they are read or forgotten. The call does not
     * wait. Any thread. NULL: that makes no difference.
     */
    void (*expect)(struct hw_source *source, uint64_t offset, size_t bytes);
    /** Says that bytes which are expected will not be read. NULL, as `expect` then is too. */
    void (*forget)(struct hw_source *source, uint64_t offset, size_t bytes);
};

struct hw_source {
    const struct hw_source_ops *ops;
    uint64_t size;    /**< Bytes. */
    int64_t mtime_us; /**< Time of the last change, microseconds since 1970 UTC; 0 when unknown. */
    const char *name; /**< Store path, for messages. Lives as long as the source. */
    const char *etag; /**< Version of the object; "" when the store has none. */
    bool remote;      /**< Reads cross a network: few large reads beat many small ones. */
    /**
     * The kind of checksum that all bytes were compared with when they were fetched.
     * HW_CHECKSUM_NONE leaves that to the reader.
     */
    enum hw_checksum_kind proved_by;
};

/** A part of an object that is written in parts. */
struct hw_sink_part {
    uint64_t number; /**< From 0. */
    uint64_t offset; /**< Place of its first byte in the object. */
    const void *data;
    size_t bytes;
    uint64_t crc64nvme; /**< CRC-64/NVME of the bytes. */
};

/**
 * A sink: one object being written. Nothing is visible at its final name until `finish` has
 * returned HW_OK; `free` without `finish` leaves the old object, or nothing, and no temporary file
 * or upload.
 */
struct hw_sink_ops {
    size_t size; /**< sizeof(struct hw_sink_ops). 0 stands for that of version 0.1. */
    /** Appends `bytes` bytes. After a failure only `free` may be called. */
    enum hw_status (*write)(struct hw_sink *sink, const void *data, size_t bytes, struct hw_error *err);
    /**
     * Brings all bytes to where they stay, still invisible, so that hardly anything is left that
     * can go wrong in `finish`. Whoever publishes several objects together settles all of them
     * first. Nothing may be written after it.
     */
    enum hw_status (*settle)(struct hw_sink *sink, struct hw_error *err);
    /**
     * Publishes the object, settled before or not. After HW_OK, `sink->etag` is set where the store
     * has ETags.
     */
    enum hw_status (*finish)(struct hw_sink *sink, struct hw_error *err);
    /** Releases the sink; aborts it when it was not finished. Cannot fail. */
    void (*free)(struct hw_sink *sink);
    /**
     * Says, before anything is written, that the object will have `size` bytes and will be written
     * by `part_write` alone, in parts of `*part_bytes` each but for the last one. The sink may make
     * `*part_bytes` larger. NULL, as `part_write` then is too: it is written in order only.
     */
    enum hw_status (*parts_begin)(struct hw_sink *sink, uint64_t size, uint64_t *part_bytes, struct hw_error *err);
    /**
     * Writes one part, each once, in any order and from several threads at once. The data is
     * borrowed for the call. `finish` fails where parts are missing.
     */
    enum hw_status (*part_write)(struct hw_sink *sink, const struct hw_sink_part *part, struct hw_error *err);
    /**
     * Reads a part into `data` that an earlier run has written. Where `*out_there` is true it need
     * not be written. `part` has number, offset and bytes. NULL: no sink of this kind takes up
     * what was left.
     */
    enum hw_status (*part_read)(struct hw_sink *sink, const struct hw_sink_part *part, void *data, bool *out_there,
                                struct hw_error *err);
    /**
     * Writes the whole object at once, in place of `write`. The data is borrowed until `finish` or
     * `free` has returned, so that the sink need not copy it. NULL: `write` is called.
     */
    enum hw_status (*whole_write)(struct hw_sink *sink, const void *data, size_t bytes, struct hw_error *err);
    /**
     * Opens the bytes of a sink that is settled, before it is published. The source must be closed
     * before the sink is freed. NULL: nobody can read them before they are published.
     */
    enum hw_status (*settled_open)(struct hw_sink *sink, struct hw_source **out_source, struct hw_error *err);
};

struct hw_sink {
    const struct hw_sink_ops *ops;
    uint64_t written; /**< Bytes accepted by `write` so far. */
    /** Set by `finish`, valid as long as the sink; "" before, and when the store has none. */
    const char *etag;
    /** Set by `finish`: time of the last change, as the source then has it; 0 when unknown. */
    int64_t mtime_us;
};

#ifdef __cplusplus
}
#endif

#endif
