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
#include "pipeline/source_filter.h"
#include "store/path_list.h"
#include "store/location.h"
#include "table/left_out.h"

/* One source as it was named. */
struct hw_source_place {
    const char *text;                /* as it was named; borrowed */
    struct hw_store *store;          /* NULL: standard input, or rows that the program brings */
    struct hw_batch_stream *batches; /* these; NULL: there are none. Borrowed */
    const char *key;                 /* of the object, or what the keys of several begin with */
    /* The name of outputs. NULL: what a key has from `base_at` on, without its extension. */
    const char *base;
    bool several;        /* a folder or a glob */
    bool folders;        /* The glob names folders: names say which objects there are sources. */
    bool lent;           /* The store is that of the place before it. */
    struct hw_glob glob; /* what keys are compared with; zeroed: it is no glob */
    size_t base_at;      /* The part of a key that outputs keep begins there. */
};

/* Start it zeroed. */
struct hw_sources {
    struct hw_source_place *places;
    size_t count;
    size_t named; /* of these, those that the call itself has named; others come from a list */
    bool several; /* More than one object may be found. */
    bool keep_extension;
    struct hw_source_filter filter;
    struct hw_path_list list; /* of paths that `files_from` has */
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
    struct hw_left_out *left_out; /* counts objects that are no sources; NULL: nobody does */
    /* An object that was named is told of without a look whether it is there: `info` is NULL. */
    bool named_unseen;
};

/*
 * Opens the stores of all sources, those of the list that `options->files_from` names too, and
 * finds out which are folders or globs. A path with the characters of a glob that is there is no
 * glob. Where one folder is named besides a list, the paths of the list are below it. HW_EUSAGE
 * where there is no source, or a list beside several of them. Borrows `names`. Released on failure
 * too.
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
/* Returns what becomes of an object that the store of a place lists: of its glob, and by names. */
enum hw_source_choice hw_source_choose(struct hw_source_filter *filter, struct hw_source_place *place, const char *key);

/*
 * Finds the objects of one source after the other: of folders and globs those that the filter
 * takes, and where the object itself is named that one, whatever it is called. One thread at a
 * time.
 */
HW_NODISCARD enum hw_status hw_sources_list(struct hw_sources *sources, const struct hw_sources_listener *listener,
                                            struct hw_error *err);
void hw_sources_release(struct hw_sources *sources);

#endif
