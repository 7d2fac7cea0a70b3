// SPDX-License-Identifier: Apache-2.0

import Geometry
import TestSupport

/// A numbered, repeatable list of damaged files.
///
/// Inputs 0 ..< count alternate between CSL and PLY; a tenth as many OBJ and STL files, half each, follow.
struct Campaign {
    let count: Int
    private let mutator: FileMutator
    private let seed: UInt64
    private var seeds: [InputFormat: [[UInt8]]] = [:]

    init(count: Int, seed: UInt64) throws {
        self.count = count
        self.seed = seed
        mutator = FileMutator(seed: seed)
        for format in InputFormat.allCases { seeds[format] = try Seeds.files(format) }
    }

    /// Number of all inputs.
    var total: Int { count + count / 10 }

    /// Undamaged files, each with its format.
    var originals: [(format: InputFormat, bytes: [UInt8])] {
        InputFormat.allCases.flatMap { format in (seeds[format] ?? []).map { (format, $0) } }
    }

    /// Input `number`.
    func input(_ number: Int) -> (format: InputFormat, bytes: [UInt8]) {
        let format: InputFormat
        if number < count { format = number % 2 == 0 ? .csl : .ply } else { format = number % 2 == 0 ? .obj : .stl }
        let files = seeds[format] ?? []
        var random = RandomStream(seed: seed, label: "input", UInt64(number))
        let first = files[random.index(below: files.count)]
        let second = files[random.index(below: files.count)]
        return (format, mutator.mutant(of: first, with: second, number: UInt64(number)))
    }
}
