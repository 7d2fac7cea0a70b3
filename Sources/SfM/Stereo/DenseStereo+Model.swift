// SPDX-License-Identifier: Apache-2.0

import Geometry

extension DenseStereo {
    /// The model of the maps: pinhole cameras of their sizes, the poses, no points.
    func cameraModel(names: [ImageID: String]) -> Reconstruction {
        var model = Reconstruction()
        for view in views {
            let (f, c) = (view.level.focalLengths, view.level.principalPoint)
            model.cameras[view.imageID] = Camera(
                width: view.width, height: view.height, model: .pinhole, parameters: [f.x, f.y, c.x, c.y])
            model.images[view.imageID] = PosedImage(
                name: names[view.imageID] ?? "\(view.imageID)", cameraID: view.imageID,
                cameraFromWorld: view.cameraFromWorld, keypoints: [])
        }
        return model
    }
}
