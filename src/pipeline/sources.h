/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sources that a run is told of, objects, globs and folders, and the objects that are found
 * there.
 */
#ifndef HW_PIPELINE_SOURCES_H
#define HW_PIPELINE_SOURCES_H

#include <hawser/batch.h>
#include <hawser/convert.h>

#include "core/arena.h"
#include "store/location.h"

/* One source as it was named. */
struct hw_source_place {
    const char *text;                /* as it was named; borrowed */
    struct hw_store *store;          /* NULL: standard input, or rows that the program brings */
    struct hw_batch_stream *batches; /* these; NULL: there are none. Borrowed */
    const char *key;                 /* of the object, or what keys are compared with */
    /* The name of outputs. NULL: what a key has from `base_at` on, without its extension. */
    const char *base;
    bool several; /* a folder or a glob */
    bool glob;
    size_t base_at; /* The part of a key that outputs keep begins there. */
};

/* Start it zeroed. */
struct hw_sources {
    struct hw_source_place *places;
    size_t count;
    bool several; /* More than one object may be found. */
    struct hw_arena arena;
};

/*
 * Whoever wants to know what is found. A status other than HW_OK ends the listing and is returned.
 */
struct hw_sources_listener {
    void *ctx;
    enum hw_status (*found)(void *ctx, const struct hw_source_place *place, const struct hw_object_info *info,
                            struct hw_error *err);
    /* Nothing is found at a place. The error names it. */
    enum hw_status (*missing)(void *ctx, const struct hw_error *error, struct hw_error *err);
};

/*
 * Opens the stores of all sources, and finds out which are folders or globs. Borrows `names`.
 * Released on failure too.
 */
HW_NODISCARD enum hw_status hw_sources_open(struct hw_sources *sources, const char *const *names, size_t count,
                                            const struct hw_convert_options *options, struct hw_error *err);
/*
 * Makes a stream of rows the only source: it is called `name`, which its outputs have too. Borrows
 * both. Released on failure too.
 */
HW_NODISCARD enum hw_status hw_sources_open_batches(struct hw_sources *sources, struct hw_batch_stream *batches,
                                                    const char *name, struct hw_error *err);
/* True where any of the sources is reached through a network. */
bool hw_sources_remote(const struct hw_sources *sources);
/*
 * Finds the objects of one source after the other: of a folder those that are CSV by their name, of
 * a glob, or where the object itself is named, what it names. Any thread.
 */
HW_NODISCARD enum hw_status hw_sources_list(const struct hw_sources *sources,
                                            const struct hw_sources_listener *listener, struct hw_error *err);
void hw_sources_release(struct hw_sources *sources);

/* True where a local folder stands at the location. */
bool hw_sources_folder(const struct hw_location *location);
/* Returns `name` without what CSV objects' names end in (".csv.gz"). */
hw_view hw_sources_base(const char *name);

#endif
