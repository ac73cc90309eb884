/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which objects of a folder or a glob are sources: what --include and --exclude say, and else what
 * names say. A glob is compared with the path below the folder; one without '/' with the last name
 * of that path. A '/' at its front ties it to the folder itself, and one at its end means all that
 * lies in folders of the name.
 */
#ifndef HW_PIPELINE_SOURCE_FILTER_H
#define HW_PIPELINE_SOURCE_FILTER_H

#include <hawser/convert.h>

#include "core/glob.h"

/* Start it zeroed. One thread at a time. */
struct hw_source_filter {
    struct hw_glob *include;
    size_t include_count; /* 0: names say which objects are sources */
    struct hw_glob *exclude;
    size_t exclude_count;
    bool all; /* Hidden and temporary objects are sources, and texts. */
    /* Bits of enum hw_format: objects that have such a format by their names are sources. */
    unsigned formats;
};

enum hw_source_choice {
    HW_SOURCE_TAKEN,
    HW_SOURCE_FILTERED, /* --include or --exclude leave it out */
    HW_SOURCE_OTHER,    /* It has no format by its name that is read. */
    HW_SOURCE_JUNK,     /* It has one, but is hidden or temporary. */
    HW_SOURCE_TEXT,     /* It is called .txt. */
};

/* Makes the filter of a run. HW_EUSAGE for a glob that cannot be. Released on failure too. */
HW_NODISCARD enum hw_status hw_source_filter_init(struct hw_source_filter *filter,
                                                  const struct hw_convert_options *options, struct hw_error *err);
void hw_source_filter_release(struct hw_source_filter *filter);

/*
 * Chooses what becomes of an object; `path` is that below the source's folder. `named`: a glob has
 * named the object, so that its name need say nothing.
 */
enum hw_source_choice hw_source_filter_choose(struct hw_source_filter *filter, const char *path, bool named);

#endif
