/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Store paths: `s3://bucket/key`, `s3://arn:aws:s3:...:accesspoint/name/key`,
 * `file:///folder/name`, `folder/name`, or the root of a program's own store and a key. What a path
 * says is a location, and a location's store can be opened.
 */
#ifndef HW_STORE_LOCATION_H
#define HW_STORE_LOCATION_H

#include "store/store.h"

/* A path taken apart. Start it zeroed. */
struct hw_location {
    const struct hw_scheme *scheme; /* NULL: the store is the program's own */
    struct hw_store *own;           /* borrowed */
    /* The bucket's name, or the ARN in its place; "/" for absolute paths, else "". Owned. */
    char *root;
    /* The name of a file that is made of the object; NULL: the last name of the key. Owned. */
    char *name;
    /* It may be empty, may end in '/', may hold the characters of a glob. Owned. */
    char *key;
};

/*
 * Takes a path apart. HW_EUSAGE names what is wrong with it. Keys of local files come without "."
 * and empty names; ".." stays, it is for the file system to resolve. "-" has no meaning here.
 * `options` names the program's own stores.
 */
HW_NODISCARD enum hw_status hw_location_parse(const char *path, const struct hw_store_options *options,
                                              struct hw_location *out_location, struct hw_error *err);
void hw_location_release(struct hw_location *location);

/* Returns true where the path, or what it was taken apart to, is that of a local file. */
bool hw_path_is_file(const char *path);
bool hw_location_is_file(const struct hw_location *location);

/* Returns whether a location can only be one object: there is no folder and no glob. */
bool hw_location_single(const struct hw_location *location);
/* Returns whether a local folder stands at the location. */
bool hw_location_folder_there(const struct hw_location *location);
/* HW_EUSAGE where the store of a location is only read. */
HW_NODISCARD enum hw_status hw_location_check_writable(const struct hw_location *location, struct hw_error *err);

/*
 * Opens the store of a location; it may outlive the location. Locations with equal scheme and root
 * can share a store. hw_store_close closes it.
 */
HW_NODISCARD enum hw_status hw_store_open(const struct hw_location *location, const struct hw_store_options *options,
                                          struct hw_store **out_store, struct hw_error *err);

/* Reads the whole object at a path, at most `limit` bytes (HW_ELIMIT beyond). */
HW_NODISCARD enum hw_status hw_store_read_at(const char *path, const struct hw_store_options *options, size_t limit,
                                             struct hw_buf *out, struct hw_error *err);

/*
 * Opens a sink at a path, and its store, which the caller closes after the sink. HW_EUSAGE for a
 * path that names a folder. That the object cannot be written is found here, if the store can tell.
 * Errors name the path.
 */
HW_NODISCARD enum hw_status hw_store_sink_at(const char *path, const struct hw_store_options *options,
                                             const char *content_type, struct hw_store **out_store,
                                             struct hw_sink **out_sink, struct hw_error *err);

#endif
