/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes on how sources were read, for people: of each kind the first one is told as it comes, and
 * at the end of the run how many other sources have it. With --verbose all of them are told.
 */
#ifndef HW_CLI_NOTES_H
#define HW_CLI_NOTES_H

#include <hawser/convert.h>

#include "cli/teller.h"

/* Start it zeroed. One thread at a time. */
struct hw_notes_told {
    uint64_t texts[HW_NOTE_KIND_COUNT]; /* for each kind, the texts beside the one that was told */
    bool told[HW_NOTE_KIND_COUNT];
    bool merged[HW_NOTE_KIND_COUNT]; /* Some of the texts were merged, of which one has a name. */
};

/* Tells the notes of an object. */
void hw_notes_tell(struct hw_notes_told *notes, struct hw_teller *teller, const struct hw_convert_object *object);

/* Returns what a kind of note says of other sources: "the first record is data". */
const char *hw_note_more_text(enum hw_note_kind kind);

/* Tells of how many other sources notes hold too. */
void hw_notes_tell_more(const struct hw_notes_told *notes, struct hw_teller *teller);

#endif
