/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stores of `https://` and `http://`, which are only read. A key is what stands behind the
 * scheme, with the query; names of sources come without it.
 */
#ifndef HW_STORE_STORE_WEB_H
#define HW_STORE_STORE_WEB_H

#include "store/store.h"
#include "web/client.h"

/*
 * Opens all of the web as a store; `root` is "https://" or "http://". Nothing is asked of anybody
 * yet. The file with trusted certificates is that of the options, else AWS_CA_BUNDLE.
 */
HW_NODISCARD enum hw_status hw_store_web_open(const char *root, const struct hw_store_options *options,
                                              struct hw_store **out_store, struct hw_error *err);

/*
 * Returns the client of a store of the web. It belongs to the store. Returns NULL if the store is
 * another one.
 */
struct hw_web_client *hw_store_web_client(struct hw_store *store);

#endif
