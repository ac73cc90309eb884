/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stores: where objects live, behind one table of schemes. A store is opened on a place
 * (`s3://bucket`, a directory); keys below it are UTF-8 with `/` between names. Safe from several
 * threads unless said otherwise.
 */
#ifndef HW_STORE_STORE_H
#define HW_STORE_STORE_H

#include <hawser/io.h>
#include <hawser/store.h>

#include "core/error.h"
#include "core/view.h"

struct hw_store;

struct hw_object_info {
    const char *key; /* below the store's root; borrowed for the call that hands it out */
    uint64_t size;
    int64_t mtime_us;
    const char *etag; /* "" when the store has none */
};

/* Called for every object; a status other than HW_OK ends the listing and is returned. */
typedef enum hw_status hw_list_fn(void *ctx, const struct hw_object_info *info, struct hw_error *err);

/*
 * Makes many local files last together: one flush of their file system takes the place of one for
 * each file and each folder, which the disk would be kept waiting for one after the other. Stores
 * without files do nothing with it.
 */
struct hw_store_sync {
    int fd;          /* -1: nothing has joined yet */
    uint64_t device; /* the file system; what lies on another is flushed for itself */
};
#define HW_STORE_SYNC_INIT \
    { .fd = -1 }
/* Everything that sinks with this sync have settled or finished is on the disk. */
HW_NODISCARD enum hw_status hw_store_sync_run(struct hw_store_sync *sync, struct hw_error *err);
void hw_store_sync_release(struct hw_store_sync *sync);

struct hw_sink_options {
    uint64_t size_hint; /* bytes that may come at most, to size parts; 0: not known */
    bool create_only;   /* HW_EEXISTS at finish where the object is there already */
    /* HW_ECHANGED at finish where the object's ETag is another; NULL: whatever is there */
    const char *if_match;
    const char *content_type; /* NULL: application/octet-stream */
    /* thousands may be open or settled at once: hold nothing that is not needed */
    bool one_of_many;
    struct hw_store_sync
        /*
         * settle and finish leave what they did to hw_store_sync_run to make it last. NULL: they
         * see to it
         */
        *sync;
};

struct hw_store_ops {
    /*
     * Every object whose key begins with `prefix`, in byte order of keys; none is no fault. A local
     * directory is walked, links are followed, temporaries of ours (".hawser-...") and what is no
     * regular file left out.
     */
    enum hw_status (*list)(struct hw_store *store, const char *prefix, hw_list_fn *each, void *ctx,
                           struct hw_error *err);
    /*
     * Facts of one object; HW_ENOTFOUND where there is none, with sys_errno EISDIR where a local
     * directory stands at `key`. `key` stays the caller's.
     */
    enum hw_status (*stat)(struct hw_store *store, const char *key, struct hw_object_info *out_info, char out_etag[128],
                           struct hw_error *err);
    /*
     * `known` is what a listing or stat has told of the object; NULL: nothing. A store across a
     * network believes what differs from it only where it says so twice.
     */
    enum hw_status (*source_open)(struct hw_store *store, const char *key, const struct hw_object_info *known,
                                  struct hw_source **out_source, struct hw_error *err);
    /*
     * Local files: parent directories are made as needed; a link at `key` is itself replaced, not
     * what it points to; a directory, device, pipe or link into /dev or /proc there is HW_EUSAGE.
     * `store` must outlive sources and sinks.
     */
    enum hw_status (*sink_open)(struct hw_store *store, const char *key, const struct hw_sink_options *options,
                                struct hw_sink **out_sink, struct hw_error *err);
    /* Removes one object; none there is no fault. */
    enum hw_status (*remove)(struct hw_store *store, const char *key, struct hw_error *err);
    /*
     * Tells whether the object at `key` is to be reached without links: no folder on the way behind
     * the first `kept_bytes` of `key` is one, nor the object itself, which is a regular file. NULL:
     * there are no links.
     */
    enum hw_status (*reached)(struct hw_store *store, const char *key, size_t kept_bytes, bool *out_reached,
                              struct hw_error *err);
    /*
     * Keeps other runs that ask for the lock of this folder ("" or ending in '/') waiting, as long
     * as `*out_fd` is open; it is -1 where the file system has no locks of folders. HW_EIO where
     * another has held it for too long, HW_ENOTFOUND where there is no folder. NULL: the store has
     * no locks.
     */
    enum hw_status (*lock)(struct hw_store *store, const char *folder, int *out_fd, struct hw_error *err);
    /*
     * Takes away folders of `key` that are empty, the innermost first, none of its first
     * `kept_bytes`. NULL: there are no folders.
     */
    void (*prune)(struct hw_store *store, const char *key, size_t kept_bytes);
    void (*close)(struct hw_store *store);
};

