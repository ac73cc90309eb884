/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking at the objects of a store and managing what a bucket holds: listings, sums, facts, bytes,
 * addresses, buckets and uploads that nobody has completed.
 *
 * A path names one object, `s3://bucket/key`, or several: a folder or prefix that ends in `/`, or
 * all that matches a wildcard, in which `*` stands for any characters and `?` for one, `/`
 * included. The text before the first wildcard is taken as it is. Local files and the stores of a
 * program have paths of the same kind (hawser/store.h).
 */
#ifndef HAWSER_OBJECTS_H
#define HAWSER_OBJECTS_H

#include <hawser/error.h>
#include <hawser/io.h>
#include <hawser/s3.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** {0} means the documented defaults. Texts are borrowed for the call. */
struct hw_objects_options {
    /** sizeof(struct hw_objects_options). 0 stands for that of version 0.1. */
    size_t size;
    struct hw_store_options store; /**< Settings of the stores that the paths are in. */
    bool raw;                      /**< `*` and `?` in a path stand for themselves. */
    /** A listing has every version of an object, and the markers of those that were deleted. */
    bool all_versions;
    /**
     * The version of the one object of S3 that a path names, for facts, bytes and addresses. NULL:
     * the newest.
     */
    const char *version_id;
};

/* ------ listings */

enum hw_listed_kind {
    HW_LISTED_OBJECT,
    HW_LISTED_PREFIX,  /**< A folder: all objects whose keys go on behind this name. */
    HW_LISTED_DELETED, /**< The version that says that an object was deleted. */
    HW_LISTED_BUCKET
};

/** An entry of a listing. Texts are borrowed for the call that hands it out. */
struct hw_listed {
    enum hw_listed_kind kind;
    const char *path; /**< "s3://bucket/key"; that of a prefix ends in `/`. */
    const char *name; /**< The part of it behind the folder that the path names. */
    uint64_t bytes;   /**< Size of the object; else 0. */
    int64_t mtime_us; /**< Last change, of a bucket its creation; 0 where it is not known. */
    const char *etag; /**< Without quotes; "" where there is none. */
    /** "" but for `all_versions`; "null" is a version that was made while none were kept. */
    const char *version_id;
    bool latest; /**< The version is the one that a read gets. */
};
/** Takes an entry. Any status but HW_OK ends the listing, which then returns it. */
typedef enum hw_status hw_listed_fn(void *ctx, const struct hw_listed *listed, struct hw_error *err);

/**
 * Lists one level of a folder, a bucket or a prefix: objects, and what lies deeper as prefixes. A
 * path of a service that does not end in `/` is the beginning of names. A wildcard lists all that
 * matches, whatever its level. `path` NULL lists the buckets of the account. Entries come in the
 * order of their bytes. HW_ENOTFOUND where there is nothing; a bucket or a local folder may be
 * empty. HW_EUSAGE for `all_versions` of what is no bucket.
 */
HW_API HW_NODISCARD enum hw_status hw_objects_list(const char *path, const struct hw_objects_options *options,
                                                   hw_listed_fn *each, void *ctx, struct hw_error *err);

/** The sums over several objects. */
struct hw_usage {
    uint64_t objects;
    uint64_t bytes;
};
/**
 * Counts the objects that a path names, and their bytes. HW_ENOTFOUND where there are none; a
 * bucket or a local folder may be empty. `out_usage` is untouched on failure.
 */
HW_API HW_NODISCARD enum hw_status hw_objects_usage(const char *path, const struct hw_objects_options *options,
                                                    struct hw_usage *out_usage, struct hw_error *err);

/* ------ facts and bytes */

/** All that a store tells of one object. Texts are borrowed for the call that hands it out. */
struct hw_object_facts {
    const char *path;
    uint64_t bytes;
    int64_t mtime_us; /**< 0 where it is not known. */
    const char *etag; /**< Without quotes; "" where there is none. */
    /** The following are NULL where the store does not say. */
    const char *content_type;
    const char *content_encoding;
    const char *cache_control;
    const char *storage_class; /**< NULL stands for STANDARD on S3. */
    const char *encryption;
    const char *version_id;
    /**
     * The best checksum that the store keeps, and its text in base64; "" where there is none. "-N"
     * at the end says that it is one of the checksums of N parts.
     */
    enum hw_checksum_kind checksum;
    const char *checksum_text;
    const struct hw_metadata *metadata; /**< Sorted by name. */
    size_t metadata_count;
};
/** Takes the facts of an object. Any status but HW_OK ends the call, which then returns it. */
typedef enum hw_status hw_object_facts_fn(void *ctx, const struct hw_object_facts *facts, struct hw_error *err);

