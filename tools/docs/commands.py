# SPDX-License-Identifier: Apache-2.0
"""Command lines in snippets, held against what the program says of its own options."""

import json
import re
import shlex
import subprocess


class Grammar:
    """Commands of the program, as `--experimental-dump-help` describes them."""

    def __init__(self, program):
        dump = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True)
        self.root = json.loads(dump.stdout)["command"]

    def problem(self, words):
        """What is wrong with the arguments `words`, or None. Nothing is run."""
        command, path = self.root, ["reconstruct"]
        words = list(words)
        if words[:1] == ["help"]:
            return None
        while words and not words[0].startswith("-") and command.get("subcommands"):
            found = next((c for c in command["subcommands"] if c["commandName"] == words[0]), None)
            if found is None:
                return f"{' '.join(path)} has no command {words[0]}"
            command = found
            path.append(words.pop(0))
        options = {}
        positional = []
        for argument in command.get("arguments", []):
            if argument["kind"] == "positional":
                positional.append(argument)
            for name in argument.get("names", []):
                options[("--" if name["kind"] == "long" else "-") + name["name"]] = argument
        values, given = [], set()
        while words:
            word = words.pop(0)
            if not re.match(r"--?[a-zA-Z]", word):
                values.append(word)
                continue
            name, equals, value = word.partition("=")
            option = options.get(name)
            if option is None:
                return f"{' '.join(path)} has no option {name}"
            given.add(id(option))
            if option["kind"] == "option":
                if not equals and (not words or words[0].startswith("--")):
                    return f"{name} lacks its value"
                value = value if equals else words.pop(0)
                allowed = option.get("allValues")
                if allowed and value not in allowed and not re.fullmatch(r"[A-Z]+|.*\|.*", value):
                    return f"{name} is {value}, not one of {', '.join(allowed)}"
        if {"--help", "--version"} & {n for n, a in options.items() if id(a) in given}:
            return None
        if len(values) > len(positional) and not any(p.get("isRepeating") for p in positional):
            return f"{' '.join(path)} does not take {values[len(positional)]}"
        needed = [p for p in positional if not p.get("isOptional")]
        if len(values) < len(needed):
            return f"{' '.join(path)} lacks its <{needed[len(values)].get('valueName')}>"
        for argument in command.get("arguments", []):
            if argument["kind"] == "option" and not argument.get("isOptional") and id(argument) not in given:
                longest = max((n["name"] for n in argument["names"]), key=len)
                return f"{' '.join(path)} lacks --{longest}"
        return None


def command_lines(text, prompt):
    """Calls of `reconstruct` in a snippet: (line within it, words)."""
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        while line.endswith("\\") and number + 1 < len(lines):
            number += 1
            line = line[:-1] + " " + lines[number]
        number += 1
        if prompt:
            if not line.startswith("$ "):
                continue
            line = line[2:]
        for part in re.split(r"&&|\|\||[;|]", line):
            words = shlex.split(part, comments=True)
            while words and re.match(r"\w+=", words[0]):
                words.pop(0)
            if words[:1] == ["time"]:
                words.pop(0)
            if words and words[0].rsplit("/", 1)[-1] == "reconstruct":
                redirect = next((i for i, w in enumerate(words) if re.match(r"\d?[<>]", w)), len(words))
                yield start, words[1:redirect]


def problems(pages, program):
    grammar = Grammar(program)
    count = 0
    for page in pages.values():
        for language, first, text in page.fences:
            if language in ("sh", "bash", "console"):
                for offset, words in command_lines(text, prompt=language == "console"):
                    count += 1
                    if problem := grammar.problem(words):
                        yield f"{page.path}:{first + offset}: {problem}"
    if count == 0:
        yield "no command line was found in any snippet"
