// SPDX-License-Identifier: Apache-2.0

import Geometry
import SfM

/// A camera to draw from.
struct RenderView {
    var name: String
    /// The image of the field's model that it is the camera of; `nil` on a path.
    var imageID: ImageID?
    var camera: Camera
    var cameraFromWorld: RigidTransform

    /// The cameras that the command line asks for: named photos, a path, or the photos that were left out of training.
    static func chosen(_ names: [String], path: String?, in field: SavedRadianceField) throws -> [RenderView] {
        if let path { return all(of: try ColmapModel.read(path).reconstruction, isOwn: false) }
        let own = all(of: field.model, isOwn: true)
        let wanted = names.isEmpty ? field.report.heldOut.map(\.name) : names
        guard !wanted.isEmpty else {
            throw CommandFailure("No photo was left out of training. Name cameras by --image or --path.")
        }
        return try wanted.map { name in
            guard let view = own.first(where: { $0.name == name }) else {
                throw RadianceError.unknownImage(name: name, example: own.first?.name ?? "")
            }
            return view
        }
    }

    private static func all(of model: Reconstruction, isOwn: Bool) -> [RenderView] {
        model.imageIDs.compactMap { id in
            guard let image = model.images[id], let camera = model.cameras[image.cameraID] else { return nil }
            return RenderView(
                name: image.name, imageID: isOwn ? id : nil, camera: camera, cameraFromWorld: image.cameraFromWorld)
        }
    }
}
