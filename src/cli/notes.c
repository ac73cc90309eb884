/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/notes.h"

#include "core/count.h"

/* For each kind, what holds for "3 other sources". */
static const char *const more_texts[] = {
    [HW_NOTE_NO_HEADER] = "the first record is data",
    [HW_NOTE_HEADER_DOUBTFUL] = "the first record may be data",
    [HW_NOTE_DELIMITER_TIE] = "another delimiter fits as well",
    [HW_NOTE_REDIRECTED] = "a redirect was followed",
    [HW_NOTE_COLUMNS_LACKING] = "columns that they lack are null",
    [HW_NOTE_NULL_WORDS] = "words such as NA or null make columns text",
    [HW_NOTE_DELIMITER_BLANKS] = "blanks separate fields, or may do so",
    [HW_NOTE_NAMES_ODD] = "Athena, Hive and Spark do not take the names of columns",
    [HW_NOTE_SCHEMA_LOGICAL] = "logical types that do not fit are left out of account",
    [HW_NOTE_METADATA_LEFT] = "key-value metadata is not kept",
};

const char *hw_note_more_text(enum hw_note_kind kind) {
    return more_texts[kind];
}

static_assert(COUNT_OF(more_texts) == HW_NOTE_KIND_COUNT, "each kind has words");

void hw_notes_tell(struct hw_notes_told *notes, struct hw_teller *teller, const struct hw_convert_object *object) {
    for (size_t i = 0; i < object->notes_count; i++) {
        const struct hw_note *note = &object->notes[i];
        const bool first = !notes->told[note->kind];
        if (first || hw_teller_details(teller)) {
            hw_teller_note(teller, "note: %s: %s", note->source, note->text);
        }
        notes->told[note->kind] = true;
        notes->merged[note->kind] |= note->texts > 1;
        notes->texts[note->kind] += note->texts - (first ? 1 : 0);
    }
}

void hw_notes_tell_more(const struct hw_notes_told *notes, struct hw_teller *teller) {
    for (size_t i = 0; i < HW_NOTE_KIND_COUNT; i++) {
        const uint64_t texts = notes->texts[i];
        if (texts > 0) {
            const bool named = notes->merged[i] || hw_teller_details(teller);
            hw_teller_note(teller, "note: %s: %s%s", HW_COUNT(texts, "other source"), more_texts[i],
                           named ? "" : " (--verbose names them)");
        }
    }
}
