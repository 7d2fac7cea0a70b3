// SPDX-License-Identifier: Apache-2.0

import Geometry
import Slices
import Testing

/// Damaged files give a typed error with a line, or a valid set; never a trap, never a long wait.
@Suite struct CSLCorpusTests {
    @Test(arguments: [Samples.squareTower, Samples.mixed])
    func everyTruncationIsHandled(text: String) throws {
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count { check(Array(bytes[..<length])) }
    }

    @Test(arguments: [Samples.squareTower, Samples.mixed])
    func everyTokenMayBeAnything(text: String) throws {
        let hostile = [
            "0", "-1", "1", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
            "18446744073709551616", "nan", "NaN", "inf", "-Infinity", "1e308", "1e400", "1e-320", "0x1p3", "4h", "h0",
            "4h0h0", "4h-1", "h", "--1", "+", "1.5", "\u{0}", "ü", String(repeating: "9", count: 2000),
        ]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.split(separator: " ") }
        let clock = ContinuousClock()
        let start = clock.now
        var tried = 0
        for row in lines.indices {
            for column in lines[row].indices {
                var replacements = hostile
                if let value = Int(lines[row][column]) { replacements += ["\(value + 1)", "\(value - 1)"] }
                for replacement in replacements {
                    var copy = lines
                    copy[row][column] = replacement[...]
                    check(Array(copy.map { $0.joined(separator: " ") }.joined(separator: "\n").utf8))
                    tried += 1
                }
            }
        }
        #expect(tried > 1000)
        #expect(clock.now - start < .seconds(60))
    }

    @Test(arguments: ["2000000000 2\n", "2 2\n1 2000000000 1 0 0 1 0\n", "2 2\n1 0 2000000000 0 0 1 0\n"])
    func hugeCountIsRefusedBeforeAllocation(rest: String) throws {
        let error = #expect(throws: SliceFileError.self) { try Samples.parse("CSLC\n" + rest) }
        #expect(error?.description.contains("bytes are left") == true, "\(String(describing: error))")
    }

    @Test func lineEndsMarkAndMissingFinalLineEndDoNotMatter() throws {
        let (plain, _) = try Samples.parse(Samples.mixed)
        let variants = [
            Samples.mixed.replacing("\n", with: "\r\n"), "\u{FEFF}" + Samples.mixed, Samples.mixed + "\n\n  \n",
            Samples.mixed.replacing(" ", with: "\t  "), Samples.mixed.replacing("\n", with: "\n \n"),
        ]
        for variant in variants { #expect(try Samples.parse(variant).0 == plain) }
    }

    @Test func trailingTextIsAnError() throws {
        #expect(throws: SliceFileError.self) { try Samples.parse(Samples.mixed + "\n0 0 0\n") }
    }

    @Test func twoThousandMutationsAreSurvived() throws {
        let seeds = [Samples.squareTower, Samples.mixed].map { Array($0.utf8) }
        for mutation in 0..<2000 {
            var random = RandomStream(seed: 7, label: "mutations", UInt64(mutation))
            var bytes = seeds[mutation % 2]
            for _ in 0...random.index(below: 4) { mutate(&bytes, using: &random) }
            check(bytes, "mutation \(mutation)")
        }
    }

    private func mutate(_ bytes: inout [UInt8], using random: inout RandomStream) {
        guard bytes.count > 2 else { return }
        let place = random.index(below: bytes.count)
        let other = random.index(below: bytes.count)
        let range = min(place, other)..<max(place, other)
        switch random.index(below: 7) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes[place] = Array("0123456789 \n-+.eh".utf8)[random.index(below: 17)]
        case 2: bytes.removeSubrange(range.prefix(20))
        case 3: bytes.insert(contentsOf: bytes[range.prefix(40)], at: place)
        case 4: bytes.removeLast(min(bytes.count, 1 + random.index(below: 60)))
        case 5: bytes.swapAt(place, other)
        default: bytes.insert(UInt8(ascii: "9"), at: place)
        }
    }

    /// Parses and, when that works, asks everything of the result.
    private func check(_ bytes: [UInt8], _ comment: String = "") {
        do throws(SliceFileError) {
            let (set, repairs) = try CSLReader.parse(bytes: bytes)
            set.checkInvariants()
            #expect(repairs.allSatisfy { !$0.description.isEmpty })
            for section in set.sections {
                let region = PlaneRegion(section)
                #expect(!region.signedDistance(SIMD2(0.3, 0.4)).isNaN, "\(comment)")
            }
            #expect(ConvexHull(of: set).halfSpaces.count >= 4, "\(comment)")
            let again = try CSLReader.parse(bytes: CSLWriter.bytes(of: set)).0
            #expect(again.sections.count == set.sections.count, "\(comment)")
        } catch {
            if case .syntax(let line, _, _, _) = error { #expect(line >= 1) }
            #expect(!error.description.isEmpty)
        }
    }
}
