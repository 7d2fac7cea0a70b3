// SPDX-License-Identifier: Apache-2.0

import Mesh

/// The points of a reconstruction as a coloured cloud, `points.ply`.
public enum ScenePointFile {
    /// The bytes of the file, in pieces; points in the order of their IDs.
    public static func encode(_ model: Reconstruction) -> [[UInt8]] {
        let points = model.pointIDs.compactMap { model.points[$0] }
        return PointCloudFile.encode(positions: points.map(\.position), colors: points.map(\.color))
    }

    /// Writes the file whole; an existing one is replaced.
    ///
    /// - Throws: ``SceneFileError/file(_:)``.
    public static func write(_ model: Reconstruction, to path: String) throws(SceneFileError) {
        try SceneFileError.write(encode(model), to: path)
    }
}
