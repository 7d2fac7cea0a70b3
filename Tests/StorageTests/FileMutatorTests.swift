// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The tool that damages files for other tests.
@Suite struct FileMutatorTests {
    private static let text = Array("ply\nelement vertex 12\n0.5 -1e3 7\n1 2 3\n".utf8)
    private static let other = Array("solid other\nfacet\nendsolid\n".utf8)

    private func mutants(seed: UInt64, of bytes: [UInt8] = text, with other: [UInt8] = other) -> [[UInt8]] {
        (0..<2000).map { FileMutator(seed: seed).mutant(of: bytes, with: other, number: $0) }
    }

    @Test func sameSeedGivesTheSameMutants() {
        #expect(mutants(seed: 4) == mutants(seed: 4))
        #expect(mutants(seed: 4) != mutants(seed: 5))
    }

    @Test func mutantsDifferFromTheFileAndFromEachOther() {
        let mutants = mutants(seed: 1)
        #expect(mutants.count { $0 == Self.text } < 200)
        #expect(Set(mutants).count > 1200)
    }

    @Test func everyKindOfDamageOccurs() {
        let mutants = mutants(seed: 2)
        let texts = mutants.map { String(decoding: $0, as: UTF8.self) }
        for word in ["NaN", "-1\n", "1e308", "99999999999"] { #expect(texts.contains { $0.contains(word) }, "\(word)") }
        #expect(mutants.contains { $0.count < 20 && Self.text.starts(with: $0) }, "a cut end")
        #expect(mutants.contains { $0.count > Self.text.count + 10 }, "a repeated span")
        #expect(texts.contains("ply\n0.5 -1e3 7\nelement vertex 12\n1 2 3\n"), "swapped lines")
        #expect(texts.contains { $0.hasPrefix("ply\n") && $0.hasSuffix("endsolid\n") }, "a splice")
        let flipped = mutants.contains { mutant in
            mutant.count == Self.text.count
                && zip(mutant, Self.text).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount } == 1
        }
        #expect(flipped, "one flipped bit")
    }

    @Test func emptyFilesAreAccepted() {
        for mutant in mutants(seed: 3, of: [], with: []) { #expect(mutant.isEmpty) }
    }
}
