/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes that a reader takes while it looks at its inputs: of each kind the first one, and the
 * number of inputs that have it, so that they take little memory however many inputs there are.
 */
#ifndef HW_TABLE_NOTES_H
#define HW_TABLE_NOTES_H

#include <hawser/note.h>

#include "core/arena.h"
#include "core/error.h"

/* Start it zeroed: there is no note. */
struct hw_notes {
    /* For each kind its note; `texts` is 0 where there is none. Texts live in an arena. */
    struct hw_note of[HW_NOTE_KIND_COUNT];
    uint64_t orders[HW_NOTE_KIND_COUNT]; /* for each of these, the order of its input */
};

/* Notes something of one input, whose name is not told yet. The text is copied to `arena`. */
HW_NODISCARD enum hw_status hw_notes_add(struct hw_notes *notes, enum hw_note_kind kind, struct hw_arena *arena,
                                         struct hw_error *err, const char *format, ...) HW_PRINTF(5, 6);

/*
 * Adds the notes of one input, which is called `source`. Of each kind the note of the input with
 * the least `order` stays, in whatever order inputs come. Its text is copied to `arena`; `source`
 * is borrowed. On failure a part of the notes may have been added.
 */
HW_NODISCARD enum hw_status hw_notes_merge(struct hw_notes *notes, const struct hw_notes *more, const char *source,
                                           uint64_t order, struct hw_arena *arena, struct hw_error *err);

/* Calls `tell` for each kind of which there is a note. `source` is what a note without one gets. */
void hw_notes_each(const struct hw_notes *notes, const char *source,
                   void (*tell)(void *ctx, const struct hw_note *note), void *ctx);

#endif