/** Asks for the facts of each object that a path names. HW_ENOTFOUND where there is none. */
HW_API HW_NODISCARD enum hw_status hw_objects_facts(const char *path, const struct hw_objects_options *options,
                                                    hw_object_facts_fn *each, void *ctx, struct hw_error *err);

/** Takes the next bytes. Any status but HW_OK ends the call, which then returns it. */
typedef enum hw_status hw_bytes_fn(void *ctx, const void *data, size_t bytes, struct hw_error *err);

/**
 * Reads each object that a path names, one after the other, and hands out its bytes in order. Each
 * is of one version. All of it is compared with the checksum that the store keeps, if it keeps one:
 * HW_ECHECKSUM means that bytes which were handed out are not those of the object. HW_ENOTFOUND
 * where there is none.
 */
HW_API HW_NODISCARD enum hw_status hw_objects_read(const char *path, const struct hw_objects_options *options,
                                                   hw_bytes_fn *take, void *ctx, struct hw_error *err);

/* ------ addresses, buckets, uploads; S3 alone, HW_EUSAGE for any other path */

/**
 * Makes the address by which anybody can read an object, whether it is there or not, for
 * `expires_seconds`: 1 to 604,800, seven days (HW_EUSAGE). It is a secret as long as it holds.
 * Temporary credentials end it earlier. HW_EAUTH where there are no credentials. hw_text_free
 * (hawser/csv.h) frees `out_url`.
 */
HW_API HW_NODISCARD enum hw_status hw_object_presign(const char *path, const struct hw_objects_options *options,
                                                     uint64_t expires_seconds, char **out_url, struct hw_error *err);

/** Makes a bucket, `s3://name`. HW_EEXISTS where there is one of this name. */
HW_API HW_NODISCARD enum hw_status hw_bucket_create(const char *path, const struct hw_objects_options *options,
                                                    struct hw_error *err);
/** Removes an empty bucket. HW_ENOTFOUND where there is none, HW_EFAILED where it is not empty. */
HW_API HW_NODISCARD enum hw_status hw_bucket_remove(const char *path, const struct hw_objects_options *options,
                                                    struct hw_error *err);

/** An upload that was begun, and neither completed nor aborted. */
struct hw_open_upload {
    const char *path; /**< The object that it would make. */
    const char *upload_id;
    int64_t initiated_us; /**< 0 where it is not known. */
    uint64_t bytes;       /**< The sizes of the parts that are at the service. */
    /** HW_OK, or why its parts could not be counted or it could not be aborted. */
    enum hw_status status;
    const struct hw_error *error; /**< NULL for HW_OK. */
    bool aborted;                 /**< It is gone now. */
};
/** Takes an upload. Any status but HW_OK ends the call, which then returns it. */
typedef enum hw_status hw_open_upload_fn(void *ctx, const struct hw_open_upload *upload, struct hw_error *err);

/** {0} lists all uploads and aborts none. */
struct hw_uploads_options {
    size_t size; /**< sizeof(struct hw_uploads_options). 0 stands for that of version 0.1. */
    /** Aborts each of them: its parts are deleted, and it can never be completed. */
    bool abort;
    /** Leaves out those that were begun within this time, or at an unknown one. 0: none. */
    int64_t older_than_ms;
};
/**
 * Hands out each open upload whose object a path names: those of a bucket, below a prefix, or that
 * match a wildcard; a path of another kind is the beginning of keys. There may be none. One failing
 * upload does not stop the others: the call then returns HW_EPARTIAL, or its status if none
 * succeeded. An upload that ends meanwhile is not handed out.
 */
HW_API HW_NODISCARD enum hw_status hw_uploads_list(const char *path, const struct hw_objects_options *options,
                                                   const struct hw_uploads_options *uploads, hw_open_upload_fn *each,
                                                   void *ctx, struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
