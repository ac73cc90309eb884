/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads one version of an object of a web server at any offset. Where the server can do ranges, and
 * a range can be proved to be of that version, only what is read is fetched (net/ranges.h).
 * Otherwise the whole object comes in one stream: to memory if it is small, else to a file without
 * a name in TMPDIR (else /var/tmp), as standard input does.
 */
#ifndef HW_WEB_OBJECT_H
#define HW_WEB_OBJECT_H

#include "web/client.h"

struct hw_web_object;

/*
 * Asks for the facts of an object by a GET of its first byte. A server that does not do ranges is
 * stopped once its headers have come.
 */
HW_NODISCARD enum hw_status hw_web_object_stat(struct hw_web_client *client, const char *address,
                                               struct hw_web_facts *out_facts, struct hw_error *err);

/* Opens an object. `address` is borrowed until it is closed. */
HW_NODISCARD enum hw_status hw_web_object_open(struct hw_web_client *client, const char *address, size_t part_bytes,
                                               struct hw_web_object **out_object, struct hw_error *err);
/* Returns the facts of the version that is read, the size among them. */
const struct hw_web_facts *hw_web_object_facts(const struct hw_web_object *object);
/*
 * Returns the address to which redirects have led, without its query; NULL where there were none.
 */
const char *hw_web_object_moved(const struct hw_web_object *object);
/* Says that reads follow each other from here on. */
void hw_web_object_in_order(struct hw_web_object *object);
/* Fetches bytes before they are read, or gives that up, as net/ranges.h has it. */
void hw_web_object_expect(struct hw_web_object *object, uint64_t offset, size_t bytes);
void hw_web_object_forget(struct hw_web_object *object, uint64_t offset, size_t bytes);
/* Reads exactly `bytes` from `offset`. HW_ECHANGED means that the object was replaced. */
HW_NODISCARD enum hw_status hw_web_object_read_at(struct hw_web_object *object, uint64_t offset, void *data,
                                                  size_t bytes, struct hw_error *err);
/* Closes an object of which no read is under way. Accepts NULL. */
void hw_web_object_close(struct hw_web_object *object);

#endif
