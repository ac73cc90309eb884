/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML replies, read by a table of element paths. Document types (and with them entities) are
 * refused, nesting and size are capped by core/limits.h. Namespaces are ignored: names are compared
 * without their prefix.
 */
#ifndef HW_NET_XML_H
#define HW_NET_XML_H

#include "core/error.h"
#include "core/view.h"

/* A status other than HW_OK ends the parse and is returned. */
typedef enum hw_status hw_xml_fn(void *ctx, hw_view text, struct hw_error *err);

struct hw_xml_row {
    const char *path; /* "ListBucketResult/Contents/Key", from the root */
    hw_xml_fn *begin; /* the element opens; `text` is empty. NULL: not of interest */
    /* it closes; `text` is its own text, entities and CDATA resolved. NULL: not of interest */
    hw_xml_fn *end;
};

/*
 * HW_EPROTOCOL where `xml` is not one well-formed document, HW_ELIMIT beyond the limits. White
 * space before it is allowed.
 */
HW_NODISCARD enum hw_status hw_xml_parse(hw_view xml, const struct hw_xml_row *rows, size_t rows_count, void *ctx,
                                         struct hw_error *err);

/* Appends `text` with & < > " ' as entities. */
struct hw_buf;
HW_NODISCARD enum hw_status hw_xml_escape(hw_view text, struct hw_buf *out, struct hw_error *err);

#endif
