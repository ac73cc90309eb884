/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/completion.h"

#include "cli/completion_bash.h"
#include "cli/completion_fish.h"
#include "cli/completion_words.h"
#include "cli/completion_zsh.h"
#include "cli/unknown.h"

static const struct {
    const char *shell;
    enum hw_status (*script)(struct hw_buf *out, const struct hw_commands *commands, struct hw_error *err);
} scripts[] = {{"bash", hw_completion_bash}, {"zsh", hw_completion_zsh}, {"fish", hw_completion_fish}};

enum hw_status hw_completion_script(struct hw_buf *out, const struct hw_commands *commands, const char *shell,
                                    struct hw_error *err) {
    const char *names[COUNT_OF(scripts)];
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        if (strcmp(scripts[i].shell, shell) == 0) {
            return scripts[i].script(out, commands, err);
        }
        names[i] = scripts[i].shell;
    }
    return hw_fail_unknown(err, "shell", hw_view_of(shell), names, COUNT_OF(names));
}
