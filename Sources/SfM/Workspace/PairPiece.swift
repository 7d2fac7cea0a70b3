// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Geometry
import Storage

/// One matched pair as it is kept until the whole stage is finished.
package struct PairPiece: Codable {
    package var pair: ImagePair
    private var matches: Data
    private var configuration: TwoViewConfiguration?
    private var inliers: Data?
    private var fundamental: Matrix3?
    private var essential: Matrix3?
    private var homography: Matrix3?
    private var secondFromFirst: RigidTransform?
    private var medianTriangulationAngle: Double?

    package init(pair: ImagePair, matches: [FeatureMatch], geometry: TwoViewGeometry?) {
        self.pair = pair
        self.matches = Self.packed(matches)
        guard let geometry else { return }
        configuration = geometry.configuration
        inliers = Self.packed(geometry.inliers)
        fundamental = geometry.fundamental
        essential = geometry.essential
        homography = geometry.homography
        secondFromFirst = geometry.secondFromFirst
        medianTriangulationAngle = geometry.medianTriangulationAngle
    }

    /// Enters the pair.
    package func add(to database: inout MatchDatabase) {
        database.matches[pair] = Self.unpacked(matches)
        guard let configuration, let inliers else { return }
        database.geometries[pair] = TwoViewGeometry(
            configuration: configuration, inliers: Self.unpacked(inliers), fundamental: fundamental,
            essential: essential, homography: homography, secondFromFirst: secondFromFirst,
            medianTriangulationAngle: medianTriangulationAngle ?? 0)
    }

    /// The pieces of a file, or `nil` when there is none or it is not whole.
    package static func read(_ path: String) -> [PairPiece]? {
        guard let bytes = try? InputFile.read(path) else { return nil }
        return try? JSONDecoder().decode([PairPiece].self, from: Data(bytes))
    }

    /// Writes pieces to a file that appears whole.
    package static func write(_ pieces: [PairPiece], to path: String) throws {
        try OutputFile.write(Array(try JSONEncoder().encode(pieces)), to: path)
    }

    private static func packed(_ matches: [FeatureMatch]) -> Data {
        var result = Data(capacity: 8 * matches.count)
        for match in matches {
            for index in [match.first, match.second] {
                for shift in [0, 8, 16, 24] { result.append(UInt8(truncatingIfNeeded: index >> UInt32(shift))) }
            }
        }
        return result
    }

    private static func unpacked(_ data: Data) -> [FeatureMatch] {
        let bytes = [UInt8](data)
        func index(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) } }
        return stride(from: 0, to: bytes.count - 7, by: 8).map { FeatureMatch(index($0), index($0 + 4)) }
    }
}
