// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Glibc
import TestSupport

let usage = """
    usage: make-scenes [--check] [FOLDER]

    Makes the photo sets of FOLDER, which is datasets/ of this repository unless given, from their recipes. With --check,
    nothing is written; fails when a file differs from what would be written.

    """

func fail(_ message: String, code: Int32) -> Never {
    let bytes = Array(message.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(code)
}

var arguments = Array(CommandLine.arguments.dropFirst())
let check = arguments.first == "--check"
if check { arguments.removeFirst() }
guard arguments.count <= 1, arguments.first?.hasPrefix("-") != true else { fail(usage, code: 64) }
let folder = arguments.first ?? "\(SharedData.packageRoot)/datasets"

do {
    for set in PhotoSet.all {
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
