/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds out which objects a path names: one, or all that lie in a folder or below a prefix, or that
 * match a wildcard (objects/wildcard.h).
 *
 *     s3://b/dir/x     one object
 *     s3://b/dir/      all below the prefix, with the names that they have below it
 *     s3://b/dir/x*y   all that match, with the names that they have below "dir/"
 *     s3://b           all in the bucket
 *     folder           all below it, if it is a local folder
 */
#ifndef HW_OBJECTS_EXPAND_H
#define HW_OBJECTS_EXPAND_H

#include "objects/filter.h"
#include "objects/store_set.h"

/* A path that was looked at. */
struct hw_expand {
    const char *text;       /* as it was given; borrowed */
    struct hw_store *store; /* of the set */
    bool several;           /* a folder, a prefix or a wildcard */
    bool web;               /* The store is that of https:// or http://. */
    char *key;              /* of the one object; of several, what all their keys begin with */
    char *pattern;          /* what all of their keys match; NULL: there is no wildcard */
    char *name;             /* the name of the one object without its folders; NULL of several */
    size_t base_at;         /* the name that a key has below the folder begins there */
};

struct hw_expand_options {
    /* Characters of wildcards stand for themselves. */
    bool raw;
    /* The path names a folder or a prefix, whether it ends in '/' or not. */
    bool folder;
};

/*
 * Looks at a path and opens its store, which the set keeps. `options` may be NULL. HW_ENOTFOUND
 * means that there is no such local folder. No request is sent.
 */
HW_NODISCARD enum hw_status hw_expand_open(struct hw_expand *expand, const char *text, struct hw_store_set *set,
                                           const struct hw_expand_options *options, struct hw_error *err);
void hw_expand_release(struct hw_expand *expand);

/* HW_EUSAGE where the path names anything but one object of S3, of which there may be versions. */
HW_NODISCARD enum hw_status hw_expand_version(const struct hw_expand *expand, struct hw_error *err);

/*
 * Makes the key that `path` means below a folder or a prefix. HW_EUSAGE where it leads out of a
 * local folder, or names a folder.
 */
HW_NODISCARD enum hw_status hw_expand_key_below(const struct hw_expand *folder, const char *path, char **out_key,
                                                struct hw_error *err);

/* Returns whether a key is one of those that the path names. */
bool hw_expand_names(const struct hw_expand *expand, const char *key);

/* An object of several. It is there for the call only. */
struct hw_expanded {
    const struct hw_object_info *info;
    /* The name below the folder or prefix, a part of the key. */
    const char *name;
};
/* A status other than HW_OK ends the listing, which returns it. */
typedef enum hw_status hw_expanded_fn(void *ctx, const struct hw_expanded *object, struct hw_error *err);

/*
 * Lists the objects of several in the order of their keys, those that the filter takes. `filter`
 * may be NULL. `*out_some` tells whether there was any, also one that the filter left out.
 */
HW_NODISCARD enum hw_status hw_expand_each(const struct hw_expand *expand, const struct hw_filter *filter,
                                           hw_expanded_fn *each, void *ctx, bool *out_some, struct hw_error *err);
/*
 * Lists objects as hw_expand_each does. HW_ENOTFOUND means that nothing is there, or nothing
 * matches; a local folder may be empty, and a filter may leave everything out.
 */
HW_NODISCARD enum hw_status hw_expand_list(const struct hw_expand *expand, const struct hw_filter *filter,
                                           hw_expanded_fn *each, void *ctx, struct hw_error *err);

#endif
