/* figure_style.h - how a drawn figure looks: the one place for its colours, faces
 * and kinds of lines, as CSS. Private to src/figure. Pure. */
#pragma once

#include "pktladder/figure.h"

/* The class of what has that role: "syn", "data", ... Static. */
const char *figure_role_class(Role role);

/* Appends the rules. */
void figure_style_append(GString *out, const FigureOptions *options);
