/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sidecars: small objects that stand beside others and hold their SHA-256, as sha256sum writes it.
 * The one of "a.zip" is "a.zip.CHECKSUM" or "a.zip.sha256".
 */
#ifndef HW_TRANSFER_SIDECAR_H
#define HW_TRANSFER_SIDECAR_H

#include "store/store.h"

/* The most bytes of a sidecar. */
enum { HW_SIDECAR_BYTES_MAX = 64 * 1024 };

/* Returns whether a key is the name of a sidecar itself. */
bool hw_sidecar_is(const char *key);

/*
 * Finds the SHA-256 of an object in the text of its sidecar: 64 hexadecimal digits alone, or lines
 * "<digits>  <name>" (or " *<name>"), of which the one that ends in `name` counts. HW_EDATA where
 * there is none.
 */
HW_NODISCARD enum hw_status hw_sidecar_parse(hw_view text, const char *name, struct hw_checksum *out_checksum,
                                             struct hw_error *err);

/*
 * Reads the sidecar of an object. HW_ENOTFOUND where it has none, HW_ELIMIT where that is longer
 * than HW_SIDECAR_BYTES_MAX, HW_EDATA as above; errors name the sidecar.
 */
HW_NODISCARD enum hw_status hw_sidecar_read(struct hw_store *store, const char *key, struct hw_checksum *out_checksum,
                                            struct hw_error *err);

#endif
