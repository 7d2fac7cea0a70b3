// SPDX-License-Identifier: Apache-2.0

import Geometry

extension Reconstruction {
    /// The same cameras and points in another world; every point keeps its pixels.
    public func transformed(by map: Similarity) -> Reconstruction {
        var result = self
        for (id, image) in images { result.images[id]?.cameraFromWorld = map.mapped(image.cameraFromWorld) }
        for (id, point) in points { result.points[id]?.position = map(point.position) }
        return result
    }

    /// The image called `name`: the whole name, or, when only one fits, the name without folders, without regard to case.
    func imageID(named name: String) -> ImageID? {
        if let id = imageIDs.first(where: { images[$0]?.name == name }) { return id }
        let base = { (name: String) in name.split(separator: "/").last.map { $0.lowercased() } ?? "" }
        let fitting = imageIDs.filter { base(images[$0]?.name ?? "") == base(name) }
        return fitting.count == 1 ? fitting[0] : nil
    }
}
