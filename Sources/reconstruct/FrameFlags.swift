// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SfM

/// How the frame of a model is brought to the world's.
struct FrameFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Direction of the model that becomes +z: auto (from how the photos were held, and from the ground), or an axis: \
            x, y, z, -x, -y, -z. A minus needs the form --up=-y.
            """, valueName: "direction"))
    var up: UpDirection?

    @Option(
        help: ArgumentHelp(
            """
            Where the scale comes from: imageA:imageB=1.25 is a known distance between two cameras (can be repeated), gps the \
            positions in the photos, and anything else a file with the positions of cameras: name x y z on each line.
            """, valueName: "source"))
    var scaleFrom: [String] = []

    /// Whether anything was asked for.
    var isGiven: Bool { up != nil || !scaleFrom.isEmpty }

    func validate() throws {
        guard scaleFrom.count > 1 else { return }
        for source in scaleFrom where Self.distance(source) == nil {
            throw ValidationError("--scale-from can only be repeated for distances, such as a.jpg:b.jpg=1.25.")
        }
    }

    /// The options behind the flags; reads the file of positions.
    func options(seed: UInt64?) throws -> FrameOptions {
        var result = FrameOptions(up: up)
        if let seed { result.seed = seed }
        if let first = scaleFrom.first {
            let distances = scaleFrom.compactMap { Self.distance($0) }
            if !distances.isEmpty {
                result.scale = .distances(distances)
            } else {
                result.scale = first == "gps" ? .gps : .positions(try CameraPositionFile.read(first))
            }
        }
        return result
    }

    /// `imageA:imageB=1.25`, or `nil` when the text has another form.
    private static func distance(_ text: String) -> KnownDistance? {
        guard let equals = text.lastIndex(of: "="), let value = Double(text[text.index(after: equals)...]) else {
            return nil
        }
        let names = text[..<equals].split(separator: ":", omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        return KnownDistance(first: String(names[0]), second: String(names[1]), distance: value)
    }
}

extension UpDirection: ExpressibleByArgument {}
