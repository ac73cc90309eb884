/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files of folders, without a fuzzer: fuzz_NAME FOLDER... */
#include <dirent.h>

#include "fuzz/fuzz.h"

static uint8_t *file_read(const char *path, size_t *out_size) {
    FILE *file = fopen(path, "re");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        return NULL;
    }
    size_t size = (size_t)ftell(file);
    uint8_t *data = malloc(size + 1);
    rewind(file);
    if (!data || fread(data, 1, size, file) != size) {
        free(data);
        data = NULL;
    }
    fclose(file);
    *out_size = size;
    return data;
}

/* How many inputs ran; none is a failure of its own. */
static size_t folder_replay(const char *path) {
    DIR *folder = opendir(path);
    size_t count = 0;
    struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL) {
        char name[1024];
        size_t size = 0;
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        uint8_t *data = file_read(name, &size);
        if (!data) {
            fprintf(stderr, "cannot read %s\n", name);
            exit(1);
        }
        printf("%s\n", name);
        fflush(stdout);
        LLVMFuzzerTestOneInput(data, size);
        free(data);
        count++;
    }
    if (folder) {
        closedir(folder);
    }
    return count;
}

int main(int argc, char **argv) {
    size_t count = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        count += folder_replay(argv[i]);
    }
    printf("%zu inputs\n", count);
    return count > 0 ? 0 : 1;
}
