/* SPDX-License-Identifier: MIT */
/* player.h - the parts of the HTML figure's page, as strings: player.html (a
 * template), player.css and player.js, which embed.cmake puts into the program.
 * Private to src/figure. */
#pragma once

extern const char player_html[];
extern const char player_css[];
extern const char player_js[];
