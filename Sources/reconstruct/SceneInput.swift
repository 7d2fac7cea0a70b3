// SPDX-License-Identifier: Apache-2.0

import SfM

/// A model given on the command line.
enum SceneInput {
    /// Reads a COLMAP folder or a `transforms.json`; notes on standard error what did not fit together.
    static func read(_ path: String) throws -> Reconstruction {
        if path.lowercased().hasSuffix(".json") { return try TransformsFile.read(path) }
        let contents = try ColmapModel.read(path, repeatedObservations: .kept)
        if contents.droppedObservations > 0 {
            StandardError.write(
                "\(path): left out \(contents.droppedObservations) observation(s) on which images and points disagree\n"
            )
        }
        return contents.reconstruction
    }

    /// Reads a model, or the one with the most images among the folders in `path` when it holds none itself, as mappers
    /// leave them.
    static func readLargest(_ path: String) throws -> Reconstruction {
        if path.lowercased().hasSuffix(".json") { return try read(path) }
        return try read(ColmapModel.largestModel(under: path))
    }
}
