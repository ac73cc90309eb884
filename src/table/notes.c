/* SPDX-License-Identifier: Apache-2.0 */
#include "table/notes.h"

#include <stdarg.h>
#include <stdio.h>

enum { NOTE_BYTES_MAX = 512 };

const char *hw_note_word(enum hw_note_kind kind) {
    static const char *const words[] = {
#define HW_NOTE_WORD(name, word) [name] = (word),
        HW_NOTE_TABLE(HW_NOTE_WORD)
#undef HW_NOTE_WORD
    };
    return words[kind];
}

enum hw_status hw_notes_add(struct hw_notes *notes, enum hw_note_kind kind, struct hw_arena *arena,
                            struct hw_error *err, const char *format, ...) {
    char text[NOTE_BYTES_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const char *kept = hw_arena_strdup(arena, text);
    if (!kept) {
        return hw_fail_nomem(err, sizeof(text));
    }
    notes->of[kind] = (struct hw_note){.kind = kind, .texts = 1, .text = kept};
    return HW_OK;
}

enum hw_status hw_notes_merge(struct hw_notes *notes, const struct hw_notes *more, const char *source, uint64_t order,
                              struct hw_arena *arena, struct hw_error *err) {
    for (size_t i = 0; i < HW_NOTE_KIND_COUNT; i++) {
        struct hw_note *note = &notes->of[i];
        if (more->of[i].texts == 0) {
            continue;
        }
        if (note->texts == 0 || order < notes->orders[i]) {
            const char *text = hw_arena_strdup(arena, more->of[i].text);
            if (!text) {
                return hw_fail_nomem(err, strlen(more->of[i].text));
            }
            *note =
                (struct hw_note){.kind = (enum hw_note_kind)i, .texts = note->texts, .source = source, .text = text};
            notes->orders[i] = order;
        }
        note->texts += more->of[i].texts;
    }
    return HW_OK;
}

void hw_notes_each(const struct hw_notes *notes, const char *source,
                   void (*tell)(void *ctx, const struct hw_note *note), void *ctx) {
    for (size_t i = 0; i < HW_NOTE_KIND_COUNT; i++) {
        struct hw_note note = notes->of[i];
        if (note.texts > 0) {
            note.source = note.source ? note.source : source;
            tell(ctx, &note);
        }
    }
}
