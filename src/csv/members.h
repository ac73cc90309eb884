/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts in an object that are meant: the only one, or members of a ZIP. A glob names members.
 * Without one they are chosen as objects of a folder are: those that are CSV by their names, and
 * no junk. Where no name is that of CSV, the only member that is no junk is meant.
 */
#ifndef HW_CSV_MEMBERS_H
#define HW_CSV_MEMBERS_H

#include "csv/text.h"
#include "table/left_out.h"

/* Everything is borrowed. */
struct hw_csv_members_options {
    /* Names members, as core/glob.h says, or the one member that is called so. NULL: none is. */
    const char *glob;
    bool all; /* Hidden and temporary members are meant too, and texts. */
};

/* Start it zeroed. */
struct hw_csv_members {
    bool *chosen; /* for each member; NULL where the object is no ZIP: its text is meant */
    size_t count; /* members of the object; 1 where it is no ZIP */
    size_t wanted;
    /* Members that would be meant but for their names. */
    size_t junk;
    size_t texts;
};

/*
 * Chooses the texts of the object that `text` is one of. HW_EDATA, naming members that are there,
 * where none is meant. To be released on success only.
 */
HW_NODISCARD enum hw_status hw_csv_members_choose(struct hw_csv_members *members, const struct hw_csv_text *text,
                                                  const struct hw_csv_members_options *options, struct hw_error *err);
void hw_csv_members_release(struct hw_csv_members *members);

/* Returns whether a member is meant; `member` is below the count. */
bool hw_csv_members_has(const struct hw_csv_members *members, size_t member);

/* Counts the members that were left out. `left_out` NULL: nobody counts. */
void hw_csv_members_tell(const struct hw_csv_members *members, struct hw_left_out *left_out);

#endif
