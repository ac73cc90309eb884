/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one CSV text that a call names: a file, an object, standard input, or a member of a ZIP. It
 * is opened once and stays open, so that all that is read of it is of one version.
 */
#ifndef HW_PIPELINE_SINGLE_TEXT_H
#define HW_PIPELINE_SINGLE_TEXT_H

#include "core/io.h"
#include "csv/object.h"
#include "store/location.h"
#include "store/store.h"

/* It must not move while it is open. */
struct hw_single_text {
    struct hw_table_objects base; /* the one object, and what opens it */
    struct hw_buf name;           /* as it is told; NUL-ended */
    struct hw_location location;
    struct hw_store *store; /* NULL for standard input */
    int input_fd;
    struct hw_io_stop stop; /* is asked while standard input is read */
    struct hw_csv_object object;
    struct hw_csv_text text; /* the text that is meant; it has no source until it is open */
};

/*
 * Opens the text that `source` names, a path of the command line or `-` for what `input_fd` has to
 * read. Of a ZIP it is the only member, or the only one that `csv->zip_member` names; HW_EUSAGE
 * where there are several, HW_EDATA where there is none; HW_EUSAGE too where nobody knows the
 * encoding. `source`, and the name of the encoding, are borrowed until the release,
 * which is due on failure too.
 */
HW_NODISCARD enum hw_status hw_single_text_open(struct hw_single_text *single, const char *source,
                                                const struct hw_csv_options *csv, const struct hw_store_options *store,
                                                int input_fd, struct hw_error *err);
/* Accepts a zeroed one. */
void hw_single_text_release(struct hw_single_text *single);

#endif
