// SPDX-License-Identifier: Apache-2.0

import Geometry
import Glibc
import SfM
import Testing

/// Descriptors of length about 512, each row from its own stream.
func randomDescriptors(_ count: Int, seed: UInt64) -> [UInt8] {
    (0..<count).flatMap { row -> [UInt8] in
        var random = RandomStream(seed: seed, label: "descriptor", UInt64(row))
        let raw = (0..<128).map { _ in pow(Double(random.uniform()), 4) }
        let sum = raw.reduce(0, +)
        return raw.map { UInt8(min(255, (512 * ($0 / sum).squareRoot()).rounded())) }
    }
}

private func places(_ count: Int) -> [Keypoint] {
    (0..<count).map { Keypoint(position: SIMD2(Float($0), 0), scale: 1, orientation: 0) }
}

private func set(_ descriptors: [UInt8]) -> FeatureSet {
    FeatureSet(keypoints: places(descriptors.count / 128), descriptors: descriptors)
}

@Suite struct MatchingTests {
    @Test(arguments: 0..<10) func changedCopiesFindEachOther(seed: UInt64) throws {
        let original = randomDescriptors(150, seed: seed)
        var random = RandomStream(seed: seed, label: "change")
        // The copies in reverse order, a little changed; 30 strangers after them.
        let copies = (0..<150).reversed().flatMap { (row: Int) -> [UInt8] in
            original[128 * row..<128 * (row + 1)].map { (value: UInt8) -> UInt8 in
                let changed = Int(value) + random.index(below: 7) - 3
                return UInt8(clamping: changed)
            }
        }
        let second = set(copies + randomDescriptors(30, seed: seed + 1000))
        let matches = try DescriptorMatcher().match(set(original), second)
        #expect(matches == (0..<150).map { FeatureMatch(UInt32($0), UInt32(149 - $0)) })
        let back = try DescriptorMatcher().match(second, set(original))
        #expect(Set(back.map { FeatureMatch($0.second, $0.first) }) == Set(matches))
    }

    @Test func matchesEqualThoseByDefinition() throws {
        let first = set(randomDescriptors(60, seed: 1))
        let second = set(randomDescriptors(70, seed: 2))
        var options = MatchingOptions()
        options.maximumRatio = 0.97
        options.maximumAngle = 1.5
        let angle = { (i: Int, j: Int) in
            let product = (0..<128).reduce(0) {
                $0 + Int(first.descriptors[128 * i + $1]) * Int(second.descriptors[128 * j + $1])
            }
            return acos(min(1, Double(product) / 262_144))
        }
        let passes = { (own: Double, others: [Double]) in own < 0.97 * (others.min() ?? .pi / 2) }
        let expected = (0..<60).flatMap { i in
            (0..<70).compactMap { j -> FeatureMatch? in
                let row = (0..<70).filter { $0 != j }.map { angle(i, $0) }
                let column = (0..<60).filter { $0 != i }.map { angle($0, j) }
                return passes(angle(i, j), row) && passes(angle(i, j), column)
                    ? FeatureMatch(UInt32(i), UInt32(j)) : nil
            }
        }
        #expect(try DescriptorMatcher(options: options).match(first, second) == expected)
        #expect(!expected.isEmpty)
    }

    @Test func twinsMatchNothing() throws {
        let one = randomDescriptors(1, seed: 5)
        let matcher = try DescriptorMatcher()
        #expect(try matcher.match(set(one), set(one)) == [FeatureMatch(0, 0)])
        #expect(try matcher.match(set(one), set(one + one)).isEmpty)
        #expect(try matcher.match(set([]), set(one)).isEmpty)
        #expect(try matcher.match(set(one), set([])).isEmpty)
    }

    @Test func setsWithoutDescriptorsAreRefused() throws {
        let bare = FeatureSet(keypoints: places(4), descriptors: [])
        let matcher = try DescriptorMatcher()
        #expect(throws: MatchingError.missingDescriptors(keypoints: 4)) {
            try matcher.match(bare, set(randomDescriptors(2, seed: 1)))
        }
        var options = MatchingOptions()
        options.maximumRatio = 1.2
        #expect(throws: OptionsError.self) { try DescriptorMatcher(options: options) }
    }
}

@Suite struct PairSelectionTests {
    @Test func exhaustiveMeetsEachPairOnce() throws {
        let pairs = try PairSelection.exhaustive.pairs(of: [5, 1, 9])
        #expect(pairs == [ImagePair(1, 5), ImagePair(1, 9), ImagePair(5, 9)])
        #expect(try PairSelection.exhaustive.pairs(of: []).isEmpty)
        #expect(try PairSelection.exhaustive.pairs(of: Array(1...200)).count == 19_900)
        #expect(throws: PairSelectionError.tooManyForExhaustive(images: 201, limit: 200)) {
            try PairSelection.exhaustive.pairs(of: Array(1...201))
        }
    }

    @Test func sequentialFollowsTheOrderOfThePhotos() throws {
        let pairs = try PairSelection.sequential(overlap: 2).pairs(of: [3, 1, 2, 7])
        #expect(pairs == [ImagePair(1, 2), ImagePair(1, 3), ImagePair(1, 7), ImagePair(2, 3), ImagePair(2, 7)])
        #expect(try PairSelection.sequential(overlap: Int.max).pairs(of: [1, 2, 3]).count == 3)
        #expect(throws: PairSelectionError.overlap(0)) { try PairSelection.sequential(overlap: 0).pairs(of: [1, 2]) }
    }

    @Test func listsNameTwoImagesOnEachLine() throws {
        let ids: [String: ImageID] = ["a.jpg": 1, "b.jpg": 2, "my cat.jpg": 3, "😀 x.png": 4]
        let text = "# pairs\r\na.jpg b.jpg\r\n\n  my cat.jpg\ta.jpg \n😀 x.png my cat.jpg\nb.jpg a.jpg"
        let selection = try PairSelection.list(from: text, ids: ids)
        #expect(selection == .list([ImagePair(1, 2), ImagePair(1, 3), ImagePair(3, 4)]))
        #expect(try selection.pairs(of: [1, 2, 4]) == [ImagePair(1, 2)])
    }

    @Test func badListsNameTheLine() {
        let ids: [String: ImageID] = ["a": 1, "a b": 2, "b c": 3, "c": 4]
        #expect(throws: PairSelectionError.unknownNames(line: 2, text: "a d")) {
            try PairSelection.list(from: "a c\na d", ids: ids)
        }
        #expect(throws: PairSelectionError.ambiguousNames(line: 1, text: "a b c")) {
            try PairSelection.list(from: "a b c", ids: ids)
        }
        #expect(throws: PairSelectionError.sameImage(line: 1, name: "a")) {
            try PairSelection.list(from: "a a", ids: ids)
        }
        #expect(throws: PairSelectionError.unknownNames(line: 1, text: "a")) {
            try PairSelection.list(from: "a", ids: ids)
        }
    }
}
