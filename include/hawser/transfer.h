/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving objects as they are: between buckets, local folders and a program's own stores. Large
 * objects go in parts, many at once; every byte is compared with the checksums that there are, and
 * an object appears at its new name only when it is whole.
 */
#ifndef HAWSER_TRANSFER_H
#define HAWSER_TRANSFER_H

#include <stddef.h>
#include <stdint.h>

#include <hawser/error.h>
#include <hawser/log.h>
#include <hawser/s3.h>
#include <hawser/store.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The operations that tell of objects. */
enum hw_transfer_op { HW_TRANSFER_COPY, HW_TRANSFER_MOVE, HW_TRANSFER_REMOVE };

enum hw_transfer_outcome {
    HW_TRANSFER_DONE,
    HW_TRANSFER_SKIPPED, /**< Nothing was to be done; `reason` says why. */
    HW_TRANSFER_FAILED,
    HW_TRANSFER_PLANNED /**< A dry run would have done it. */
};

/** Why an object was skipped. */
enum hw_transfer_reason {
    HW_TRANSFER_NO_REASON,
    HW_TRANSFER_EXISTS,    /**< The target is there, and is to be kept. */
    HW_TRANSFER_SAME_SIZE, /**< The target has the same size. */
    HW_TRANSFER_NOT_NEWER, /**< The target is at least as new as the source. */
    HW_TRANSFER_MARKER,    /**< The key ends in '/', so it stands for a folder. */
    HW_TRANSFER_SAME,      /**< The target has the same bytes. */
    HW_TRANSFER_BELOW      /**< It lies below the destination, which lies below the source. */
};

/** The way that the bytes took. */
enum hw_transfer_way {
    HW_TRANSFER_THROUGH,   /**< Through this process. */
    HW_TRANSFER_ON_SERVER, /**< The service has copied the object itself. */
    HW_TRANSFER_WAYS       /**< Their number. */
};

/** The ways that objects may take from bucket to bucket. */
enum hw_transfer_mode {
    /**
     * The service copies where one set of credentials reaches both sides. Once it has refused, all
     * further objects go through this process.
     */
    HW_TRANSFER_AUTO,
    HW_TRANSFER_DIRECT,      /**< The service copies, or the object fails. */
    HW_TRANSFER_TRADITIONAL, /**< All objects go through this process. */
    HW_TRANSFER_HYBRID       /**< As HW_TRANSFER_AUTO, but each object is tried. */
};

/** One object, and what became of it. Its texts are there for the call only. */
struct hw_transfer_object {
    enum hw_transfer_op op;
    const char *source; /**< The path of the source; "" where there is none. */
    const char *path;   /**< The path that was written, or removed. */
    uint64_t size;      /**< Bytes, as far as known. */
    enum hw_transfer_outcome outcome;
    enum hw_transfer_reason reason;
    enum hw_transfer_way way;
    /** The kind of checksum by which the whole object was compared with its source. */
    enum hw_checksum_kind proved_by;
    double seconds;
    const struct hw_error *error; /**< The failure; NULL where there is none. */
    const char *version_id;       /**< The version that was removed; NULL: none was named. */
    /** An older version was there whose parts the service could copy: `delta` of the options. */
    bool delta;
    uint64_t bytes_sent;   /**< Then the bytes that were sent; */
    uint64_t bytes_copied; /**< and those that the service has copied. */
};

struct hw_transfer_progress {
    uint64_t objects_done;
    uint64_t objects_total;
    uint64_t bytes_done;
    uint64_t bytes_total;
    bool listing; /**< There may be more than these. */
};

/** A report of several calls, see hw_transfer_report_open. */
struct hw_transfer_report;

/** {0} means the documented defaults. */
struct hw_transfer_options {
    size_t size; /**< sizeof(struct hw_transfer_options). 0 stands for that of version 0.1. */
    struct hw_store_options source_store;
    struct hw_store_options target_store;
    /** Memory for the parts of objects, bytes. 0: 20 MiB for each processor, 40 MiB at least. */
    uint64_t memory_bytes;
    /** The size of parts, bytes, at least; parts of S3 have 5 MiB or more. 0: 8 MiB. */
    uint64_t part_bytes;

    /** Threads that move objects, at most. 0: as many as requests at once. */
    uint32_t threads_max;

