// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import SfM

/// Draws how far a mesh is from one image of a COLMAP model: depth along the optical axis, 0 where nothing is hit.
///
/// - Parameters:
///   - model: Folder with `cameras` and `images`, as `.bin` or `.txt`.
///   - name: Name of the image in the model.
/// - Returns: The map, in the format of COLMAP's dense stereo, or `nil` when the model has no such image.
public func depthMap(ofImage name: String, inModel model: String, mesh path: String) throws -> ColmapDenseMap? {
    let reconstruction = try ColmapModel.read(model).reconstruction
    guard let image = reconstruction.images.values.first(where: { $0.name == name }),
        let camera = reconstruction.cameras[image.cameraID]
    else { return nil }
    let tree = TriangleTree(try MeshFile.read(path))
    let worldFromCamera = image.cameraFromWorld.inverse

    var depths = [Float](repeating: 0, count: camera.width * camera.height)
    for row in 0..<camera.height {
        for column in 0..<camera.width {
            let x = camera.normalized(ofPixel: SIMD2(Double(column) + 0.5, Double(row) + 0.5))
            let direction = worldFromCamera.rotation(SIMD3(x.x, x.y, 1))
            let depth = tree.firstHit(
                origin: worldFromCamera.translation, direction: direction, in: 0...Double.greatestFiniteMagnitude)
            if let depth { depths[row * camera.width + column] = Float(depth) }
        }
    }
    return ColmapDenseMap(width: camera.width, height: camera.height, channels: 1, values: depths)
}
