// SPDX-License-Identifier: Apache-2.0

/// A model could not be brought into the frame of the world.
public enum FrameError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Neither axes nor scale were asked for.
    case nothingAsked
    /// An image is not in the model.
    case unknownImage(name: String)
    /// A known distance is not positive, or the two cameras lie in one place.
    case badDistance(first: String, second: String, reason: String)
    /// Too few cameras with a known position.
    case tooFewPositions(found: Int, needed: Int, source: String)
    /// Positions lie on a line or in one place, which leaves the rotation open.
    case collinear(count: Int, source: String)
    /// The photos cannot be asked, since nothing says where they are.
    case noPhotos
    /// Positions decide the axes, which the user gave too.
    case upGivenTwice
    /// Cameras do not share a down direction, so none can be called up.
    case upUndecided(agreement: Double)
    /// A line of a file of positions makes no sense.
    case malformedPositions(path: String, line: Int, reason: String)
    /// The output folder holds something that must not be removed.
    case foreignFolder(path: String)

    /// What happened, to what, and what to do.
    public var description: String {
        switch self {
        case .nothingAsked: "Neither axes nor scale are asked for. Give --up, --scale-from, or both."
        case .unknownImage(let name): "The model has no image \(name). Names are as in images.txt, such as 001.jpg."
        case .badDistance(let first, let second, let reason):
            "The distance between \(first) and \(second) gives no scale: \(reason)."
        case .tooFewPositions(let found, let needed, let source):
            "\(found) camera(s) of the model have a position in \(source); \(needed) are needed that are not on a line. "
                + "Give a known distance instead: --scale-from imageA:imageB=1.25."
        case .collinear(let count, let source):
            "The \(count) camera positions from \(source) lie on a line or in one place, so they decide no rotation. "
                + "Give a known distance and --up instead."
        case .noPhotos: "The workspace does not say where its photos are, so their GPS positions cannot be read."
        case .upGivenTwice: "Camera positions decide the axes. Leave --up out, or give a known distance instead."
        case .upUndecided(let agreement):
            "The cameras are turned in so many ways (their down directions agree to \(Int(100 * agreement)) %) that none is "
                + "up. Name an axis of the model instead, such as --up=-y."
        case .foreignFolder(let path):
            "\(path) holds files, but no transform.json of an earlier run, so it is left alone. Choose another folder."
        case .malformedPositions(let path, let line, let reason): "\(path), line \(line): \(reason)."
        }
    }
}
