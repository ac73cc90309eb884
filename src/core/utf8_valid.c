/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8_valid.h"

#include "core/utf8_lookup.h"

enum { LOOKUP_BYTES_MIN = 64 }; /* shorter texts gain nothing */

bool hw_utf8_valid(hw_view text, size_t *out_at) {
    if (text.size >= LOOKUP_BYTES_MIN && hw_utf8_lookup_usable() && hw_utf8_lookup_valid(text)) {
        return true;
    }
    return hw_utf8_valid_exact(text, out_at);
}

/* Returns the bytes of the valid sequence that begins at `at`, 0 where none does. */
static size_t sequence_bytes(const uint8_t *at, size_t left) {
    uint8_t lead = at[0];
    /*
     * The second byte's range is narrower after some lead bytes: that excludes overlong forms,
     * surrogates and what lies beyond U+10FFFF.
     */
    uint8_t low = 0x80;
    uint8_t high = 0xbf;
    size_t bytes;
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2) {
        return 0;
    }
    if (lead < 0xe0) {
        bytes = 2;
    } else if (lead < 0xf0) {
        bytes = 3;
        low = lead == 0xe0 ? 0xa0 : 0x80;
        high = lead == 0xed ? 0x9f : 0xbf;
    } else if (lead < 0xf5) {
        bytes = 4;
        low = lead == 0xf0 ? 0x90 : 0x80;
        high = lead == 0xf4 ? 0x8f : 0xbf;
    } else {
        return 0;
    }
    if (left < bytes || at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < bytes; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return bytes;
}

bool hw_utf8_valid_exact(hw_view text, size_t *out_at) {
    const uint8_t *data = (const uint8_t *)text.data;
    size_t i = 0;
    while (i < text.size) {
        while (i + 8 <= text.size && (hw_load_le64(data + i) & UINT64_C(0x8080808080808080)) == 0) {
            i += 8;
        }
        if (i == text.size) {
            break;
        }
        size_t bytes = sequence_bytes(data + i, text.size - i);
        if (bytes == 0) {
            if (out_at) {
                *out_at = i;
            }
            return false;
        }
        i += bytes;
    }
    return true;
}

size_t hw_utf8_encode(uint32_t code_point, char *out) {
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xc0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3f));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xe0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code_point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code_point & 0x3f));
    return 4;
}

char *hw_utf8_cut(hw_view text, struct hw_arena *arena) {
    size_t bytes;
    bool whole = hw_utf8_valid(text, &bytes);
    return hw_arena_strndup(arena, text.data, whole ? text.size : bytes);
}
