#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the layers to their rules: which headers each may include, and that the
pure ones reach no input, output or clock. Run by ctest; needs readelf."""
import pathlib
import re
import subprocess
import sys

SOURCE, BUILD = (pathlib.Path(p) for p in sys.argv[1:3])

# Layer: (the public headers that are its own, the layers that it may use).
COMMON = {"fd", "i18n", "number", "text"}
LAYERS = {
    "text": ({"text", "number"}, set()),
    "decode": ({"decode", "endpoint", "packet", "seq", "timestamp", "types"}, set()),
    "flow": ({"flow", "track", "verdict", "tcp_state"}, {"decode"}),
    "trace": ({"trace", "call", "sorted", "transit"}, {"decode", "flow"}),
    "filter": ({"filter", "selection"}, {"decode", "flow", "trace"}),
    "conversations": ({"summary", "endpoint_names"}, {"decode", "flow", "trace"}),
    "ladder": ({"ladder", "labels", "find", "play", "detail"},
               {"decode", "flow", "trace", "filter", "conversations"}),
    "figure": ({"scene", "spacing", "grid", "picture", "figure", "svg"}, {"ladder"}),
    "plot": ({"plot", "graph", "plot_screen", "plot_figure"}, {"ladder", "figure"}),
    "tui": ({"tui", "screen"}, {"ladder", "figure", "plot"}),
    "confine": ({"confine"}, set()),
    "capture": ({"capture", "recording", "store"}, {"decode", "trace", "confine"}),
    "network": ({"network"}, set()),
    "calls": ({"tracer"}, {"decode", "flow", "trace", "network"}),
    "broker": ({"broker"}, {"confine", "network"}),
    "peers": ({"peers"}, set()),
}
for layer in ("figure", "plot", "tui"):  # and all that the ladder may use
    LAYERS[layer][1].update(LAYERS["ladder"][1])
LAYERS["ladder"][0].update(LAYERS["filter"][0] | LAYERS["conversations"][0])  # one folder yet
PURE = {"text", "decode", "flow", "trace", "filter", "conversations", "ladder", "figure", "plot",
        "tui_core"}
ONLY = {"pcap": {"capture"}, "archive": {"capture"}, "curses": {"tui"}, "seccomp": {"calls", "confine"}}
IMPURE = re.compile(
    r"^(open|openat|creat|fopen|freopen|read|pread|write|pwrite|recv|send|recvfrom|sendto|socket|"
    r"ioctl|poll|select|time|clock_gettime|gettimeofday|fork|execve|system|popen|getenv|printf|puts|"
    r"fprintf|fwrite|fread|fputs|g_print|g_printerr|g_get_real_time|g_get_monotonic_time|"
    r"g_date_time_new_now\w*|g_file_\w+|g_getenv|random|rand|g_random_\w+|isatty)$")

failures = []


def header_layer(name):
    return next((layer for layer, (own, _) in LAYERS.items() if name in own), None)


for layer, (own, uses) in LAYERS.items():
    for path in sorted((SOURCE / "src" / layer).glob("*.[ch]")):
        for line in path.read_text().splitlines():
            found = re.match(r'\s*#\s*include\s+[<"]([^>"]+)[>"]', line)
            if not found:
                continue
            name = found.group(1)
            for library, users in ONLY.items():
                if library in name and "pktladder/" not in name and layer not in users:
                    failures.append(f"{path}: includes <{name}>; only {users} may")
            if "curses" in name and path.name != "screen.c":
                failures.append(f"{path}: includes <{name}>; only screen.c may")
            if name.startswith("pktladder/"):
                noun = name[len("pktladder/"):-2]
                if noun in own or noun in COMMON:
                    continue
                if header_layer(noun) not in uses:
                    failures.append(f"{path}: includes {name} of layer {header_layer(noun)}")

for layer in sorted(PURE):
    archives = list(BUILD.glob(f"src/**/lib{layer}.a"))
    if not archives:
        failures.append(f"no library of layer {layer} in {BUILD}")
    for archive in archives:
        # not nm: of objects for link-time optimization it hides the calls of built-in functions
        listing = subprocess.run(["readelf", "-sW", archive], capture_output=True, text=True,
                                 check=True)
        for line in listing.stdout.splitlines():
            words = line.split()
            if len(words) == 8 and words[6] == "UND":
                symbol = words[7].split("@")[0].replace("__", "").removesuffix("_chk")
                if IMPURE.match(symbol):
                    failures.append(f"{layer} is pure, but uses {symbol}()")

print("\n".join(failures) or f"{len(LAYERS)} layers keep to their rules")
sys.exit(bool(failures))