    bool move;    /**< Each source is removed once its target is there. */
    bool dry_run; /**< Says what would be done, and does nothing. */
    bool raw;     /**< '*' and '?' stand for themselves. */
    bool flatten; /**< Objects keep only what follows the last '/' of their names. */
    /** Objects whose names below the source match none of these are left out. */
    const char *const *include;
    size_t include_count;
    const char *const *exclude; /**< So are those that match one of these. */
    size_t exclude_count;
    /**
     * A large object that cannot be finished is kept as far as it is there, for the next run. A
     * killed run leaves that in any case.
     */
    bool keep_partial;
    bool no_clobber;      /**< An object that is there stays. */
    bool if_size_differs; /**< One that is there with the same size stays. */
    bool if_source_newer; /**< One that is there, as new as the source, stays. */
    /**
     * Options that say how the objects are kept. Without a content type they get one by the endings
     * of their names. What it does not say, objects that come from S3 keep. NULL: {0}.
     */
    const struct hw_write_options *write;
    enum hw_transfer_mode mode;
    /**
     * HW_CHECKSUM_SHA256: every object is compared, while it passes, with the SHA-256 in the object
     * beside it that is called like it and `.CHECKSUM` or `.sha256`, as sha256sum writes it. One
     * without such a sidecar fails; sidecars themselves are copied as they are. Bytes then pass
     * through this process. HW_CHECKSUM_NONE: none is looked for.
     */
    enum hw_checksum_kind sidecar;

    /** The place of a JSON report on every object. NULL: there is none. */
    const char *report_path;

    int input_fd;  /**< The source "-". */
    int output_fd; /**< The destination "-". */

    bool fail_fast; /**< No object is begun once one has failed. */
    /** Asked now and then; true stops the run with HW_ECANCELLED. NULL: never. Any thread. */
    bool (*cancelled)(void *ctx);
    /** The callbacks below get it. The first two come from any thread, one at a time. */
    void *ctx;
    void (*on_object)(void *ctx, const struct hw_transfer_object *object);
    void (*on_warning)(void *ctx, const struct hw_error *warning);
    /** Comes five times a second, from the thread that called. */
    void (*on_progress)(void *ctx, const struct hw_transfer_progress *progress);
    const struct hw_log *log; /**< It is told of each request. NULL: nobody is. */
    /**
     * The version that is copied, or removed, of the one object of S3 that is named. A move is
     * HW_EUSAGE. NULL: the newest.
     */
    const char *version_id;
    /**
     * The path of a list of sources, one a line as it stands, "-" for `input_fd`. With one source,
     * which is a folder or a prefix, its paths are below that. NULL: there is none.
     */
    const char *files_from;
    /**
     * A report that several calls write together, to which this one adds its objects, warnings and
     * sums, beside one of its own at `report_path`. See hw_transfer_report_open. NULL: none.
     */
    struct hw_transfer_report *report;
    /** hw_remove removes every version, and every marker of one that was deleted, for good. */
    bool all_versions;
    /**
     * Time of the last change and permissions of files are kept: in a bucket as the metadata
     * `mtime` and `mode`, which files that are made of such objects get again. hw_sync and
     * `if_source_newer` compare these times where they are there. Stores of a program keep neither.
     */
    bool preserve;
    /** Symbolic links below a local source are left out, and a warning tells how many. */
    bool links_left_out;
    bool files_from_nul; /**< Paths of `files_from` end with NUL, not with a line end. */
    /**
     * The path of a table of prices, JSON, by which the report tells what requests and bytes cost.
     * HW_ECONFIG for what is no such table. NULL: list prices of AWS, which are built in.
     */
    const char *prices_path;
    /**
     * The service copies the parts of large objects that have the same bytes at the same place in
     * the older version at the destination, and only the others are sent. Each part is compared by
     * the kind of checksum that the object gets. HW_EUSAGE where the destination is not on S3, and
     * of what comes or goes through a pipe.
     */
    bool delta;
};

/** The objects that took one of the ways. */
struct hw_transfer_way_sums {
    uint64_t objects;
    uint64_t bytes;
    double object_seconds; /**< The sum of the objects' own, many of which pass at once. */
};

struct hw_transfer_result {
    uint64_t objects; /**< Those that were found. */
    uint64_t done;    /**< In a dry run those that would have been. */
    uint64_t skipped;
    uint64_t failed;
    uint64_t not_tried; /**< Those that were found, but not begun, because the run ended before. */
    uint64_t bytes;     /**< Their sizes: of those that are done. */
    double seconds;
    struct hw_transfer_way_sums ways[HW_TRANSFER_WAYS]; /**< By enum hw_transfer_way. */
};

/**
 * Copies or moves objects. A source is an object, a folder or a prefix that ends in '/', a local
 * folder, a name with wildcards ('*' for any characters, '?' for one), or "-". A destination that
 * ends in '/', or that gets several objects, is a folder: objects keep the names that they have
 * below the source. There may be no source where `options->files_from` names them. HW_EPARTIAL
 * where some objects have failed and others are done. `out_result` is filled in on failure too, and
 * may be NULL.
 */
