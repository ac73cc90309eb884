/* SPDX-License-Identifier: Apache-2.0 */
#include "csv/nulls.h"

static const char common_word[] = "common";
static const char nan_word[] = "NaN";

static const char *const common_texts[] = {"NA", "N/A", "n/a", "NULL", "null", "None", "nil", "-", ".", "\\N"};

static enum hw_status text_add(struct hw_csv_nulls *nulls, const char *text, struct hw_error *err);
static void size_add(struct hw_csv_nulls *nulls, size_t size);

enum hw_status hw_csv_nulls_init(struct hw_csv_nulls *nulls, const char *const *texts, size_t count,
                                 struct hw_error *err) {
    *nulls = (struct hw_csv_nulls){0};
    for (size_t i = 0; i < count; i++) {
        if (strcmp(texts[i], common_word) != 0) {
            HW_TRY(text_add(nulls, texts[i], err));
            continue;
        }
        for (size_t k = 0; k < COUNT_OF(common_texts); k++) {
            HW_TRY(text_add(nulls, common_texts[k], err));
        }
        nulls->nan = true;
        size_add(nulls, strlen(nan_word));
    }
    return HW_OK;
}

static enum hw_status text_add(struct hw_csv_nulls *nulls, const char *text, struct hw_error *err) {
    const hw_view view = hw_view_of(text);
    size_add(nulls, view.size);
    return hw_buf_append(&nulls->texts, &view, sizeof(view), err);
}

static void size_add(struct hw_csv_nulls *nulls, size_t size) {
    nulls->sizes |= UINT64_C(1) << (size < 63 ? size : 63);
}

bool hw_csv_nulls_common(hw_view text) {
    for (size_t i = 0; i < COUNT_OF(common_texts); i++) {
        if (hw_view_equal(text, hw_view_of(common_texts[i]))) {
            return true;
        }
    }
    return false;
}

void hw_csv_nulls_release(struct hw_csv_nulls *nulls) {
    hw_buf_release(&nulls->texts);
    *nulls = (struct hw_csv_nulls){0};
}

enum hw_csv_null hw_csv_nulls_search(const struct hw_csv_nulls *nulls, hw_view text) {
    const hw_view *texts = (const hw_view *)(const void *)nulls->texts.data;
    for (size_t i = 0; i < nulls->texts.size / sizeof(*texts); i++) {
        if (hw_view_equal(texts[i], text)) {
            return HW_CSV_NULL_ALWAYS;
        }
    }
    return nulls->nan && hw_view_equal(text, hw_view_of(nan_word)) ? HW_CSV_NULL_BUT_IN_TEXTS : HW_CSV_NULL_NOT;
}
