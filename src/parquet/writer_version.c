/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet/writer_version.h"

#include <string.h>

/* A number beyond this is a build's, not a version's; it stays as large as it gets. */
enum { NUMBER_MAX = 1000000 };

/* Takes digits off the front. */
static uint32_t number_take(hw_view *text) {
    uint32_t number = 0;
    while (text->size > 0 && *text->data >= '0' && *text->data <= '9') {
        number = number > NUMBER_MAX ? number : number * 10 + (uint32_t)(*text->data - '0');
        *text = (hw_view){text->data + 1, text->size - 1};
    }
    return number;
}

struct hw_writer_version hw_writer_version_read(hw_view created_by) {
    static const char word[] = " version ";
    const size_t word_bytes = sizeof(word) - 1;
    struct hw_writer_version version = {.program = created_by};
    const char *at = created_by.size > 0 ? memmem(created_by.data, created_by.size, word, word_bytes) : NULL;
    if (!at) {
        return version;
    }
    version.program.size = (size_t)(at - created_by.data);
    hw_view rest = {at + word_bytes, created_by.size - version.program.size - word_bytes};
    for (size_t i = 0; i < 3; i++) {
        version.numbers[i] = number_take(&rest);
        if (rest.size == 0 || *rest.data != '.') {
            break;
        }
        rest = (hw_view){rest.data + 1, rest.size - 1};
    }
    return version;
}

bool hw_writer_version_before(const struct hw_writer_version *version, const char *program, uint32_t major,
                              uint32_t minor, uint32_t patch) {
    const uint32_t than[3] = {major, minor, patch};
    const size_t bytes = strlen(program);
    if (version->program.size != bytes || memcmp(version->program.data, program, bytes) != 0) {
        return false;
    }
    for (size_t i = 0; i < 3; i++) {
        if (version->numbers[i] != than[i]) {
            return version->numbers[i] < than[i];
        }
    }
    return false;
}

bool hw_writer_packs_against_flag(hw_view created_by) {
    const struct hw_writer_version version = hw_writer_version_read(created_by);
    return hw_writer_version_before(&version, "parquet-cpp", 2, 0, 0);
}
