# SPDX-License-Identifier: Apache-2.0
needs fish
"$HAWSER" completion fish >hawser.fish
fish -n hawser.fish
source_and_ask='source hawser.fish; complete -C "hawser convert --overwrite "'
fish -c "$source_and_ask" | sort