struct hw_store {
    const struct hw_store_ops *ops;
    /* as the user would write it: "s3://bucket/" or "/data/"; key appended it names an object */
    const char *root;
    bool remote;
};

/* A store path taken apart: scheme, what the store is opened on, and the key below it. */
struct hw_location {
    const struct hw_scheme *scheme;
    /* owned: bucket name, or directory ("/" for absolute paths, "" for the working directory) */
    char *root;
    char *key; /* owned: may be empty, may end in '/', may hold glob characters */
};

/*
 * Takes `uri` apart: `s3://bucket/key`, `file:///dir/name`, `dir/name`. HW_EUSAGE names what is
 * wrong with it. Local keys come without `.` and empty names; `..` stays, it is for the file system
 * to resolve. `-` has no meaning here.
 */
HW_NODISCARD enum hw_status hw_location_parse(const char *uri, struct hw_location *out_location, struct hw_error *err);
void hw_location_release(struct hw_location *location);

/* Opens the store of a location. Two locations with equal scheme and root can share one. */
HW_NODISCARD enum hw_status hw_store_open(const struct hw_location *location, const struct hw_store_options *options,
                                          struct hw_store **out_store, struct hw_error *err);
void hw_store_close(struct hw_store *store);
/* Returns how many connections a remote store with these options has at once. */
uint32_t hw_store_connections(const struct hw_store_options *options);

/*
 * Opens a source of which no listing has told: a store across a network is asked for its facts
 * first.
 */
HW_NODISCARD enum hw_status hw_store_source_open(struct hw_store *store, const char *key, struct hw_source **out_source,
                                                 struct hw_error *err);
/* The whole object in memory, at most `limit` bytes (HW_ELIMIT beyond). */
struct hw_buf;
HW_NODISCARD enum hw_status hw_store_read_all(struct hw_store *store, const char *key, size_t limit, struct hw_buf *out,
                                              struct hw_error *err);
/* Publishes `bytes` bytes as one object. */
HW_NODISCARD enum hw_status hw_store_write_all(struct hw_store *store, const char *key, const char *content_type,
                                               const void *data, size_t bytes, struct hw_error *err);

/*
 * Opens a sink where a path of the command line says, and its store, which the caller closes after
 * the sink; HW_EUSAGE for a path that names a folder. Errors name the path.
 */
HW_NODISCARD enum hw_status hw_store_sink_at(const char *path, const struct hw_store_options *options,
                                             const char *content_type, struct hw_store **out_store,
                                             struct hw_sink **out_sink, struct hw_error *err);
/* Publishes an object where a path of the command line says; as above. */
HW_NODISCARD enum hw_status hw_store_write_path(const char *path, const struct hw_store_options *options,
                                                const char *content_type, hw_view data, struct hw_error *err);

/* One row a scheme; the table ends with a row without a name. */
struct hw_scheme {
    const char *name; /* "s3", "file" */
    /*
     * Takes apart what stands behind "<name>://": fills root and key, HW_EUSAGE where it names
     * nothing of this scheme.
     */
    enum hw_status (*split)(const char *rest, struct hw_location *location, struct hw_error *err);
    enum hw_status (*open)(const char *root, const struct hw_store_options *options, struct hw_store **out_store,
                           struct hw_error *err);
};
extern const struct hw_scheme hw_schemes[];

/* store_file.c and store_s3.c */
enum hw_status hw_store_file_open(const char *root, const struct hw_store_options *options, struct hw_store **out_store,
                                  struct hw_error *err);
enum hw_status hw_store_s3_open(const char *root, const struct hw_store_options *options, struct hw_store **out_store,
                                struct hw_error *err);

#endif
