#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""In a Spanish locale everything for people is Spanish, and everything about
packets is as in English.

  test_language.py PKTLADDER
"""
import re
import sys

from common import SOURCE, check, run, spanish_locale, work_folder

PROGRAM = sys.argv[1]
COMMANDS = ["demo", "run", "live", "replay", "list", "doctor"]
WORDS = {"Cliente": "Client", "Servidor": "Server", "tiempo": "time", "llamadas": "calls",
         "estado": "state", "datos": "data", "datagrama": "datagram",
         "(procesar": "(process", "la": "the", "petición)": "request)"}


ENGLISH = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}
SPANISH = spanish_locale()


def draw(name, language, *arguments):
    path = SOURCE / "captures" / name
    return run(PROGRAM, "replay", "--text", "--width", "160", *arguments, path, env=language).stdout.decode()


def words(text):
    """What is not drawing; in English where WORDS has it."""
    found = re.findall(r"[\w.:()=+?-]+", text)
    return [WORDS.get(word, word) for word in found]


def check_ladder(name, *spanish):
    english, drawn = draw(name, ENGLISH), draw(name, SPANISH)
    for word in (*spanish, "Cliente 127.0.0.1:", "Servidor 127.0.0.1:5000", "tiempo",
                 "llamadas, estado", "estado, llamadas"):
        check(word in drawn, f"{name} is drawn with “{word}”")
    for there, here in zip(english.splitlines(), drawn.splitlines(), strict=True):
        check(words(there) == words(here), f"{name}: “{here.strip()}” says what “{there.strip()}” says")
    check(draw(name, SPANISH, "--ascii").isascii(), f"{name}: --ascii is ASCII in Spanish, too")


def check_list(name):
    """A decimal comma beside the ladder's decimal points would mislead."""
    def numbers(language):
        done = run(PROGRAM, "list", SOURCE / "captures" / name, env=language)
        return re.findall(r"\d[\d.,:]*", done.stdout.decode())
    check(numbers(SPANISH) == numbers(ENGLISH) != [], f"the list of {name} has the same numbers")


def check_help():
    text = run(PROGRAM, "--help", env=SPANISH).stdout.decode()
    check("Uso:" in text and "Usage" not in text, "--help is Spanish")
    check("ARCHIVO... [FILTRO]" in text, "--help names arguments in Spanish")
    columns = {line.index(match[1]) for line in text.splitlines()
               if (match := re.match(r"  pktladder .*? {1,}(observa|dibuja|lista|prueba) ", line))}
    check(len(columns) == 1, f"--help explains all commands in one column: {columns}")
    for command in COMMANDS:
        text = run(PROGRAM, command, "--help", env=SPANISH).stdout.decode()
        check("dibuja solo con caracteres ASCII" in text, f"{command} --help is Spanish")
        check("El manual pktladder(1)" in text, f"{command} --help ends in Spanish")


def check_errors():
    done = run(PROGRAM, "replay", "/nonexistent.pcap", env=SPANISH, check=False)
    check(done.returncode == 1 and "No existe el archivo /nonexistent.pcap" in done.stderr.decode(),
          "a file that is missing is missed in Spanish")
    done = run(PROGRAM, "demo", "nada", env=SPANISH, check=False)
    check(done.returncode == 2 and 'no existe el escenario "nada"' in done.stderr.decode(),
          "a scenario that is unknown is so in Spanish")
    done = run(PROGRAM, "doctor", env=SPANISH, check=False)
    check(re.search(r"^ok  idiomas +inglés, español", done.stdout.decode(), re.M),
          "doctor finds the translation, and is translated")


def check_variable():
    """LANGUAGE is heeded, or doctor says that it is not, and what is instead."""
    for locale in ("C", "C.UTF-8"):
        text = run(PROGRAM, "doctor", env={"LC_ALL": locale, "LANGUAGE": "es"}, check=False).stdout.decode()
        check(re.search(r"^ok  idiomas ", text, re.M) or
              f"LANG=es_ES.UTF-8); LANGUAGE does not count in the locale {locale}" in text,
              f"LANGUAGE=es in the locale {locale}: {text}")


def check_playback():
    """Rows that stand apart, and played: the same lines as in English."""
    for more in (["--spacing", "10ms"], ["--spacing", "auto", "--play", "--speed", "1000"]):
        english, drawn = draw("tcp.pcapng", ENGLISH, *more), draw("tcp.pcapng", SPANISH, *more)
        for there, here in zip(english.splitlines(), drawn.splitlines(), strict=True):
            check(words(there) == words(here), f"{more}: “{here.strip()}” says what “{there.strip()}” says")
    done = run(PROGRAM, "replay", "x", "--speed", "2", env=SPANISH, check=False)
    check(done.returncode == 2 and "--speed necesita --play" in done.stderr.decode(),
          "--speed alone is refused in Spanish")


def check_numbers():
    """Groups of three as each language has them, in folds; a space is one in ASCII, too."""
    sys.path.append(str(SOURCE / "tests" / "screens"))
    import frames  # pylint: disable=import-outside-toplevel,import-error
    path = work_folder() / "bulk.pcap"
    path.write_bytes(frames.capture(((frames.START, n * 1000) for n in range(22)),
                                    payload=b"x" * 1000))
    path.parent.chmod(0o755)
    for language, wanted, *more in ((ENGLISH, "20 segments, 20,000 B"),
                                    (SPANISH, "20 segmentos, 20\u00a0000 B"),
                                    (SPANISH, "20 segmentos, 20 000 B", "--ascii")):
        text = run(PROGRAM, "replay", "--text", "--width", "160", "--fold", *more, path,
                   env=language).stdout.decode()
        check(wanted in text, f"“{wanted}” stands in {text}")


check_numbers()
check_ladder("tcp.pcapng", "datos 12 B seq=1 ack=1", "SYN seq=0")
check_ladder("udp.pcapng", "datagrama 12 B")
check_playback()
check_list("tcp.pcapng")
check_help()
check_errors()
check_variable()
print("language: all clear")
