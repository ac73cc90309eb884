/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads XML replies by a table of element paths. Document types are refused, and with them entities
 * of their own. core/limits.h limits nesting and size. Names are compared without the prefix of
 * their namespace.
 */
#ifndef HW_NET_XML_H
#define HW_NET_XML_H

#include "core/buf.h"

/* Handles an element. A status other than HW_OK ends the parse, which returns it. */
typedef enum hw_status hw_xml_fn(void *ctx, hw_view text, struct hw_error *err);

struct hw_xml_row {
    /* The names of the elements from the root on, as "ListBucketResult/Contents/Key". */
    const char *path;
    /* Is called when the element opens, with an empty text. May be NULL. */
    hw_xml_fn *begin;
    /* Is called when it closes, with its own text, entities and CDATA resolved. May be NULL. */
    hw_xml_fn *end;
};

/*
 * Parses `xml` and calls the functions of the rows with `ctx`. HW_EPROTOCOL means that it is not
 * one well-formed document, HW_ELIMIT that it is beyond the limits. White space may precede it.
 */
HW_NODISCARD enum hw_status hw_xml_parse(hw_view xml, const struct hw_xml_row *rows, size_t rows_count, void *ctx,
                                         struct hw_error *err);

/*
 * Returns the name of the root element without its prefix, or "" if `text` does not begin as XML
 * does. Only the beginning is looked at, so that the rest may be broken. The name points into
 * `text`.
 */
hw_view hw_xml_root_name(hw_view text);

/* Appends `text` with & < > " and ' as entities. */
HW_NODISCARD enum hw_status hw_xml_escape(hw_view text, struct hw_buf *out, struct hw_error *err);

#endif
