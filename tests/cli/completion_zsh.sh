# SPDX-License-Identifier: Apache-2.0
needs zsh
"$HAWSER" completion zsh >_hawser
zsh -n _hawser
