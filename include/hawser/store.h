/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stores: where objects live, how those of services are reached, and what a store is that a program
 * brings itself.
 *
 * A path names an object in a store: `s3://bucket/key`, `file:///folder/name`, `folder/name`, and
 * to be read only, `https://host/folder/name` and the same by `http://`. A
 * program that keeps its objects elsewhere, in memory or behind a service of its own, makes a
 * struct hw_store and hands it over in hw_store_options.stores. If its root is `mem://`, then
 * `mem://in/a.csv` is a path like any other. hawser/memory.h has a store that is ready.
 */
#ifndef HAWSER_STORE_H
#define HAWSER_STORE_H

#include <stdint.h>

#include <hawser/error.h>
#include <hawser/io.h>
#include <hawser/log.h>
#include <hawser/s3.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------ how stores are reached */

enum hw_addressing {
    /** Virtual-host style, path style where the endpoint is custom or the bucket has dots. */
    HW_ADDRESSING_AUTO,
    HW_ADDRESSING_PATH,
    HW_ADDRESSING_VIRTUAL
};

/** {0} means: everything from the environment and the AWS files, as the AWS CLI reads them. */
struct hw_store_options {
    const char *profile; /**< NULL: AWS_PROFILE, else "default". */
    /** NULL: AWS_REGION, AWS_DEFAULT_REGION, the profile's, else us-east-1. */
    const char *region;
    /** NULL: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's, else AWS's own. */
    const char *endpoint_url;
    const char *ca_bundle; /**< NULL: AWS_CA_BUNDLE, else the system's. */
    bool no_sign_request;  /**< Anonymous requests. */
    enum hw_addressing addressing;
    /** Requests in flight at once, of all stores with equal options together. 0: 16. */
    uint32_t connections_max;
    uint32_t attempts_max; /**< Tries of a request. 0: AWS_MAX_ATTEMPTS, else any number. */
    /**
     * A request that fails for a passing reason is tried again for so long after its first failure,
     * with pauses that grow from about 1 s to 20 s; for a shorter time they begin with less. 0: two
     * minutes.
     */
    int64_t retry_for_ms;
    /**
     * A request fails, and is tried again, when no byte of it moves for so long, connecting
     * included, or when less than 1 KiB a second do on average over so long. 0: 60 s.
     */
    int64_t timeout_ms;
    uint64_t part_bytes; /**< Part of a multipart upload at least, ranged read at most. 0: 8 MiB. */
    /**
     * Parts of one upload that are in memory at once: one is filled while the others are sent. 0:
     * 5, the most.
     */
    uint32_t parts_held;
    /** Each connection has two buffers of this size, to receive and to send. 0: 512 KiB. */
    uint32_t buffer_bytes;
    /** Asked now and then while waiting; true stops with HW_ECANCELLED. NULL: never. Any thread. */
    bool (*cancelled)(void *ctx);
    void *cancelled_ctx;
    /**
     * Stores of the program's own. A path that begins with the root of one of them is in that
     * store. They are borrowed for the call, and on both sides a root means the same store.
     */
    struct hw_store *const *stores;
    size_t stores_count;
    const struct hw_log *log; /**< It is told of each request. NULL: nobody is. */
    /** Bytes a second, both ways, of all stores with this limit together. 0: as fast as can be. */
    uint64_t bytes_per_second_max;
    /** Options of every request to a bucket; other stores have no use for them. NULL: none. */
    const struct hw_s3_access *s3;
    /** Listings of local folders leave symbolic links out. A path that is a link is followed. */
    bool links_left_out;
    const void *reserved[2]; /**< NULL. Later versions may give them a meaning. */
};

/* ------ what a store is */

/** Facts of one object. */
struct hw_object_info {
    const char *key; /**< UTF-8, with `/` between names. */
    uint64_t size;   /**< Bytes. */
    /** Time of the last change, microseconds since 1970 UTC; 0 when unknown. */
    int64_t mtime_us;
    const char *etag; /**< Version of the object; "" when the store has none. */
};

/**
 * Is called for every object of a listing; `info` is borrowed for the call. Any status but HW_OK
 * ends the listing, which then returns it.
 */
typedef enum hw_status hw_list_fn(void *ctx, const struct hw_object_info *info, struct hw_error *err);

struct hw_store;
struct hw_store_sync;

enum { HW_ETAG_BYTES = 128 };

/** Facts of a local file that a copy of it may keep. */
struct hw_file_facts {
    bool has_mtime;
    int64_t mtime_ns; /**< Time of the last change, nanoseconds since 1970 UTC. */
    bool has_mode;
    uint32_t mode; /**< The permissions of owner, group and others, 0 to 0777. */
};

