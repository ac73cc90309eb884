/* SPDX-License-Identifier: Apache-2.0 */
/* Operations on any store, beside those that hawser/store.h has. */
#ifndef HW_STORE_STORE_H
#define HW_STORE_STORE_H

#include <hawser/store.h>

#include "core/error.h"
#include "core/view.h"

struct hw_buf;

/* Closes a store that was opened by its path. NULL is allowed. */
void hw_store_close(struct hw_store *store);

/* Returns the number of connections that a remote store with these options has at once. */
uint32_t hw_store_connections(const struct hw_store_options *options);

/*
 * Fills in the facts of an object that ought to be there. A fault is explained as far as the store
 * can; where the name is that of a folder, the error says so.
 */
HW_NODISCARD enum hw_status hw_store_stat(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                          char out_etag[HW_ETAG_BYTES], struct hw_error *err);

/*
 * Fills in the facts of an object that may be there. That there is none is no more than
 * HW_ENOTFOUND; other faults are explained as far as the store can.
 */
HW_NODISCARD enum hw_status hw_store_look(struct hw_store *store, const char *key, struct hw_object_info *out_info,
                                          char out_etag[HW_ETAG_BYTES], struct hw_error *err);
/*
 * Makes more of a failure that says that an object is not there: names the bucket, if that is what
 * is missing, or says that the name is that of a folder. It takes up to two requests.
 */
void hw_store_missing_explain(struct hw_store *store, const char *key, struct hw_error *fault);

/*
 * Removes one object of a folder, which the first `kept_bytes` of its key name. HW_EUSAGE means
 * that a link behind them leads to it, so that it is no object of the folder, and stays. None there
 * is no fault.
 */
HW_NODISCARD enum hw_status hw_store_remove_within(struct hw_store *store, const char *key, size_t kept_bytes,
                                                   struct hw_error *err);

/*
 * Opens a source that ought to be there, with the errors of hw_store_stat.
 */
HW_NODISCARD enum hw_status hw_store_source_needed(struct hw_store *store, const char *key,
                                                   struct hw_source **out_source, struct hw_error *err);

/*
 * Opens a source of which no listing has told: a store across a network is asked for its facts
 * first. That there is none is no more than HW_ENOTFOUND.
 */
HW_NODISCARD enum hw_status hw_store_source_open(struct hw_store *store, const char *key, struct hw_source **out_source,
                                                 struct hw_error *err);

/*
 * Compares all bytes of an object, which were read, with the checksum that its store keeps, unless
 * that was done when they were fetched. A difference is HW_ECHECKSUM. `out_kind` is the kind of the
 * checksum; HW_CHECKSUM_NONE if the store keeps none of the bytes.
 */
HW_NODISCARD enum hw_status hw_store_whole_prove(struct hw_source *source, hw_view bytes,
                                                 enum hw_checksum_kind *out_kind, struct hw_error *err);

/*
 * Looks whether an object is still the version of it that a source has read. HW_ECHANGED where it
 * is another one.
 */
HW_NODISCARD enum hw_status hw_store_source_same(struct hw_store *store, const char *key,
                                                 const struct hw_source *source, struct hw_error *err);

/* Reads the whole object, at most `limit` bytes (HW_ELIMIT beyond). */
HW_NODISCARD enum hw_status hw_store_read_all(struct hw_store *store, const char *key, size_t limit, struct hw_buf *out,
                                              struct hw_error *err);

/* Publishes `bytes` bytes as one object. */
HW_NODISCARD enum hw_status hw_store_write_all(struct hw_store *store, const char *key, const char *content_type,
                                               const void *data, size_t bytes, struct hw_error *err);

#endif
