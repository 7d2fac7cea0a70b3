// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Glibc
import TestSupport

let usage = """
    usage: make-scenes [--check] [FOLDER]
           make-scenes --benchmarks FOLDER

    Makes the photo sets of FOLDER, which is datasets/ of this repository unless given, from their recipes. With --check,
    nothing is written; fails when a file differs from what would be written. With --benchmarks, makes the sets on which
    surfaces are compared instead: a façade, a room seen from inside, thin rods, and a teapot half of which has no texture.

    """

func fail(_ message: String, code: Int32) -> Never {
    let bytes = Array(message.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(code)
}

var arguments = Array(CommandLine.arguments.dropFirst())
let check = arguments.first == "--check"
let makesBenchmarks = arguments.first == "--benchmarks"
if check || makesBenchmarks { arguments.removeFirst() }
guard arguments.count <= 1, !makesBenchmarks || arguments.count == 1, arguments.first?.hasPrefix("-") != true else {
    fail(usage, code: 64)
}
let folder = arguments.first ?? "\(SharedData.packageRoot)/datasets"

do {
    for set in makesBenchmarks ? PhotoSet.benchmarks : PhotoSet.bundled {
        var different: [String] = []
        for file in try set.files(threads: Parallel.defaultThreadCount) {
            let url = URL(filePath: "\(folder)/\(set.name)/\(file.path)")
            if check {
                if (try? Data(contentsOf: url)) != Data(file.bytes) { different.append(file.path) }
                continue
            }
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.bytes).write(to: url, options: .atomic)
        }
        if !different.isEmpty {
            fail("\(set.name): not what the recipe makes: \(different.joined(separator: ", "))\n", code: 1)
        }
        print("\(set.name): \(check ? "as the recipe makes it" : "written")")
    }
} catch {
    fail("make-scenes: \(error)\n", code: 1)
}