/** Options of a sink. Texts are borrowed for the call of sink_open. */
struct hw_sink_options {
    uint64_t size_hint; /**< Bytes that may come at most, to size parts; 0: not known. */
    /** `finish` is HW_EEXISTS where the object is there already. */
    bool create_only;
    /** `finish` is HW_ECHANGED where the object's ETag is another. NULL: whatever is there. */
    const char *if_match;
    const char *content_type; /**< NULL: application/octet-stream. */
    /** Thousands may be open or settled at once: the sink should hold no buffers. */
    bool one_of_many;
    /** Local files with the same sync are flushed together. Other stores ignore it. */
    struct hw_store_sync *sync;
    /**
     * The object is written long after it is opened: `sink_open` finds out as far as it can whether
     * that will be allowed, and leaves nothing of the trial.
     */
    bool proven;
    /**
     * Links that stand at the object's name, or at a folder of it behind the first `kept_bytes` of
     * the key, are not followed: `sink_open` is HW_EUSAGE. Stores without links ignore it.
     */
    bool links_refused;
    size_t kept_bytes;
    /**
     * Names the source and its version, if what a killed run has left of the same object, written
     * in parts of the same source, may be taken up. NULL: the object is begun anew.
     */
    const char *resume_id;
    /** An object that is not finished is kept as far as it is there, for a later run. */
    bool keep_partial;
    /**
     * Options that say how the object is kept. A store that cannot keep one of them fails with
     * HW_EUSAGE, but for the content type, its default above and the kind of checksum, of which
     * local files have none. NULL: {0}.
     */
    const struct hw_write_options *write;
    /**
     * Facts that a local file gets; what it does not say is as of any file that is made, and so is
     * all of it where this is NULL. Other stores ignore it.
     */
    const struct hw_file_facts *file_facts;
};

/**
 * The operations of a store. Each is safe from several threads at once. `key` is what stands behind
 * the store's root in a path; it and `prefix` are borrowed for the call. Errors need not name the
 * object, the caller adds that.
 */
struct hw_store_ops {
    size_t size; /**< sizeof(struct hw_store_ops). 0 stands for that of version 0.1. */
    /**
     * Calls `each` for every object whose key begins with `prefix`, in byte order of the keys. None
     * is no fault. `each` may call the store.
     */
    enum hw_status (*list)(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                           struct hw_error *err);
    /**
     * Fills in the facts of one object: its `etag` points to `out_etag`, its `key` is the caller's.
     * HW_ENOTFOUND where there is none; then sys_errno is EISDIR where a local folder is at `key`.
     */
    enum hw_status (*stat)(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                           char out_etag[HW_ETAG_BYTES], struct hw_error *err);
    /**
     * Opens an object to be read. The source is pinned to one version (hawser/io.h). `known` is
     * what a listing or `stat` has told of the object; NULL: nothing.
     */
    enum hw_status (*source_open)(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                  struct hw_source **out_source, struct hw_error *err);
    /** Opens an object to be written, in whatever folder. The store outlives its sinks. */
    enum hw_status (*sink_open)(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                struct hw_sink **out_sink, struct hw_error *err);
    /** Removes one object. None there is no fault. */
    enum hw_status (*remove)(struct hw_store *store, const char *key, struct hw_error *err);
    /**
     * Tells whether the object at `key` is reached without links: no folder on the way behind the
     * first `kept_bytes` of `key` is a link, and the object itself is a regular file. NULL: the
     * store has no links.
     */
    enum hw_status (*reached)(struct hw_store *store, const char *key, size_t kept_bytes, bool *out_reached,
                              struct hw_error *err);
    /**
     * Keeps other runs that ask for the lock of this folder ("" or ending in '/') waiting, as long
     * as the descriptor `*out_fd` is open; it is -1 where the file system has no locks of folders.
     * HW_EIO where another has held it for too long, HW_ENOTFOUND where there is no folder. NULL:
     * the store has no locks.
     */
    enum hw_status (*lock)(struct hw_store *store, const char *folder, int *out_fd, struct hw_error *err);
    /**
     * Removes folders of `key` that are empty, the innermost first, but none of its first
     * `kept_bytes`, and none that a link behind them leads to. NULL: the store has no folders.
     */
    void (*prune)(struct hw_store *store, const char *key, size_t kept_bytes);
    /** Closes a store that was opened by its path. NULL: whoever has made it frees it. */
    void (*close)(struct hw_store *store);
    /**
     * Puts into `fault`, with which `stat` has failed for `key`, what the service says of it beyond
     * that, and returns its status; HW_OK where the object can be read, so that `stat` is worth
     * another try. NULL: the errors of `stat` say all that is known.
     */
    enum hw_status (*explain)(struct hw_store *store, const char *key, struct hw_error *fault);
    /**
     * Removes one object as `remove` does, unless a folder on the way to it behind the first
     * `kept_bytes` of `key` is a link: then nothing is removed, and it is HW_EUSAGE. More bytes
     * than `key` has stand for all folders. A link at `key` itself is removed, and what it points
     * to stays. NULL: the store has no links.
     */
    enum hw_status (*remove_within)(struct hw_store *store, const char *key, size_t kept_bytes, struct hw_error *err);
};

/** A store. An implementation puts it first in a struct of its own. */
struct hw_store {
    const struct hw_store_ops *ops;
    /**
     * Paths of its objects begin with it. The root of a program's own store is a name of letters
     * and digits, and "://".
     */
    const char *root;
    bool remote; /**< Reads cross a network: few large ones are better than many small ones. */
    bool files;  /**< Paths are those of local files. */
    /**
     * Objects have ETags, and sinks hold `if_match` and `create_only` against all other writers.
     * Else two runs that write to one folder at once need `lock`.
     */
    bool conditional;
};

#ifdef __cplusplus
}
#endif

#endif