HW_API HW_NODISCARD enum hw_status hw_copy(const char *const *sources, size_t sources_count, const char *destination,
                                           const struct hw_transfer_options *options,
                                           struct hw_transfer_result *out_result, struct hw_error *err);

/**
 * Begins a report of several calls at `options->report_path`, by the options of the target's store,
 * `cancelled` and `log`. The calls get it as `report` of their options, and may run at once. What
 * became of each object is written as it comes.
 */
HW_API HW_NODISCARD enum hw_status hw_transfer_report_open(const struct hw_transfer_options *options,
                                                           struct hw_transfer_report **out_report,
                                                           struct hw_error *err);
/**
 * Adds a warning of the program's own. 1,000 are kept, and the others counted. Any thread. A report
 * of NULL takes nothing.
 */
HW_API void hw_transfer_report_warn(struct hw_transfer_report *report, const struct hw_error *warning);
/**
 * Writes the sums of all calls, which have ended, and `status`, how all of them have ended. It is
 * called once, and publishes the report. Where that or anything before could not be written, that
 * failure is returned, and nothing of the report stays.
 */
HW_API HW_NODISCARD enum hw_status hw_transfer_report_finish(struct hw_transfer_report *report, enum hw_status status,
                                                             struct hw_error *err);
/** Frees a report. One that was not finished leaves nothing. NULL is allowed. */
HW_API void hw_transfer_report_free(struct hw_transfer_report *report);

/** The things that calls share, see hw_transfer_keep. */
struct hw_transfer_kept;
/**
 * Keeps the connections, threads and credentials of S3 that calls with the same options of stores
 * share, so that those that come one after the other share them too. No request is sent. `options`
 * may be NULL and are not needed afterwards, but for `cancelled` and `log`. HW_ECONFIG for settings
 * that cannot be.
 */
HW_API HW_NODISCARD enum hw_status hw_transfer_keep(const struct hw_transfer_options *options,
                                                    struct hw_transfer_kept **out_kept, struct hw_error *err);
/** Gives back what was kept. NULL is allowed. */
HW_API void hw_transfer_kept_free(struct hw_transfer_kept *kept);

/**
 * Removes objects: those that paths name, as the sources of hw_copy do. Of the options those of the
 * target's store count, and those that choose objects. HW_ENOTFOUND where a single object is not
 * there; of those that a list names that is not asked. What lies behind a link in a local folder is
 * not removed, and fails. Results are as of hw_copy.
 */
HW_API HW_NODISCARD enum hw_status hw_remove(const char *const *paths, size_t paths_count,
                                             const struct hw_transfer_options *options,
                                             struct hw_transfer_result *out_result, struct hw_error *err);

/** {0} means the documented defaults. */
struct hw_sync_options {
    size_t size; /**< sizeof(struct hw_sync_options). 0 stands for that of version 0.1. */
    /** Whatever is copied is copied with these options. `move` is HW_EUSAGE. */
    struct hw_transfer_options transfer;
    /** Objects of the same size are taken for the same, whenever they were changed. */
    bool size_only;
    /** Objects of the same size are the same if their bytes are, as far as checksums can tell. */
    bool by_content;
    /**
     * Removes what the source does not have. Nothing is removed unless both listings came whole and
     * every copy has succeeded, nor what a link in a folder leads to. HW_EUSAGE where one side lies
     * in the other and something of the source would go.
     */
    bool remove_extra;
    /** Removes nothing if there would be more than this many objects. 0: any number. */
    uint64_t removals_max;
    /**
     * The place of a plan. Where there is none, one is written, and nothing else is done: a line of
     * JSON for each action, with size, ETag and time of both sides. Where there is one, which must
     * have been made of the same paths and options, exactly that is done, and an object fails with
     * HW_ECHANGED unless both sides are as the plan says. Removals come last, and only if all
     * copies have succeeded. NULL: nothing is planned ahead.
     */
    const char *plan_path;
};

/**
 * Makes a folder or prefix like another one: copies objects that are not there, that have another
 * size, or that are newer at the source, or whose time there is not known. The names below both are
 * compared; include and exclude count for both. HW_ENOTFOUND where the source has no objects at
 * all, unless it is a local folder, HW_EUSAGE where both are the same folder. Objects of the source
 * that lie in the destination are skipped. Results are as of hw_copy; objects that need not be
 * copied are skipped.
 */
HW_API HW_NODISCARD enum hw_status hw_sync(const char *source, const char *destination,
                                           const struct hw_sync_options *options, struct hw_transfer_result *out_result,
                                           struct hw_error *err);

#ifdef __cplusplus
}
#endif

#endif
