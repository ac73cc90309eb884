/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verify_text.h"

#include <stdio.h>

#include "core/count.h"

const struct hw_choice hw_verify_level_choices[] = {
    {"footer", HW_VERIFY_FOOTER}, {"pages", HW_VERIFY_PAGES}, {"values", HW_VERIFY_VALUES}, {NULL, 0}};

struct hw_error hw_verify_line(const char *path, const struct hw_finding *finding) {
    struct hw_error line = HW_ERROR_INIT;
    hw_finding_error(finding, &line);
    hw_error_object(&line, path);
    return line;
}

const char *hw_verify_outcome_word(enum hw_verify_outcome outcome) {
    static const char *const words[] = {[HW_VERIFY_OK] = "ok",
                                        [HW_VERIFY_INVALID] = "invalid",
                                        [HW_VERIFY_UNSUPPORTED] = "unsupported",
                                        [HW_VERIFY_FAILED] = "failed"};
    return words[outcome];
}

/* Appends a number with its noun, digits in groups of three: "1,000 rows". */
static enum hw_status count_append(uint64_t count, const char *noun, struct hw_buf *out, struct hw_error *err) {
    char digits[24];
    const int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
    for (int i = 0; i < length; i++) {
        const bool comma = i > 0 && (length - i) % 3 == 0;
        HW_TRY(hw_buf_printf(out, err, "%s%c", comma ? "," : "", digits[i]));
    }
    return hw_buf_printf(out, err, " %s%s", noun, hw_plural(count, "", "s"));
}

static enum hw_status crcs_append(const struct hw_verified *file, struct hw_buf *out, struct hw_error *err) {
    if (file->pages_without_crc == 0) {
        return hw_buf_append_text(out, ", all with CRC", err);
    }
    if (file->pages_without_crc == file->pages) {
        return hw_buf_append_text(out, ", none with CRC", err);
    }
    HW_TRY(hw_buf_append_text(out, ", ", err));
    HW_TRY(count_append(file->pages_without_crc, "page", out, err));
    return hw_buf_append_text(out, " without CRC", err);
}

enum hw_status hw_verify_facts(const struct hw_verified *file, struct hw_buf *out, struct hw_error *err) {
    const bool blocks = file->format && strcmp(file->format, "avro") == 0;
    const char *join = " (";
    const struct {
        uint64_t count;
        const char *noun;
        bool told;
    } facts[] = {
        {file->errors, "error", file->errors > 0},
        {file->warnings, "warning", file->warnings > 0},
        {(uint64_t)file->rows, "row", file->rows >= 0},
        {file->pages, blocks ? "block" : "page", file->pages > 0},
    };
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        if (facts[i].told) {
            HW_TRY(hw_buf_append_text(out, join, err));
            HW_TRY(count_append(facts[i].count, facts[i].noun, out, err));
            join = ", ";
        }
    }
    if (file->pages > 0 && !blocks) {
        HW_TRY(crcs_append(file, out, err));
    }
    return hw_buf_append_text(out, join[0] == ',' ? ")\n" : "\n", err);
}
