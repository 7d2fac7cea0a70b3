// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// The focal length that a photo's metadata suggest.
public struct FocalLengthPrior: Hashable, Sendable, Codable {
    /// What it rests on.
    public enum Evidence: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
        /// The focal length of the 35 mm film camera with the same field of view, as EXIF has it.
        case filmEquivalent
        /// The focal length in millimetres and the sensor's width from a table of cameras.
        case sensorTable
        /// The focal length in millimetres and the sensor's width from the resolution of the focal plane.
        case focalPlane
        /// Nothing: 1.2 times the longer side, a field of view of 45 degrees.
        case none
    }

    /// Diagonal of a frame of 35 mm film, 36 × 24, in millimetres. Equivalent focal lengths refer to the diagonal
    /// (CIPA DCG-001).
    static let filmDiagonal = (36.0 * 36.0 + 24.0 * 24.0).squareRoot()
    /// Focal lengths that a lens may have, in longer sides of the picture; metadata that say otherwise are not believed.
    static let plausible = 0.2...30.0

    /// In pixels.
    public var focalLength: Double
    /// What it rests on.
    public var evidence: Evidence

    /// The focal length in pixels of a picture of this size.
    public init(width: Int, height: Int, exif: ExifMetadata) {
        let longer = Double(max(width, height))
        let diagonal = (Double(width) * Double(width) + Double(height) * Double(height)).squareRoot()
        var candidates: [(Double, Evidence)] = []
        if let equivalent = exif.focalLengthIn35mmFilm {
            candidates.append((equivalent / Self.filmDiagonal * diagonal, .filmEquivalent))
        }
        if let focalLength = exif.focalLength {
            if let sensor = SensorTable.width(make: exif.make, model: exif.model) {
                candidates.append((focalLength / sensor * longer, .sensorTable))
            }
            if let sensor = exif.sensorWidth {
                candidates.append((focalLength / sensor * longer, .focalPlane))
            }
        }
        let found = candidates.first { Self.plausible.contains($0.0 / longer) }
        (focalLength, evidence) = found ?? (1.2 * longer, .none)
    }

    /// A camera with this focal length, its principal point at the centre, and no distortion yet.
    public func camera(width: Int, height: Int) -> CameraPrior {
        let camera = Camera(
            width: width, height: height, model: .simpleRadial,
            parameters: [focalLength, 0.5 * Double(width), 0.5 * Double(height), 0])
        return CameraPrior(camera: camera, focalLengthSource: evidence == .none ? .guessed : .exif)
    }
}
